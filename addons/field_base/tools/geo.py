"""Distances, fences and Chinese coordinate systems. Pure functions; degrees in, metres out.

WGS-84 is the only system ever stored. GCJ-02 (Amap, Tencent) and BD-09 (Baidu) exist for showing
points on such maps and for reading what comes from them. The formulae are the published
reverse-engineered ones; the inverses iterate because the usual one-step inverse is off by up to
2.8 m.
"""

import math

EARTH_RADIUS_M = 6371008.8  # mean radius, IUGG

_A = 6378245.0  # Krasovsky 1940, which GCJ-02 is built on
_EE = 0.00669342162296594323
_X_PI = math.pi * 3000.0 / 180.0


def haversine_m(lat1, lng1, lat2, lng2):
    """Great-circle distance in metres."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    dp, dl = p2 - p1, math.radians(lng2 - lng1)
    h = math.sin(dp / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(dl / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, h)))


def bounding_box(lat, lng, radius_m):
    """``(lat_min, lng_min, lat_max, lng_max)`` that contains the circle.

    Made for an index search before the exact distance. Near the poles, or across the date line,
    the box takes all longitudes: too much is correct, too little is not.
    """
    dlat = math.degrees(radius_m / EARTH_RADIUS_M)
    lat_min, lat_max = max(-90.0, lat - dlat), min(90.0, lat + dlat)
    if lat_min <= -90.0 or lat_max >= 90.0:
        return lat_min, -180.0, lat_max, 180.0
    ratio = math.sin(radius_m / EARTH_RADIUS_M) / math.cos(math.radians(lat))
    dlng = math.degrees(math.asin(min(1.0, ratio)))
    if lng - dlng < -180.0 or lng + dlng > 180.0:
        return lat_min, -180.0, lat_max, 180.0
    return lat_min, lng - dlng, lat_max, lng + dlng


def fence_verdict(distance_m, accuracy_m, radius_m, cap_m):
    """Where a fix stands against a circular fence.

    - ``inside``: the whole circle of uncertainty lies in the fence (d + a ≤ R)
    - ``maybe``: the fix may be inside (d − min(a, cap) ≤ R); allowed, but marked
    - ``outside``: it cannot be, however generous
    - ``unverifiable``: no distance is known (no fix, or no customer position)

    The cap keeps a fix that is only good to two kilometres from opening every fence. A fix
    without accuracy counts as exact.
    """
    if distance_m is None or radius_m is None:
        return "unverifiable"
    accuracy = max(0.0, accuracy_m or 0.0)
    if distance_m + accuracy <= radius_m:
        return "inside"
    if distance_m - min(accuracy, max(0.0, cap_m or 0.0)) <= radius_m:
        return "maybe"
    return "outside"


def _gcj_offset(lat, lng):
    """Degrees by which GCJ-02 moves a WGS-84 point (the raw formula, no border)."""
    x, y = lng - 105.0, lat - 35.0
    pi = math.pi
    common = (20.0 * math.sin(6.0 * x * pi) + 20.0 * math.sin(2.0 * x * pi)) * 2.0 / 3.0
    dlat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    dlat += common
    dlat += (20.0 * math.sin(y * pi) + 40.0 * math.sin(y / 3.0 * pi)) * 2.0 / 3.0
    dlat += (160.0 * math.sin(y / 12.0 * pi) + 320.0 * math.sin(y * pi / 30.0)) * 2.0 / 3.0
    dlng = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    dlng += common
    dlng += (20.0 * math.sin(x * pi) + 40.0 * math.sin(x / 3.0 * pi)) * 2.0 / 3.0
    dlng += (150.0 * math.sin(x / 12.0 * pi) + 300.0 * math.sin(x / 30.0 * pi)) * 2.0 / 3.0
    rad = math.radians(lat)
    magic = 1 - _EE * math.sin(rad) ** 2
    dlat = math.degrees(dlat / ((_A * (1 - _EE)) / (magic * math.sqrt(magic))))
    dlng = math.degrees(dlng / (_A / math.sqrt(magic) * math.cos(rad)))
    return dlat, dlng


def _invert(forward, lat, lng):
    """The point that ``forward`` maps onto ``(lat, lng)``; converges in four or five steps."""
    guess_lat, guess_lng = lat, lng
    for _step in range(20):
        out_lat, out_lng = forward(guess_lat, guess_lng)
        err_lat, err_lng = out_lat - lat, out_lng - lng
        guess_lat, guess_lng = guess_lat - err_lat, guess_lng - err_lng
        if abs(err_lat) < 1e-11 and abs(err_lng) < 1e-11:
            break
    return guess_lat, guess_lng


def wgs84_to_gcj02(lat, lng):
    """The raw shift, wherever the point lies: ``datum.to_datum`` is the one with a border."""
    dlat, dlng = _gcj_offset(lat, lng)
    return lat + dlat, lng + dlng


def gcj02_to_wgs84(lat, lng):
    """Exact inverse of :func:`wgs84_to_gcj02` (below a micrometre)."""
    return _invert(wgs84_to_gcj02, lat, lng)


def gcj02_to_bd09(lat, lng):
    """GCJ-02 to Baidu's BD-09."""
    z = math.hypot(lng, lat) + 0.00002 * math.sin(lat * _X_PI)
    theta = math.atan2(lat, lng) + 0.000003 * math.cos(lng * _X_PI)
    return z * math.sin(theta) + 0.006, z * math.cos(theta) + 0.0065


def bd09_to_gcj02(lat, lng):
    """Exact inverse of :func:`gcj02_to_bd09`."""
    return _invert(gcj02_to_bd09, lat, lng)
