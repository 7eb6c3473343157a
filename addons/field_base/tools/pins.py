"""Where a customer really is, from the places people checked in at. Pure functions.

One person must not be able to set a pin, so the proposal needs several people who agree, or one
person on many days with a second one who at least does not contradict him. Everybody's visits of
one day count once; the median does not follow a single wild fix.
"""

import math
from dataclasses import dataclass
from statistics import median

from .geo import haversine_m

MOST_ACCURACY_M = 100.0  # a worse fix says nothing about a shop
FEWEST_PEOPLE = 2
FEWEST_DAYS = 3
FEWEST_SAMPLES = 4
# People who stand further apart than this were not at the same door.
AGREE_M = 150.0
# A pin nearer than this is good enough to be left alone.
GOOD_ENOUGH_M = 40.0
SMALLEST_RADIUS_M, LARGEST_RADIUS_M = 50, 1000


@dataclass(frozen=True)
class Sample:
    """One verified check-in."""

    person: int
    day: str
    lat: float
    lng: float
    accuracy: float
    ref: int = 0


@dataclass(frozen=True)
class Proposal:
    lat: float
    lng: float
    spread_m: float  # eight of ten samples lie within it
    radius_m: int  # a fence that holds them with their accuracy
    moved_m: float | None  # from the pin there is now
    samples: int
    people: int
    days: int
    refs: tuple


def middle(points):
    """The median of latitudes and of longitudes. Not for places on the date line."""
    lats, lngs = zip(*points, strict=True)
    return median(lats), median(lngs)


def propose(samples, pin=None):
    """A better pin, or ``None`` when there is no ground for one.

    :param samples: :class:`Sample` of one customer
    :param pin: ``(lat, lng)`` there is now, or ``None``
    """
    good = [one for one in samples if 0 < one.accuracy <= MOST_ACCURACY_M]
    visits = _one_a_day(good)
    people = {person for person, _day in visits}
    days = {day for _person, day in visits}
    if len(people) < FEWEST_PEOPLE or len(days) < FEWEST_DAYS or len(visits) < FEWEST_SAMPLES:
        return None
    lat, lng = middle(list(visits.values()))
    if not _agree(visits, people, (lat, lng)):
        return None
    distances = sorted(haversine_m(lat, lng, *point) for point in visits.values())
    spread = distances[math.ceil(0.8 * len(distances)) - 1]
    moved = haversine_m(lat, lng, *pin) if pin else None
    if moved is not None and moved <= max(GOOD_ENOUGH_M, spread):
        return None
    reach = spread + median(one.accuracy for one in good)
    radius = min(LARGEST_RADIUS_M, max(SMALLEST_RADIUS_M, 10 * math.ceil(reach / 10)))
    return Proposal(
        round(lat, 7),
        round(lng, 7),
        round(spread, 1),
        radius,
        None if moved is None else round(moved, 1),
        len(visits),
        len(people),
        len(days),
        tuple(sorted(one.ref for one in good)),
    )


def reported(place, accuracy, pin=None, refs=()):
    """What one person says who stands there: a proposal for a leader to decide.

    :param place: ``(lat, lng)``
    :param accuracy: of his position in metres
    :param pin: ``(lat, lng)`` there is now, or ``None``
    :param refs: check-ins it is drawn from
    """
    moved = round(haversine_m(*place, *pin), 1) if pin else None
    radius = min(LARGEST_RADIUS_M, max(SMALLEST_RADIUS_M, 10 * math.ceil(accuracy / 10)))
    lat, lng = (round(degrees, 7) for degrees in place)
    return Proposal(lat, lng, round(accuracy, 1), radius, moved, 1, 1, 1, tuple(refs))


def _one_a_day(samples):
    """``{(person, day): point}``: ten check-ins of one day weigh no more than one."""
    groups = {}
    for one in samples:
        groups.setdefault((one.person, one.day), []).append((one.lat, one.lng))
    return {key: middle(points) for key, points in groups.items()}


def _agree(visits, people, place):
    """Whether everybody's own median lies near the common one."""
    for person in people:
        own = middle([point for (who, _day), point in visits.items() if who == person])
        if haversine_m(*own, *place) > AGREE_M:
            return False
    return True
