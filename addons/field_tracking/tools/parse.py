"""Parsers for the wire formats of position senders.

Three generations of Traccar Client are in the field and the newest is not JSON:

* up to version 8: everything in the query string, POST with an empty body or GET;
* version 9: ``application/json`` with ``location.coords``;
* from version 10: ``application/x-www-form-urlencoded`` body.

Other senders of the OsmAnd protocol use the aliases of the query form. Whatever comes in, the
result has one set of units: metres, metres per second, degrees, battery 0..1, UTC seconds.
Query and form speeds are knots, JSON speeds are metres per second: mixing them up is the classic
error of third-party servers.

Nothing here raises on bad input: what cannot be used becomes a :class:`Reject` with a reason.
"""

import json
import re
from dataclasses import replace
from urllib.parse import parse_qsl

from .units import (
    KNOT,
    RAW_LIMIT,
    REASONS,
    BadRecord,
    Contact,
    Fix,
    Parsed,
    Reject,
    accuracy_of,
    coordinates_of,
    course_of,
    excerpt,
    flag_of,
    optional,
    percent_of,
    speed_of,
    timestamp_of,
    word_of,
)

__all__ = ["KNOT", "REASONS", "Contact", "Fix", "Parsed", "Reject", "parse"]

#: Values that identify or address a phone; they never reach the quarantine.
_SECRET_KEYS = ("id", "deviceid", "device_id", "notificationToken", "_")
_SECRET_PAIRS = re.compile(r"(^|&)(id|deviceid|device_id|notificationToken)=[^&]*")


def parse(content_type: str, query: str, body: bytes, received: float) -> Parsed:
    """Parse one request of any supported sender.

    :param content_type: the Content-Type header, may be empty
    :param query: the raw query string without the question mark
    :param body: the raw body
    :param received: server time in seconds since 1970
    """
    kind = (content_type or "").split(";")[0].strip().lower()
    text = body.strip()
    if text and (kind == "application/json" or kind.endswith("+json") or text[:1] in (b"{", b"[")):
        return _parse_json(text, received)
    if text and not _has_position(query):
        return _parse_pairs("form", _decode(text), received)
    return _parse_pairs("query", query, received)


def _has_position(query: str) -> bool:
    """A query counts as the message itself only when it carries more than routing parameters."""
    keys = {key for key, _value in parse_qsl(query, keep_blank_values=True)}
    return bool(keys & {"lat", "lon", "location", "timestamp"})


def _decode(body: bytes) -> str:
    return body.decode("utf-8", "replace")


# ---------------------------------------------------------------------------------------------
# query string and form body
# ---------------------------------------------------------------------------------------------
def _parse_pairs(source: str, text: str, received: float) -> Parsed:
    parsed = Parsed(source)
    try:
        pairs = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=200))
    except ValueError:
        pairs = {}
    try:
        _read_pairs(parsed, pairs, text, received)
    except BadRecord as error:
        parsed.rejects.append(Reject(str(error), excerpt(_SECRET_PAIRS.sub(r"\1\2=…", text))))
    return parsed


def _read_pairs(parsed: Parsed, pairs: dict[str, str], text: str, received: float) -> None:
    lat, lon = pairs.get("lat"), pairs.get("lon")
    if "location" in pairs and lat is None:
        lat, _sep, lon = pairs["location"].partition(",")
    if lat is None and lon is None:
        _read_pairs_without_place(parsed, pairs, text, received)
        return
    latitude, longitude = coordinates_of(lat, lon)
    speed = optional(pairs.get("speed"), low=0)
    parsed.fixes.append(
        Fix(
            ts=timestamp_of(pairs.get("timestamp"), received),
            lat=latitude,
            lon=longitude,
            accuracy=accuracy_of(pairs.get("accuracy")),
            altitude=optional(pairs.get("altitude"), low=-1000, high=20000),
            speed=speed_of(None if speed is None else speed * KNOT),
            course=course_of(pairs.get("bearing", pairs.get("heading"))),
            battery=percent_of(pairs.get("batt")),
            charging=flag_of(pairs.get("charge")),
            mock=flag_of(pairs.get("mock")),
            activity=word_of(pairs.get("activity")),
            event=word_of(pairs.get("alarm") or pairs.get("event")),
        )
    )


