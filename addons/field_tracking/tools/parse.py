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
import math
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import parse_qsl

KNOT = 1852.0 / 3600.0
WEEK_ROLLOVER_S = 7168 * 86400
ROLLOVER_SUSPECT_S = 7100 * 86400
ROLLOVER_TOLERANCE_S = 2 * 86400
FUTURE_TOLERANCE_S = 600
#: Longest excerpt of an unusable message that is worth keeping.
RAW_LIMIT = 2000
#: Values that identify or address a phone; they never reach the quarantine.
_SECRET_KEYS = ("id", "deviceid", "device_id", "notificationToken", "_")
_SECRET_PAIRS = re.compile(r"(^|&)(id|deviceid|device_id|notificationToken)=[^&]*")
_ISO = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d:\d\d)(?:[.,]\d+)?"
    r"(?P<zone>[Zz]|[+-]\d\d:?\d\d)?",
    re.ASCII,
)

#: Reasons a message, or one record of it, cannot be used.
REASONS = (
    "too_big",
    "bad_body",
    "empty",
    "bad_coordinates",
    "out_of_range",
    "null_island",
    "bad_time",
    "time_past",
    "time_future",
)


@dataclass(frozen=True, slots=True)
class Fix:
    """One usable position, units normalised. ``None`` means the sender did not know."""

    ts: int
    lat: float
    lon: float
    accuracy: float | None = None
    altitude: float | None = None
    speed: float | None = None
    course: float | None = None
    battery: float | None = None
    charging: bool | None = None
    mock: bool | None = None
    activity: str | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """The phone is alive but says nothing about where it is (heartbeat without a fix)."""

    ts: int
    battery: float | None = None
    charging: bool | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that cannot be used, with its reason and an excerpt."""

    reason: str
    raw: str


@dataclass(slots=True)
class Parsed:
    """Everything one request said."""

    source: str
    fixes: list[Fix] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    #: messages that are understood and carry no position (push token registration)
    ignored: int = 0


class _BadRecord(ValueError):
    """Raised inside this module only; the argument is one of REASONS."""


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
    except _BadRecord as error:
        parsed.rejects.append(Reject(str(error), _excerpt(_SECRET_PAIRS.sub(r"\1\2=…", text))))
    return parsed


def _read_pairs(parsed: Parsed, pairs: dict[str, str], text: str, received: float) -> None:
    lat, lon = pairs.get("lat"), pairs.get("lon")
    if "location" in pairs and lat is None:
        lat, _sep, lon = pairs["location"].partition(",")
    if lat is None and lon is None:
        _read_pairs_without_place(parsed, pairs, text, received)
        return
    latitude, longitude = _coordinates(lat, lon)
    speed = _optional(pairs.get("speed"), low=0)
    parsed.fixes.append(
        Fix(
            ts=_timestamp(pairs.get("timestamp"), received),
            lat=latitude,
            lon=longitude,
            accuracy=_accuracy(pairs.get("accuracy")),
            altitude=_optional(pairs.get("altitude"), low=-1000, high=20000),
            speed=_speed(None if speed is None else speed * KNOT),
            course=_course(pairs.get("bearing", pairs.get("heading"))),
            battery=_percent(pairs.get("batt")),
            charging=_flag(pairs.get("charge")),
            mock=_flag(pairs.get("mock")),
            activity=_word(pairs.get("activity")),
            event=_word(pairs.get("alarm") or pairs.get("event")),
        )
    )


def _read_pairs_without_place(
    parsed: Parsed, pairs: dict[str, str], text: str, received: float
) -> None:
    if "notificationToken" in pairs:
        parsed.ignored += 1
    elif "timestamp" in pairs or "batt" in pairs:
        ts = _timestamp(pairs.get("timestamp"), received)
        contact = Contact(ts, _percent(pairs.get("batt")), _flag(pairs.get("charge")))
        parsed.contacts.append(contact)
    else:
        raise _BadRecord("bad_body" if text and parsed.source == "form" else "empty")


# ---------------------------------------------------------------------------------------------
# JSON
# ---------------------------------------------------------------------------------------------
def _parse_json(body: bytes, received: float) -> Parsed:
    parsed = Parsed("json")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        parsed.rejects.append(Reject("bad_body", _excerpt(_decode(body[:RAW_LIMIT]))))
        return parsed
    for record in _records(document):
        try:
            _read_record(parsed, record, received)
        except _BadRecord as error:
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
        raise _BadRecord("empty" if record is None else "bad_body")
    location = record.get("location", record)
    if not isinstance(location, dict):
        raise _BadRecord("bad_body")
    battery = location.get("battery")
    battery = battery if isinstance(battery, dict) else {"level": battery}
    level = _optional(battery.get("level"), low=0, high=1)
    charging = _flag(battery.get("is_charging"))
    coords = location.get("coords")
    if coords is None and "latitude" in location:
        coords = location
    if coords is None:
        _read_record_without_place(parsed, record, location, Contact(0, level, charging), received)
        return
    if not isinstance(coords, dict):
        raise _BadRecord("bad_coordinates")
    parsed.fixes.append(_record_fix(location, coords, level, charging, received))


def _read_record_without_place(
    parsed: Parsed, record: dict, location: dict, contact: Contact, received: float
) -> None:
    if "notificationToken" in record:
        parsed.ignored += 1
    elif "timestamp" in location or "battery" in location:
        ts = _timestamp(location.get("timestamp"), received)
        parsed.contacts.append(replace(contact, ts=ts))
    else:
        raise _BadRecord("empty")


def _record_fix(
    location: dict, coords: dict, level: float | None, charging: bool | None, received: float
) -> Fix:
    latitude, longitude = _coordinates(coords.get("latitude"), coords.get("longitude"))
    extras = location.get("extras")
    extras = extras if isinstance(extras, dict) else {}
    activity = location.get("activity")
    activity = activity.get("type") if isinstance(activity, dict) else activity
    return Fix(
        ts=_timestamp(location.get("timestamp"), received),
        lat=latitude,
        lon=longitude,
        accuracy=_accuracy(coords.get("accuracy")),
        altitude=_optional(coords.get("altitude"), low=-1000, high=20000),
        speed=_speed(_optional(coords.get("speed"), low=0)),
        course=_course(coords.get("heading")),
        battery=level,
        charging=charging,
        mock=_flag(location.get("mock")),
        activity=_word(activity),
        event=_word(location.get("alarm") or extras.get("alarm") or location.get("event")),
    )


def _record_excerpt(record: object) -> str:
    return _excerpt(json.dumps(_without_secrets(record), ensure_ascii=False))


def _without_secrets(value: object, depth: int = 2) -> object:
    if not isinstance(value, dict) or not depth:
        return value
    return {k: _without_secrets(v, depth - 1) for k, v in value.items() if k not in _SECRET_KEYS}


def _excerpt(text: str) -> str:
    """Storable text: PostgreSQL takes neither NUL nor lone surrogates."""
    return text[:RAW_LIMIT].replace("\0", "").encode("utf-8", "replace").decode()


# ---------------------------------------------------------------------------------------------
# values
# ---------------------------------------------------------------------------------------------
def _number(value: object) -> float:
    """A finite float, or nan when there is none in it."""
    if isinstance(value, bool) or value is None:
        return math.nan
    if not isinstance(value, int | float | str) or (isinstance(value, str) and "_" in value):
        return math.nan
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return math.nan
    return number if math.isfinite(number) else math.nan


def _optional(value: object, low: float = -math.inf, high: float = math.inf) -> float | None:
    """A number inside the limits, else None: a bad side value must not cost the position."""
    number = _number(value)
    return number if low <= number <= high else None


def _coordinates(lat: object, lon: object) -> tuple[float, float]:
    """Both coordinates to 7 decimals (1 cm), so that every format stores the same point."""
    latitude, longitude = _number(lat), _number(lon)
    if math.isnan(latitude) or math.isnan(longitude):
        raise _BadRecord("bad_coordinates")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise _BadRecord("out_of_range")
    if latitude == 0 and longitude == 0:
        raise _BadRecord("null_island")
    return round(latitude, 7), round(longitude, 7)


def _accuracy(value: object) -> float | None:
    """Metres; 0 means unknown (old clients send 0 for every satellite fix)."""
    number = _optional(value, low=0, high=1e6)
    return round(number, 1) if number else None


def _speed(value: float | None) -> float | None:
    """Metres per second to 2 decimals; beyond aircraft speed it is noise."""
    return None if value is None or value > 350 else round(value, 2)


def _course(value: object) -> float | None:
    number = _optional(value, low=0, high=360)
    return None if number is None else round(number % 360, 1)


def _percent(value: object) -> float | None:
    number = _optional(value, low=0, high=100)
    return None if number is None else round(number / 100, 3)


def _flag(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    word = value.strip().lower() if isinstance(value, str) else ""
    return {"true": True, "1": True, "false": False, "0": False}.get(word)


def _word(value: object) -> str | None:
    """Short free text of the sender, capped: it is shown and stored, never interpreted."""
    return _excerpt(value.strip()[:24]) or None if isinstance(value, str) else None


def _timestamp(value: object, received: float) -> int:
    """UTC seconds. Missing = now; a GPS week roll-over of 1024 weeks is repaired.

    Seconds are cut, not rounded: two of the three formats only have whole seconds.
    """
    seconds = received if value is None or value == "" else _seconds(value)
    if received - seconds > ROLLOVER_SUSPECT_S:
        seconds += WEEK_ROLLOVER_S
        if abs(received - seconds) > ROLLOVER_TOLERANCE_S:
            raise _BadRecord("time_past")
    if seconds - received > FUTURE_TOLERANCE_S:
        raise _BadRecord("time_future")
    return math.floor(seconds)


def _seconds(value: object) -> float:
    number = _number(value)
    if not math.isnan(number):
        return number / 1000 if number >= 2**31 else number
    found = _ISO.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise _BadRecord("bad_time")
    # Python 3.10 reads neither Z nor other than 3 or 6 decimals; whole seconds are enough here
    zone = (found["zone"] or "+00:00").upper().replace("Z", "+00:00")
    if len(zone) == 5:
        zone = f"{zone[:3]}:{zone[3:]}"
    try:
        return datetime.fromisoformat(f"{found['date']}T{found['time']}{zone}").timestamp()
    except (OverflowError, ValueError):
        raise _BadRecord("bad_time") from None
