"""A private area whose places all become one and the same point: nobody can look into it."""

import math
from typing import NamedTuple

from .geo import haversine_m

METRES_PER_DEGREE = 111_195.0


def blur_point(lat, lng, radius):
    """The middle of the square, two radii wide, that a home lies in.

    The squares are the same for everybody, so that the point says no more than which one it is; a
    point at the home itself, or one that is drawn by lot each day, would tell.

    :returns: ``(lat, lng)``
    """
    step = 2 * radius / METRES_PER_DEGREE
    middle = (math.floor(lat / step) + 0.5) * step
    wide = step / max(math.cos(math.radians(middle)), 0.01)
    return max(-90.0, min(90.0, middle)), (math.floor(lng / wide) + 0.5) * wide


class HomeArea(NamedTuple):
    """A circle round somebody's home, and the point that stands for all of it."""

    lat: float
    lng: float
    radius: int

    def covers(self, lat, lng):
        """Whether a place lies in it."""
        return haversine_m(self.lat, self.lng, lat, lng) <= self.radius

    def blurred(self):
        """``(lat, lng)`` of the point that is kept instead."""
        lat, lng = blur_point(self.lat, self.lng, self.radius)
        return round(lat, 7), round(lng, 7)
