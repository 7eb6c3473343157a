"""Tracks in the formats other programs read: GPX 1.1, GeoJSON (RFC 7946), CSV.

Everything is WGS-84 and UTC. What is not known stays unknown: a track is cut at its gaps, none is
bridged.
"""

import csv
import io
import json
from dataclasses import dataclass, field
from datetime import datetime, timezone
from html import escape

GPX_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="Field Tracking" xmlns="http://www.topografix.com/GPX/1/1">\n'
)
CSV_COLUMNS = ("person", "date", "time_utc", "latitude", "longitude", "accuracy_m", "speed_m_s")


@dataclass(frozen=True, slots=True)
class Place:
    """A stay: from when to when (seconds since 1970), where, what it is called."""

    start: int
    end: int
    lat: float
    lon: float
    name: str


@dataclass(frozen=True, slots=True)
class Track:
    """One person's day. ``pieces``: unbroken lists of (seconds, lat, lon, accuracy, speed); NaN is
    not known."""

    person: str
    date: str
    distance_m: float
    pieces: list = field(default_factory=list)
    places: list = field(default_factory=list)


def _iso(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _known(value: float) -> float | None:
    return None if value is None or value != value else round(float(value), 2)


def gpx(tracks: list[Track]) -> str:
    """Stays as way points, a track for each day, a segment for each unbroken piece."""
    lines = [GPX_HEAD]
    for track in tracks:
        for place in track.places:
            minutes = round((place.end - place.start) / 60)
            lines.append(
                f'<wpt lat="{place.lat:.7f}" lon="{place.lon:.7f}"><time>{_iso(place.start)}</time>'
                f"<name>{escape(place.name)}</name><desc>{minutes} min</desc></wpt>\n"
            )
    for track in tracks:
        name = escape(f"{track.person} {track.date}")
        lines.append(f"<trk><name>{name}</name>\n")
        for piece in track.pieces:
            lines.append("<trkseg>\n")
            lines.extend(
                f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><time>{_iso(t)}</time></trkpt>\n'
                for t, lat, lon, _accuracy, _speed in piece
            )
            lines.append("</trkseg>\n")
        lines.append("</trk>\n")
    return "".join([*lines, "</gpx>\n"])


def geojson(tracks: list[Track]) -> str:
    """A line for each unbroken piece (with its times), a point for each stay."""
    features = []
    for track in tracks:
        about = {"person": track.person, "date": track.date}
        for piece in track.pieces:
            points = [[round(lon, 7), round(lat, 7)] for _t, lat, lon, _a, _s in piece]
            shape = (
                {"type": "LineString", "coordinates": points}
                if len(points) > 1
                else {"type": "Point", "coordinates": points[0]}
            )
            times = [_iso(t) for t, *_rest in piece]
            features.append(_feature(shape, {**about, "kind": "track", "times": times}))
        for place in track.places:
            shape = {"type": "Point", "coordinates": [round(place.lon, 7), round(place.lat, 7)]}
            facts = {"name": place.name, "start": _iso(place.start), "end": _iso(place.end)}
            features.append(_feature(shape, {**about, "kind": "stay", **facts}))
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _feature(geometry: dict, properties: dict) -> dict:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def table(tracks: list[Track]) -> str:
    """One line for each position. A name that a spreadsheet would take for a formula is quoted."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for track in tracks:
        for piece in track.pieces:
            for t, lat, lon, accuracy, speed in piece:
                writer.writerow(
                    [
                        _harmless(track.person),
                        track.date,
                        _iso(t),
                        f"{lat:.7f}",
                        f"{lon:.7f}",
                        _known(accuracy),
                        _known(speed),
                    ]
                )
    return "\ufeff" + buffer.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


FORMATS = {
    "gpx": (gpx, "application/gpx+xml"),
    "geojson": (geojson, "application/geo+json"),
    "csv": (table, "text/csv"),
}
