"""Calendar periods as whole numbers that go on for ever, and days in them. Pure functions."""

import math
from datetime import date, timedelta

PERIODS = ("week", "fortnight", "month", "quarter")
_MONTHS = {"month": 1, "quarter": 3}
_WEEKS = {"week": 1, "fortnight": 2}


def index_of(period, day):
    """Number of the period a day lies in; the next period has the next number.

    :param period: one of :data:`PERIODS`, or a number of days
    """
    if isinstance(period, int):
        return (day.toordinal() - 1) // period
    if period in _MONTHS:
        return (day.year * 12 + day.month - 1) // _MONTHS[period]
    # day 1 of the calendar was a Monday
    return (day.toordinal() - 1) // (7 * _WEEKS[period])


def bounds_of(period, index):
    """``(first day, last day)`` of a period by its number."""
    if period in _MONTHS:
        return _month(index * _MONTHS[period]), _month((index + 1) * _MONTHS[period]) - timedelta(1)
    days = period if isinstance(period, int) else 7 * _WEEKS[period]
    first = date.fromordinal(index * days + 1)
    return first, first + timedelta(days=days - 1)


def _month(number):
    return date(number // 12, number % 12 + 1, 1)


def between(period, first, last):
    """Numbers of all periods that touch the days from ``first`` to ``last``."""
    return range(index_of(period, first), index_of(period, last) + 1)


def due_by(times, first, last, until):
    """How many of the ``times`` of a period should have happened by a day, at an even pace.

    Four a month are one by the 8th, two by the 15th, four at its end.
    """
    if until < first:
        return 0
    length = (last - first).days + 1
    passed = min((until - first).days + 1, length)
    return min(times, math.ceil(times * passed / length))


def pick_days(days, taken, room, minutes, gap, count):
    """Days for the visits of one customer: the emptiest that keep the distance to the others.

    :param list days: that are allowed, in order
    :param taken: days of his other visits
    :param dict room: ``{day: minutes left}``; what is picked is taken off
    :param int gap: fewest days between two visits
    :returns: the picked days, fewer than ``count`` when there is no more room
    """
    taken, picked = list(taken), []
    for _number in range(count):
        free = [
            day
            for day in days
            if room[day] >= minutes and all(abs((day - other).days) >= gap for other in taken)
        ]
        if not free:
            break
        best = max(free, key=lambda day: (room[day], -day.toordinal()))
        room[best] -= minutes
        picked.append(best)
        taken.append(best)
    return picked
