"""Real days of real people: the `.plt` files of Microsoft Research's GeoLife.

Six header lines, then `lat,lon,0,altitude in feet (-777 = none),days since 1899-12-30,date,time`,
times in GMT. The logger knew neither accuracy nor speed nor battery.
"""

import itertools
import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from . import shared_data

EARTH_RADIUS_M = 6371008.8
FOOT_M = 0.3048
NO_ALTITUDE = -777


@dataclass(frozen=True)
class Fix:
    """What a phone knows about a moment; `None` is what it does not know.

    `at` is naive UTC, `speed` metres per second, `bearing` degrees, the rest metres.
    """

    at: datetime
    lat: float
    lon: float
    altitude: float | None = None
    speed: float | None = None
    bearing: float | None = None
    accuracy: float | None = None

    @property
    def timestamp(self):
        """Seconds since 1970."""
        return int(self.at.replace(tzinfo=timezone.utc).timestamp())

    def moved(self, days):
        """The same fix some days later: place and time of day stay."""
        return replace(self, at=self.at + timedelta(days=days))


def read(user, trajectory):
    """All fixes of one trajectory, in the order of the file."""
    path = shared_data.need("geolife", user, "Trajectory", f"{trajectory}.plt")
    return [_fix(line) for line in path.read_text().splitlines()[6:]]


def _fix(line):
    lat, lon, _zero, feet, _days, date, time = line.split(",")
    altitude = None if float(feet) == NO_ALTITUDE else round(float(feet) * FOOT_M, 1)
    return Fix(datetime.fromisoformat(f"{date}T{time}"), float(lat), float(lon), altitude)


def distance_m(a, b):
    """Great-circle metres between two things with `lat` and `lon`."""
    p1, p2 = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((p2 - p1) / 2) ** 2
    half += math.cos(p1) * math.cos(p2) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(half))


def chords_m(fixes):
    """The sum of all straight lines: the longest way that anybody could claim for this track."""
    return sum(distance_m(a, b) for a, b in itertools.pairwise(fixes))


@dataclass(frozen=True)
class Stay:
    """A place where the person really was, from when to when (naive UTC)."""

    start: datetime
    end: datetime
    lat: float
    lon: float


def stays(fixes, radius_m=100, seconds=300):
    """The textbook algorithm (Li and others, 2008), written down as simply as possible.

    It shares nothing with the product's: who agrees with it, agrees with an independent witness.
    """
    found, first = [], 0
    while first < len(fixes):
        after = first + 1
        while after < len(fixes) and distance_m(fixes[first], fixes[after]) <= radius_m:
            after += 1
        part = fixes[first:after]
        if (part[-1].at - part[0].at).total_seconds() >= seconds:
            middle = [sum(getattr(f, name) for f in part) / len(part) for name in ("lat", "lon")]
            found.append(Stay(part[0].at, part[-1].at, *middle))
            first = after
        else:
            first += 1
    return found


def silences(fixes, seconds=300):
    """Pairs of neighbouring fixes with more than so many seconds between them."""
    return [(a, b) for a, b in itertools.pairwise(fixes) if (b.at - a.at).total_seconds() > seconds]


def walked_m(fixes, step_m=30):
    """A simple reference for the way: straight lines between points at least a step apart.

    Small steps are dropped because a phone that lies still seems to move all the time.
    """
    anchor, total = fixes[0], 0.0
    for fix in fixes[1:]:
        length = distance_m(anchor, fix)
        if length >= step_m:
            total, anchor = total + length, fix
    return total