def _read_pairs_without_place(
    parsed: Parsed, pairs: dict[str, str], text: str, received: float
) -> None:
    if "notificationToken" in pairs:
        parsed.ignored += 1
    elif "timestamp" in pairs or "batt" in pairs:
        ts = timestamp_of(pairs.get("timestamp"), received)
        contact = Contact(ts, percent_of(pairs.get("batt")), flag_of(pairs.get("charge")))
        parsed.contacts.append(contact)
    else:
        raise BadRecord("bad_body" if text and parsed.source == "form" else "empty")


# ---------------------------------------------------------------------------------------------
# JSON
# ---------------------------------------------------------------------------------------------
def _parse_json(body: bytes, received: float) -> Parsed:
    parsed = Parsed("json")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        parsed.rejects.append(Reject("bad_body", excerpt(_decode(body[:RAW_LIMIT]))))
        return parsed
    for record in _records(document):
        try:
            _read_record(parsed, record, received)
        except BadRecord as error:
            parsed.rejects.append(Reject(str(error), _record_excerpt(record)))
    return parsed


def _records(document: object) -> list[object]:
    """A single record, an array of records or ``{"locations": [...]}``."""
    if isinstance(document, dict) and isinstance(document.get("locations"), list):
        return document["locations"]
    if isinstance(document, dict) and isinstance(document.get("location"), list):
        return document["location"]
    if isinstance(document, list):
        return document or [None]
    return [document]


def _read_record(parsed: Parsed, record: object, received: float) -> None:
    if not isinstance(record, dict):
        raise BadRecord("empty" if record is None else "bad_body")
    location = record.get("location", record)
    if not isinstance(location, dict):
        raise BadRecord("bad_body")
    battery = location.get("battery")
    battery = battery if isinstance(battery, dict) else {"level": battery}
    level = optional(battery.get("level"), low=0, high=1)
    charging = flag_of(battery.get("is_charging"))
    coords = location.get("coords")
    if coords is None and "latitude" in location:
        coords = location
    if coords is None:
        _read_record_without_place(parsed, record, location, Contact(0, level, charging), received)
        return
    if not isinstance(coords, dict):
        raise BadRecord("bad_coordinates")
    parsed.fixes.append(_record_fix(location, coords, level, charging, received))


def _read_record_without_place(
    parsed: Parsed, record: dict, location: dict, contact: Contact, received: float
) -> None:
    if "notificationToken" in record:
        parsed.ignored += 1
    elif "timestamp" in location or "battery" in location:
        ts = timestamp_of(location.get("timestamp"), received)
        parsed.contacts.append(replace(contact, ts=ts))
    else:
        raise BadRecord("empty")


def _record_fix(
    location: dict, coords: dict, level: float | None, charging: bool | None, received: float
) -> Fix:
    latitude, longitude = coordinates_of(coords.get("latitude"), coords.get("longitude"))
    extras = location.get("extras")
    extras = extras if isinstance(extras, dict) else {}
    activity = location.get("activity")
    activity = activity.get("type") if isinstance(activity, dict) else activity
    return Fix(
        ts=timestamp_of(location.get("timestamp"), received),
        lat=latitude,
        lon=longitude,
        accuracy=accuracy_of(coords.get("accuracy")),
        altitude=optional(coords.get("altitude"), low=-1000, high=20000),
        speed=speed_of(optional(coords.get("speed"), low=0)),
        course=course_of(coords.get("heading")),
        battery=level,
        charging=charging,
        mock=flag_of(location.get("mock")),
        activity=word_of(activity),
        event=word_of(location.get("alarm") or extras.get("alarm") or location.get("event")),
    )


def _record_excerpt(record: object) -> str:
    return excerpt(json.dumps(_without_secrets(record), ensure_ascii=False))


def _without_secrets(value: object, depth: int = 2) -> object:
    if not isinstance(value, dict) or not depth:
        return value
    return {k: _without_secrets(v, depth - 1) for k, v in value.items() if k not in _SECRET_KEYS}
