"""One set of units for everything that comes in, and what a message may turn out to be.

Metres, metres per second, degrees, battery 0..1, UTC seconds. Nothing here raises on bad input but
:class:`BadRecord`, which the parsers turn into a :class:`Reject` with a reason.
"""

import json
import math
import re
from dataclasses import dataclass, field
from datetime import datetime

KNOT = 1852.0 / 3600.0
WEEK_ROLLOVER_S = 7168 * 86400
ROLLOVER_SUSPECT_S = 7100 * 86400
ROLLOVER_TOLERANCE_S = 2 * 86400
FUTURE_TOLERANCE_S = 600
#: Longest excerpt of an unusable message that is worth keeping.
RAW_LIMIT = 2000
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
    "encrypted",
    "unknown_type",
    "unknown_device",
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
    #: w Wi-Fi, m mobile data, o offline
    network: str | None = None


#: What a phone may say of itself without saying where it is.
CONTACT_KINDS = (
    "alive",
    "offline",
    "online",
    "hidden",
    "visible",
    "no_permission",
    "permission",
    "power_save",
    "clock",
    "stopped",
    "started",
)


@dataclass(frozen=True, slots=True)
class Contact:
    """The phone is alive but says nothing about where it is (heartbeat without a fix)."""

    ts: int
    battery: float | None = None
    charging: bool | None = None
    kind: str = "alive"


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
    #: what the phone says of its own settings, see :mod:`.owntracks`
    status: dict = field(default_factory=dict)
    #: of a server that passes on for others: whose phone this is about
    forwarded: str | None = None


class BadRecord(ValueError):
    """Raised among the parsers only; the argument is one of REASONS."""


def excerpt(text: str) -> str:
    """Storable text: PostgreSQL takes neither NUL nor lone surrogates."""
    return text[:RAW_LIMIT].replace("\0", "").encode("utf-8", "replace").decode()


def load_json(body: bytes) -> object:
    """A JSON document; a :class:`BadRecord` when it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BadRecord("bad_body") from None


def number_of(value: object) -> float:
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


def optional(value: object, low: float = -math.inf, high: float = math.inf) -> float | None:
    """A number inside the limits, else None: a bad side value must not cost the position."""
    number = number_of(value)
    return number if low <= number <= high else None


def coordinates_of(lat: object, lon: object) -> tuple[float, float]:
    """Both coordinates to 7 decimals (1 cm), so that every format stores the same point."""
    latitude, longitude = number_of(lat), number_of(lon)
    if math.isnan(latitude) or math.isnan(longitude):
        raise BadRecord("bad_coordinates")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadRecord("out_of_range")
    if latitude == 0 and longitude == 0:
        raise BadRecord("null_island")
    return round(latitude, 7), round(longitude, 7)


def accuracy_of(value: object) -> float | None:
    """Metres; 0 means unknown (old clients send 0 for every satellite fix)."""
    number = optional(value, low=0, high=1e6)
    return round(number, 1) if number else None


def speed_of(value: float | None) -> float | None:
    """Metres per second to 2 decimals; beyond aircraft speed it is noise."""
    return None if value is None or value > 350 else round(value, 2)


def network_of(value: object) -> str | None:
    """w, m or o, as OwnTracks says it; other words for the same are known."""
    known = {"wifi": "w", "mobile": "m", "cell": "m", "cellular": "m", "offline": "o", "none": "o"}
    word = value.strip().lower() if isinstance(value, str) else ""
    return word if word in ("w", "m", "o") else known.get(word)


def course_of(value: object) -> float | None:
    number = optional(value, low=0, high=360)
    return None if number is None else round(number % 360, 1)


def percent_of(value: object) -> float | None:
    number = optional(value, low=0, high=100)
    return None if number is None else round(number / 100, 3)


def flag_of(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    word = value.strip().lower() if isinstance(value, str) else ""
    return {"true": True, "1": True, "false": False, "0": False}.get(word)


def word_of(value: object) -> str | None:
    """Short free text of the sender, capped: it is shown and stored, never interpreted."""
    return excerpt(value.strip()[:24]) or None if isinstance(value, str) else None


def timestamp_of(value: object, received: float) -> int:
    """UTC seconds. Missing = now; a GPS week roll-over of 1024 weeks is repaired.

    Seconds are cut, not rounded: two of the three formats only have whole seconds.
    """
    seconds = received if value is None or value == "" else seconds_of(value)
    if received - seconds > ROLLOVER_SUSPECT_S:
        seconds += WEEK_ROLLOVER_S
        if abs(received - seconds) > ROLLOVER_TOLERANCE_S:
            raise BadRecord("time_past")
    if seconds - received > FUTURE_TOLERANCE_S:
        raise BadRecord("time_future")
    return math.floor(seconds)


def seconds_of(value: object) -> float:
    number = number_of(value)
    if not math.isnan(number):
        return number / 1000 if number >= 2**31 else number
    found = _ISO.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise BadRecord("bad_time")
    # Python 3.10 reads neither Z nor other than 3 or 6 decimals; whole seconds are enough here
    zone = (found["zone"] or "+00:00").upper().replace("Z", "+00:00")
    if len(zone) == 5:
        zone = f"{zone[:3]}:{zone[3:]}"
    try:
        return datetime.fromisoformat(f"{found['date']}T{found['time']}{zone}").timestamp()
    except (OverflowError, ValueError):
        raise BadRecord("bad_time") from None
