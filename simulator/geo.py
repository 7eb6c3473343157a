"""Metres on a small piece of the earth. WGS-84 degrees outside, a flat plane inside."""

import math

EARTH_M = 6_371_000.0
M_PER_DEGREE = EARTH_M * math.pi / 180


def distance_m(a, b):
    """Great-circle distance of two (lat, lng) pairs in metres."""
    lat_a, lat_b = math.radians(a[0]), math.radians(b[0])
    half_lat = math.sin((lat_b - lat_a) / 2) ** 2
    half_lng = math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    chord = half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lng
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(chord)))


class Plane:
    """East and north in metres around an origin; true to a few centimetres within a city."""

    def __init__(self, lat, lng):
        self.lat, self.lng = lat, lng
        self._scale = M_PER_DEGREE * math.cos(math.radians(lat))

    def to_plane(self, lat, lng):
        """(lat, lng) → (east, north)"""
        return (lng - self.lng) * self._scale, (lat - self.lat) * M_PER_DEGREE

    def to_degrees(self, east, north):
        """(east, north) → (lat, lng)"""
        return self.lat + north / M_PER_DEGREE, self.lng + east / self._scale


def turn_degrees(a, b):
    """The smaller angle between two courses, 0 to 180."""
    return abs((b - a + 180) % 360 - 180)
