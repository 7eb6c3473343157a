"""What the server writes on a photo. The words come in, the facts are put between them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: A phone whose clock is off by more: both times are printed.
CLOCK_S = 120
#: A photo that came later says when it came.
LATE_S = 600


@dataclass(frozen=True)
class Taken:
    """Moments in the person's local time; places in degrees (WGS-84) and metres."""

    at: datetime
    zone: str
    clock_error_s: int = 0
    received: datetime | None = None
    lat: float | None = None
    lng: float | None = None
    accuracy: float | None = None
    away: float | None = None


def time_line(taken, words):
    """``2026-11-23 14:05 (UTC+08:00) · phone's clock 13:01``"""
    parts = [f"{taken.at:%Y-%m-%d %H:%M} (UTC{taken.zone})"]
    if abs(taken.clock_error_s) > CLOCK_S:
        shown = taken.at + timedelta(seconds=taken.clock_error_s)
        day = "" if shown.date() == taken.at.date() else "%Y-%m-%d "
        parts.append(words["clock"] % {"time": f"{shown:{day}%H:%M}"})
    return " · ".join(parts)


def place_line(taken, words):
    """``31.23041, 121.47370 ±12 m · 35 m from the customer``"""
    if taken.lat is None:
        return words["nowhere"]
    place = f"{taken.lat:.5f}, {taken.lng:.5f}"
    if taken.accuracy is not None:
        place = f"{place} ±{taken.accuracy:.0f} m"
    if taken.away is None:
        return place
    far = taken.away >= 10_000
    away = f"{taken.away / 1000:.0f} km" if far else f"{taken.away:.0f} m"
    return f"{place} · {words['away'] % {'distance': away}}"


def person_line(person, number, taken, words):
    """``Name · #a1b2c3 · arrived 18:40``"""
    parts = [person, f"#{number}"]
    if taken.received and (taken.received - taken.at).total_seconds() > LATE_S:
        day = "" if taken.received.date() == taken.at.date() else "%Y-%m-%d "
        parts.append(words["received"] % {"time": f"{taken.received:{day}%H:%M}"})
    return " · ".join(parts)
