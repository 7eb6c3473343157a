"""Which coordinate system a map shows a place in, and the way there and back. Pure functions.

WGS-84 is the only system ever stored. A map in GCJ-02 (Amap, Tencent) or BD-09 (Baidu) shows
mainland China shifted by some hundred metres and the rest of the world as it is. Whether a place
lies there is asked in this order: the country that is known; without one, the border of mainland
China (Natural Earth, with hand-made lines where towns stand on both sides of it). The usual
rectangle would move Seoul, Hanoi and Delhi by half a kilometre.

``static/src/map/datum.js`` is the same in the browser; both are tested on the same points.
"""

import json
import math
from functools import lru_cache
from pathlib import Path

from .geo import bd09_to_gcj02, gcj02_to_bd09, gcj02_to_wgs84, wgs84_to_gcj02

BORDER = Path(__file__).parents[1] / "static" / "lib" / "natural_earth" / "china.json"
DATUMS = ("wgs84", "gcj02", "bd09")
MAINLAND, MAINLAND_HK_MO = "mainland", "mainland_hk_mo"
SPECIAL_COUNTRIES = ("HK", "MO")
GROWN_M = 2000  # coast and islands are coarse; the official line runs in rivers
METRES_PER_DEGREE = 111320.0
_BANDS_PER_DEGREE = 4
_BOX = (17.0, 73.0, 54.0, 136.0)  # no mainland beyond it: most points are decided here


def decode_polyline(code, scale=1000):
    """Points ``(lat, lng)`` of Google's polyline code."""
    numbers, value, shift = [], 0, 0
    for char in code:
        bits = ord(char) - 63
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits < 0x20:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    points, lat, lng = [], 0, 0
    for step_lat, step_lng in zip(numbers[::2], numbers[1::2], strict=True):
        lat, lng = lat + step_lat, lng + step_lng
        points.append((lat / scale, lng / scale))
    return points


def in_ring(lat, lng, ring):
    """Whether a point lies in a polygon of ``(lat, lng)`` points."""
    inside = False
    for (lat1, lng1), (lat2, lng2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (lat1 > lat) != (lat2 > lat) and lng < (lng2 - lng1) * (lat - lat1) / (
            lat2 - lat1
        ) + lng1:
            inside = not inside
    return inside


@lru_cache(maxsize=1)
def _border():
    """The rings by kind; the mainland's also as segments, sorted into bands of latitude."""
    data = json.loads(BORDER.read_text(encoding="utf-8"))
    rings = {kind: [decode_polyline(code) for code in codes] for kind, codes in data.items()}
    bands = {}
    for ring in rings.pop("land"):
        for start, end in zip(ring, ring[1:] + ring[:1], strict=True):
            low, high = sorted((start[0], end[0]))
            for band in range(_band(low), _band(high) + 1):
                bands.setdefault(band, []).append((*start, *end))
    return rings, bands


def _band(lat):
    return math.floor(lat * _BANDS_PER_DEGREE)


def _distance_m(lat, lng, segment):
    """Distance to a segment on a plane, good for a few kilometres."""
    across = math.cos(math.radians(lat)) * METRES_PER_DEGREE
    lat1, lng1, lat2, lng2 = segment
    ax, ay = (lng1 - lng) * across, (lat1 - lat) * METRES_PER_DEGREE
    dx, dy = (lng2 - lng1) * across, (lat2 - lat1) * METRES_PER_DEGREE
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, -(ax * dx + ay * dy) / length)) if length else 0.0
    return math.hypot(ax + along * dx, ay + along * dy)


def _in_land(lat, lng, bands):
    inside = False
    for lat1, lng1, lat2, lng2 in bands.get(_band(lat), ()):
        if (lat1 > lat) != (lat2 > lat) and lng < (lng2 - lng1) * (lat - lat1) / (
            lat2 - lat1
        ) + lng1:
            inside = not inside
    if inside:
        return True
    reach = GROWN_M / METRES_PER_DEGREE
    near = {_band(lat - reach), _band(lat), _band(lat + reach)}
    return any(
        _distance_m(lat, lng, segment) <= GROWN_M
        for band in near
        for segment in bands.get(band, ())
    )


def in_mainland_china(lat, lng, region=MAINLAND):
    """Whether a WGS-84 position lies in mainland China, to about the width of a river.

    :param region: ``mainland_hk_mo`` counts Hong Kong and Macau as well
    """
    south, west, north, east = _BOX
    if not (south <= lat <= north and west <= lng <= east):
        return False
    rings, bands = _border()
    if any(in_ring(lat, lng, ring) for ring in rings["special"]):
        return region == MAINLAND_HK_MO
    if any(in_ring(lat, lng, ring) for ring in rings["abroad"]):
        return False
    return any(in_ring(lat, lng, ring) for ring in rings["inside"]) or _in_land(lat, lng, bands)


def is_shifted(lat, lng, country_code=None, region=MAINLAND):
    """Whether a GCJ-02 map shows this place shifted. A known country decides, else the border."""
    if not country_code:
        return in_mainland_china(lat, lng, region)
    code = country_code.upper()
    return code == "CN" or (region == MAINLAND_HK_MO and code in SPECIAL_COUNTRIES)


def to_datum(lat, lng, datum, country_code=None, region=MAINLAND):
    """Where a map of this system shows a WGS-84 position.

    Baidu's own step (GCJ-02 to BD-09) holds everywhere, the one before it in China only.
    """
    if datum == "wgs84":
        return lat, lng
    point = (lat, lng)
    if is_shifted(lat, lng, country_code, region):
        point = wgs84_to_gcj02(lat, lng)
    return gcj02_to_bd09(*point) if datum == "bd09" else point


def from_datum(lat, lng, datum, country_code=None, region=MAINLAND):
    """The WGS-84 position of what a map of this system shows there: undoes :func:`to_datum`."""
    if datum == "wgs84":
        return lat, lng
    point = bd09_to_gcj02(lat, lng) if datum == "bd09" else (lat, lng)
    unshifted = gcj02_to_wgs84(*point)
    return unshifted if is_shifted(*unshifted, country_code, region) else point
