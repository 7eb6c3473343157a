"""Arithmetic of deadlines: calendar time or working time, with pauses."""

from datetime import timedelta

NEVER = None


def add_hours(start, hours, pauses=()):
    """A moment so many hours later; pauses do not count.

    :param pauses: ``[(start, end)]``, sorted, without overlaps
    """
    end = start + timedelta(hours=hours)
    for begin, stop in pauses:
        if stop > start and begin < end:
            end += stop - max(begin, start)
    return end


def add_working_hours(start, hours, spans):
    """The moment when so many hours of the spans have passed; None when they do not suffice.

    :param spans: ``[(start, end)]``, sorted, without overlaps
    """
    left = timedelta(hours=hours)
    for begin, stop in spans:
        begin = max(begin, start)
        if stop <= begin:
            continue
        if stop - begin >= left:
            return begin + left
        left -= stop - begin
    return None


def nth_working_day_end(start, count, days):
    """The end of work on the ``count``-th working day after the one of ``start``.

    :param days: ``[(date, [(start, end)])]`` from the day of the start on; days without hours of
        work are no working days
    """
    after = [hours[-1][1] for _day, hours in days if hours and hours[0][0] > start]
    return after[count - 1] if len(after) >= count else None


def after_rule_change(old, new, now, grace_hours):
    """A deadline under changed rules: never earlier than the grace, unless it was so already.

    >>> from datetime import datetime as d
    >>> after_rule_change(d(2026, 1, 9), d(2026, 1, 1), d(2026, 1, 5), 48)
    datetime.datetime(2026, 1, 7, 0, 0)
    """
    if new is None:
        return None
    floor = now + timedelta(hours=grace_hours)
    return max(new, min(old, floor) if old else floor)


def warning_at(start, deadline, percent):
    """When so many percent of the time have passed."""
    return start + (deadline - start) * (percent / 100)
