"""Was something written down long after the person had left the customer?

Pure functions on naive UTC datetimes. From memory, at the end of the day, is not the same as there.
"""

from datetime import datetime, timedelta


def left_at(check_out: datetime, there_until: datetime | None, was_inside: bool) -> datetime:
    """When the person left the customer, in his favour where it is not known.

    :param check_out: end of the visit
    :param there_until: how long the track saw him there, None where it does not know
    :param was_inside: he checked out himself with a position inside the fence: whatever the track
        missed meanwhile, he was there
    """
    if was_inside or there_until is None:
        return check_out
    return min(there_until, check_out)


def late_minutes(entered: datetime | None, left: datetime | None, limit_min: int) -> int:
    """Minutes between leaving and writing it down; 0 within the limit, and with a limit of 0."""
    if not (entered and left and limit_min) or entered - left <= timedelta(minutes=limit_min):
        return 0
    return round((entered - left).total_seconds() / 60)
