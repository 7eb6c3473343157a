"""Tracks out of files: GPX, GeoJSON, KML and Google's Timeline in its three forms.

What has no time is no position of a day and is left out, with its reason.
"""

from collections.abc import Iterable, Iterator

from lxml import etree

from .units import (
    BadRecord,
    Fix,
    Parsed,
    Reject,
    accuracy_of,
    coordinates_of,
    course_of,
    excerpt,
    load_json,
    number_of,
    optional,
    seconds_of,
    speed_of,
    timestamp_of,
)

SOURCE = "import"
#: Metres that one unit of dilution of precision stands for, as usual for handheld receivers.
METRES_PER_HDOP = 5.0
#: Excerpts of so many unusable records are kept.
MOST_REJECTS = 100
_TIME_KEYS = ("time", "timestamp", "datetime", "date", "when")


def parse(content: bytes, received: float) -> Parsed:
    """All positions of one file; its kind is told by what stands in it.

    :param received: now, in seconds since 1970
    """
    parsed = Parsed(SOURCE)
    try:
        for record in _records(content):
            try:
                parsed.fixes.append(_fix(record, received))
            except BadRecord as error:
                if len(parsed.rejects) < MOST_REJECTS:
                    parsed.rejects.append(Reject(str(error), excerpt(str(record))))
    except BadRecord as error:
        parsed.rejects.append(Reject(str(error), excerpt(content[:200].decode("utf-8", "replace"))))
    return parsed


def _records(content: bytes) -> Iterator[dict]:
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text:
        raise BadRecord("empty")
    if text[:1] == b"<":
        return _xml_records(text)
    if text[:1] in (b"{", b"["):
        return _json_records(load_json(text))
    raise BadRecord("bad_body")


def _fix(record: dict, received: float) -> Fix:
    lat, lon = coordinates_of(record.get("lat"), record.get("lon"))
    if not record.get("time"):
        raise BadRecord("bad_time")
    return Fix(
        ts=timestamp_of(record["time"], received),
        lat=lat,
        lon=lon,
        accuracy=accuracy_of(record.get("accuracy")),
        altitude=optional(record.get("altitude"), low=-1000, high=20000),
        speed=speed_of(optional(record.get("speed"), low=0)),
        course=course_of(record.get("course")),
    )


# --- XML ---------------------------------------------------------------------------------------
def _xml_records(text: bytes) -> Iterator[dict]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise BadRecord("bad_body") from None
    kind = etree.QName(root).localname
    if kind == "gpx":
        yield from _gpx(root)
    elif kind == "kml":
        yield from _kml(root)
    else:
        raise BadRecord("unknown_type")


def _texts(node) -> dict[str, str]:
    """Text of all elements below, by their name without namespace; the first of each."""
    found: dict[str, str] = {}
    for child in node.iterdescendants(tag=etree.Element):
        found.setdefault(etree.QName(child).localname, (child.text or "").strip())
    return found


def _gpx(root) -> Iterator[dict]:
    for point in root.iter("{*}trkpt", "{*}rtept", "{*}wpt"):
        said = _texts(point)
        dilution = number_of(said.get("hdop"))
        yield {
            "lat": point.get("lat"),
            "lon": point.get("lon"),
            "time": said.get("time"),
            "altitude": said.get("ele"),
            "speed": said.get("speed"),
            "course": said.get("course"),
            "accuracy": said.get("accuracy") or _of_dilution(dilution),
        }


def _of_dilution(dilution: float) -> float | None:
    return dilution * METRES_PER_HDOP if dilution > 0 else None


def _kml(root) -> Iterator[dict]:
    for track in root.iter("{*}Track"):
        times = [node.text for node in track.iter("{*}when")]
        places = [node.text for node in track.iter("{*}coord")]
        for time, place in zip(times, places, strict=False):
            lon, lat, *height = (place or "").split() or ("", "")
            yield {"lat": lat, "lon": lon, "time": time, "altitude": next(iter(height), None)}
    for mark in root.iter("{*}Placemark"):
        said = _texts(mark)
        if "Point" in said:
            lon, _comma, rest = said.get("coordinates", "").partition(",")
            lat, _comma, height = rest.partition(",")
            yield {"lat": lat, "lon": lon, "time": said.get("when"), "altitude": height or None}


