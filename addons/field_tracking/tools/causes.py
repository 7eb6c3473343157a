"""Why nobody knows where a phone was: from what it said of itself, never from a suspicion.

The order matters: what the phone told is stronger than what its battery makes likely, and where
nothing tells anything the cause is unknown, which is an honest answer and no reproach.
"""

from dataclasses import dataclass

#: States this long before a silence explain it.
BEFORE_S = 600.0
EMPTY_BATTERY, LOW_BATTERY = 0.05, 0.1
MOVING_M_S = 5.0

CAUSES = (
    "clock",
    "permission",
    "stopped",
    "hidden",
    "offline",
    "no_place",
    "battery",
    "imprecise",
    "killed",
    "unknown",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the device journal; seconds since 1970."""

    at: float
    kind: str
    received: float
    battery: float | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """A gap and what is known at its ends: battery 0..1, metres per second, None is unknown."""

    start: float
    end: float
    unusable: int = 0
    battery: float | None = None
    charging: bool = False
    speed: float | None = None


def heartbeats(silence: Silence, journal: list[Entry]) -> list[Entry]:
    """Signs of life within the silence."""
    return [one for one in journal if silence.start < one.at < silence.end]


def find_cause(silence: Silence, journal: list[Entry]) -> str:
    """One of :data:`CAUSES`.

    :param journal: of the person's devices on that day, any order
    """
    inside = heartbeats(silence, journal)
    kinds = {one.kind for one in inside}
    before = _last_kinds(silence, journal)
    told = (
        ("clock", "clock" in kinds),
        ("permission", "no_permission" in kinds or before.get("permission") == "no_permission"),
        ("stopped", "stopped" in kinds or before.get("started") == "stopped"),
        ("hidden", "hidden" in kinds or before.get("visible") == "hidden"),
        ("offline", "offline" in kinds or any(one.received > silence.end for one in inside)),
        ("no_place", bool(inside)),
        ("battery", _ran_empty(silence, journal)),
        ("imprecise", silence.unusable > 0),
        ("killed", (silence.speed or 0.0) > MOVING_M_S),
    )
    return next((cause for cause, holds in told if holds), "unknown")


_PAIRS = {"no_permission": "permission", "stopped": "started", "hidden": "visible"}


def _last_kinds(silence: Silence, journal: list[Entry]) -> dict[str, str]:
    """The last word on permission, tracking and page shortly before the silence."""
    found: dict[str, str] = {}
    for one in sorted(journal, key=lambda entry: (entry.at, entry.kind)):
        if silence.start - BEFORE_S <= one.at <= silence.start:
            found[_PAIRS.get(one.kind, one.kind)] = one.kind
    return found


def _ran_empty(silence: Silence, journal: list[Entry]) -> bool:
    levels = [one.battery for one in journal if silence.start - BEFORE_S <= one.at <= silence.start]
    levels = [level for level in [silence.battery, *levels] if level is not None and level > 0]
    if silence.charging or not levels:
        return False
    low = min(levels)
    return low <= EMPTY_BATTERY or (low <= LOW_BATTERY and silence.end - silence.start > 1800)
