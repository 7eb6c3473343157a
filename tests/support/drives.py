"""Real car drives with their true length: one fix a second from a black box in the car.

`distance_miles` is the integral of the speed that the receiver measures by Doppler shift: the
reference for mileage. Four drives have a silence of 44 to 76 seconds, during which nobody knows
how far the car went.
"""

import collections
import csv
import functools
import itertools
from dataclasses import dataclass
from datetime import datetime, timezone

from . import shared_data
from .geolife import Fix, distance_m

MILE_M = 1609.344
TIME_ZONE = "America/Chicago"
SILENCE_S = 3


@dataclass(frozen=True)
class Drive:
    """One drive: its fixes, the metres that were measured, the metres across its silences."""

    name: str
    fixes: tuple
    measured_m: float
    unseen_m: float

    @property
    def true_m(self):
        """The measured way, and the straight line where nothing was measured."""
        return self.measured_m + self.unseen_m


@functools.cache
def read():
    """All drives of the file, in its order."""
    path = shared_data.need("drives", "drives.csv")
    rows = collections.defaultdict(list)
    with path.open() as file:
        for row in csv.DictReader(file):
            rows[row["drive"].removesuffix(".0")].append(row)
    return tuple(_drive(name, found) for name, found in rows.items())


def _drive(name, rows):
    fixes = tuple(_fix(row) for row in rows)
    measured = sum(float(row["distance_miles"]) for row in rows) * MILE_M
    unseen = sum(
        distance_m(a, b)
        for a, b in itertools.pairwise(fixes)
        if (b.at - a.at).total_seconds() > SILENCE_S
    )
    return Drive(name, fixes, measured, unseen)


def _fix(row):
    at = datetime.fromtimestamp(int(float(row["time_utc"])), timezone.utc).replace(tzinfo=None)
    return Fix(
        at=at,
        lat=float(row["gps_lat"]),
        lon=float(row["gps_long"]),
        altitude=round(float(row["gps_elevation"]), 1),
        speed=float(row["speed_mph"]) * MILE_M / 3600,
        bearing=float(row["gps_heading_raw"]) % 360,
    )