# --- JSON --------------------------------------------------------------------------------------
def _json_records(document: object) -> Iterator[dict]:
    if isinstance(document, list):  # Timeline of an iPhone
        yield from _segments(document)
    elif isinstance(document, dict) and document.get("type") in ("FeatureCollection", "Feature"):
        features = document.get("features") or [document]
        for feature in features if isinstance(features, list) else []:
            yield from _feature(feature if isinstance(feature, dict) else {})
    elif isinstance(document, dict) and isinstance(document.get("locations"), list):
        yield from map(_takeout, document["locations"])
    elif isinstance(document, dict) and "semanticSegments" in document:
        signals = document.get("rawSignals")
        yield from map(_signal, signals if isinstance(signals, list) else [])
        yield from _segments(document["semanticSegments"])
    else:
        raise BadRecord("unknown_type")


def _feature(feature: dict) -> Iterator[dict]:
    said, place = feature.get("properties") or {}, feature.get("geometry") or {}
    points, kind = place.get("coordinates") or [], place.get("type")
    if kind == "Point":
        times: Iterable = [next((said[key] for key in _TIME_KEYS if said.get(key)), None)]
        points = [points]
    elif kind == "LineString":
        times = said.get("coordTimes") or said.get("times") or [None] * len(points)
    else:
        return
    for point, time in zip(points, times, strict=False):
        lon, lat, *height = [*point, None, None] if isinstance(point, list) else (None, None)
        known = {name: said.get(name) for name in ("speed", "course", "accuracy")}
        altitude = next(iter(height), None)
        yield {"lat": lat, "lon": lon, "time": time, "altitude": altitude, **known}


def _takeout(row: object) -> dict:
    """`Records.json` of the older export: degrees times ten million."""
    row = row if isinstance(row, dict) else {}
    milliseconds = number_of(row.get("timestampMs"))
    return {
        "lat": number_of(row.get("latitudeE7")) / 1e7,
        "lon": number_of(row.get("longitudeE7")) / 1e7,
        "time": row.get("timestamp") or (milliseconds / 1000 if milliseconds > 0 else None),
        "accuracy": row.get("accuracy"),
        "altitude": row.get("altitude"),
        "speed": row.get("velocity"),
        "course": row.get("heading"),
    }


def _signal(row: object) -> dict:
    said = row.get("position") if isinstance(row, dict) else None
    said = said if isinstance(said, dict) else {}
    lat, lon = _degrees(said.get("LatLng"))
    return {
        "lat": lat,
        "lon": lon,
        "time": said.get("timestamp"),
        "accuracy": said.get("accuracyMeters"),
        "altitude": said.get("altitudeMeters"),
        "speed": said.get("speedMetersPerSecond"),
    }


def _segments(rows: object) -> Iterator[dict]:
    for row in rows if isinstance(rows, list) else []:
        path = row.get("timelinePath") if isinstance(row, dict) else None
        for point in path if isinstance(path, list) else []:
            lat, lon = _degrees(point.get("point"))
            yield {"lat": lat, "lon": lon, "time": point.get("time") or _later(row, point)}


def _later(row: dict, point: dict) -> float | None:
    """An iPhone says minutes since the beginning of the segment."""
    minutes = number_of(point.get("durationMinutesOffsetFromStartTime"))
    if minutes != minutes or not row.get("startTime"):
        return None
    return seconds_of(row["startTime"]) + 60 * minutes


def _degrees(text: object) -> tuple[str | None, str | None]:
    """`52.5°, 13.4°` or `geo:52.5,13.4`."""
    if not isinstance(text, str):
        return None, None
    lat, _comma, lon = text.removeprefix("geo:").replace("°", "").partition(",")
    return lat.strip(), lon.strip()
