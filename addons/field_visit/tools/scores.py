"""Scores that explain themselves: a sum of parts, each with its points and its words.

Pure functions. Points are whole numbers; a part without points is left out.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    code: str
    points: int


def total(parts):
    return sum(part.points for part in parts)


def cadence_points(days, allowed):
    """How much it is time for a visit: nothing before 80 % of the allowed days, 40 from twice on.

    :param days: since the last visit, None when there was none
    """
    if days is None:
        return 15
    if not allowed:
        return 0
    ratio = days / allowed
    return min(40, round(20 * ratio)) if ratio >= 0.8 else 0


def reorder_points(days, rhythm):
    """How much it is time for an order, for who orders every ``rhythm`` days: up to 25."""
    if not rhythm or days is None or days < rhythm:
        return 0
    return min(25, round(15 * days / rhythm))


def overdue_points(days):
    """Money that is late: 10, and one more for every three days, up to 25."""
    return min(25, 10 + days // 3) if days and days > 0 else 0


def quote_points(days_left):
    """A quotation that ends within a week: 10 to 17."""
    return 17 - days_left if days_left is not None and 0 <= days_left <= 7 else 0


def season_points(here, total):
    """Who buys in this month of the year more than in others: 10 at twice the mean of a month, up
    to 20; nothing for fewer than four orders, or one alone in this month.

    :param here: orders in this month of the year, over whole years
    :param total: orders of these years
    """
    if total < 4 or here < 2 or 12 * here < 2 * total:
        return 0
    return min(20, round(5 * 12 * here / total))


def learned_percent(times, free):
    """What a reason still weighs after it was turned down so many times: all of it up to ``free``
    times, 10 % less for each time more, never less than half."""
    return max(50, 100 - 10 * max(0, times - free))


def near_points(metres):
    """Near the way one goes anyway: up to 15 within a kilometre and a half."""
    if metres is None or metres > 1500:
        return 0
    return round(15 * (1 - metres / 1500)) or 1


def distance_points(metres, far=20_000):
    """For dispatch: 40 next door, nothing from 20 km on; 10 when nobody knows."""
    if metres is None:
        return 10
    return round(40 * max(0.0, 1 - metres / far))


def load_points(free_minutes, day_minutes):
    """For dispatch: 25 for an empty day, none for a full one."""
    if day_minutes <= 0:
        return 0
    return round(25 * max(0.0, min(1.0, free_minutes / day_minutes)))


def rhythm_of(days):
    """Mean number of days between events, None for fewer than three of them.

    :param days: ordinals of the days, in any order
    """
    days = sorted(set(days))
    if len(days) < 3:
        return None
    return (days[-1] - days[0]) / (len(days) - 1)
