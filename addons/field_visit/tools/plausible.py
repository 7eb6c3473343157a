"""What speaks against a check-in, from the check-in itself: it is looked at, never refused.

A phone can be told where it is. What is hard to invent is a life: places that repeat to the
centimetre, ways nobody drives in the time, and clocks that jump give it away.
"""

from itertools import pairwise
from typing import NamedTuple

from odoo.addons.field_base.tools.geo import haversine_m
from odoo.addons.field_base.tools.payload import is_number, read_position
from odoo.addons.field_base.tools.times import parse_instant

MOST_FIXES = 10
#: Faster than any train between two customers, km/h.
FASTEST = 400
#: Nearer than this says nothing about speed, m.
LEAST_WAY = 2000
#: Only so exact a fix never repeats to seven decimals, m.
EXACT = 30
#: The very same coordinates on so many other days are no chance.
REPEATS = 2
#: A clock that is this far off was set, or is broken; a fix this far from the tap likewise, min.
CLOCK_OFF = 10


class Point(NamedTuple):
    """Where somebody was: degrees, accuracy in m, naive UTC datetime."""

    lat: float
    lng: float
    accuracy: float
    at: object


def read_fixes(value):
    """The raw positions round a check-in, oldest first: checked copies, at most ten.

    :param value: list of ``{"lat", "lng", "accuracy"?, "speed"?, "heading"?, "at"}``
    :raises FieldRejected: ``bad_position``, for a position that is none
    :raises ValueError: for anything else
    """
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_FIXES:
        raise ValueError("fixes")
    return sorted((_read_fix(fix) for fix in value), key=lambda fix: fix["at"])


def _read_fix(value):
    position = read_position(value, required=True)
    fix = {key: position[key] for key in ("lat", "lng", "accuracy")}
    for key in ("speed", "heading"):
        number = value.get(key)
        fix[key] = float(number) if is_number(number) else None
    # of one form, so that their texts are in the order of time
    fix["at"] = parse_instant(value.get("at")).isoformat(timespec="milliseconds") + "Z"
    return fix


def points_of(fixes):
    """:param fixes: as of :func:`read_fixes`"""
    return [
        Point(fix["lat"], fix["lng"], fix["accuracy"] or 0, parse_instant(fix["at"]))
        for fix in fixes
    ]


def odd_speed(points):
    """The fastest way between two points that follow each other, if nobody is that fast.

    :param points: in the order of time
    :returns: km/h, 0 when all is well; generous with what both positions do not know
    """
    return max((_speed(one, two) for one, two in pairwise(points)), default=0)


def _speed(one, two):
    way = haversine_m(one.lat, one.lng, two.lat, two.lng) - one.accuracy - two.accuracy
    speed = way / max((two.at - one.at).total_seconds(), 1) * 3.6
    return round(speed) if way > LEAST_WAY and speed > FASTEST else 0


def odd_clock(fixes, captured_at, clock_error_s):
    """By how many minutes the phone's clock was off, or its positions are from another time.

    :param captured_at: the tap by the phone's own clock (UTC), or None
    :param clock_error_s: by how much that clock was ahead
    :returns: 0 when it is less than what happens to honest phones
    """
    offs = [abs(clock_error_s or 0)]
    if captured_at:
        offs += [abs((point.at - captured_at).total_seconds()) for point in points_of(fixes)]
    minutes = int(max(offs) // 60)
    return minutes if minutes >= CLOCK_OFF else 0
