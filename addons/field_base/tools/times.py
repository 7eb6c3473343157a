"""Instants and local days. Naive datetimes are UTC, as everywhere in Odoo."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

# Below this the difference between two clocks is the network's travelling time, not an error.
CLOCK_TOLERANCE_MS = 5000


def parse_instant(text):
    """ISO 8601 text with a zone to a naive UTC datetime; raises ValueError for anything else."""
    if not isinstance(text, str) or not 16 <= len(text) <= 40:
        raise ValueError("not an ISO 8601 instant")
    text = text.strip()
    if text[-1] in "zZ":
        text = text[:-1] + "+00:00"
    moment = datetime.fromisoformat(_normalise_fraction(text))
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    try:
        return moment.astimezone(timezone.utc).replace(tzinfo=None)
    except OverflowError as exc:
        raise ValueError("out of range") from exc


def _normalise_fraction(text):
    """Python 3.10 reads 3 or 6 decimals of a second only."""
    head, dot, tail = text.partition(".")
    if not dot:
        return text
    digits = len(tail) - len(tail.lstrip("0123456789"))
    return f"{head}.{tail[:digits][:6].ljust(6, '0')}{tail[digits:]}"


def corrected(captured_at, offset_ms, now):
    """When it really happened: the device's time moved by its clock error, never in the future.

    :param int offset_ms: server clock minus device clock
    """
    if abs(offset_ms) > CLOCK_TOLERANCE_MS:
        try:
            captured_at += timedelta(milliseconds=offset_ms)
        except OverflowError:
            return now
    return min(captured_at, now)


def local_date(moment, tz):
    """The calendar day a UTC instant falls on in the zone ``tz``."""
    return moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(tz)).date()


def local_hour(day, hour, tz):
    """UTC instant of ``hour`` (float, 24 = next midnight) on the local ``day``.

    The hour is read off the wall clock, so that days with a clock change end on time too.
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(hours=hour)
    return wall.replace(tzinfo=ZoneInfo(tz)).astimezone(timezone.utc).replace(tzinfo=None)


def in_quiet_hours(moment, tz, start, end):
    """Whether a UTC instant lies in the quiet hours of a place; they may span midnight.

    :param float start: local hour they begin; the same as ``end`` means there are none
    """
    local = moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(tz))
    hour = local.hour + local.minute / 60
    if start <= end:
        return start <= hour < end
    return hour >= start or hour < end
