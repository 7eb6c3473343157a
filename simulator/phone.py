"""What a phone makes of a true way: noisy fixes, and only as many as its tracker app keeps."""

import bisect
import math
from dataclasses import dataclass

from .geo import turn_degrees


@dataclass(frozen=True, slots=True)
class Fix:
    """One position as the phone knows it."""

    at: int  #: seconds since 1970, UTC
    lat: float
    lng: float
    accuracy: float  #: metres
    speed: float  #: m/s
    bearing: float  #: degrees
    altitude: float  #: metres
    battery: float  #: 0 to 1
    event: str = ""  #: motionchange, heartbeat or nothing


@dataclass(frozen=True, slots=True)
class Settings:
    """When the tracker app keeps a fix, as its settings name it."""

    interval_s: int = 60
    distance_m: float = 50.0
    angle: float = 30.0
    heartbeat_s: int = 240
    noise_m: float = 4.0  #: how good the receiver is under the sky


class Receiver:
    """A receiver with a drifting error and a battery; makes fixes of true places."""

    def __init__(self, plane, rng, settings, day_start):
        self._plane, self._rng, self.settings = plane, rng, settings
        self._day_start = day_start
        self._error = (0.0, 0.0)
        self._error_at = day_start
        self._battery = rng.uniform(0.9, 1.0)
        self._drain = rng.uniform(0.045, 0.075)  # per hour

    def fix(self, at, place, speed=0.0, bearing=0.0, indoors=False, event=""):
        """One fix at a true place (east, north)."""
        rng = self._rng
        spread = self.settings.noise_m * (2.2 if indoors else 1.0)
        self._drift(at, spread)
        accuracy = max(3.0, spread * rng.uniform(1.0, 2.6))
        if indoors and rng.random() < 0.04:  # only cells and Wi-Fi heard
            accuracy = rng.uniform(90, 180)
            self._error = tuple(e + rng.gauss(0, 25) for e in self._error)
        lat, lng = self._plane.to_degrees(place[0] + self._error[0], place[1] + self._error[1])
        moving = speed > 0.3
        return Fix(
            at=int(at),
            lat=round(lat, 7),
            lng=round(lng, 7),
            accuracy=round(accuracy, 1),
            speed=round(max(0.0, speed + rng.gauss(0, 0.25)), 2) if moving else 0.0,
            bearing=round((bearing + rng.gauss(0, 2)) % 360, 1) if moving else 0.0,
            altitude=round(4 + rng.gauss(0, 3), 1),
            battery=self.battery(at),
            event=event,
        )

    def battery(self, at):
        hours = (at - self._day_start) / 3600
        return round(max(0.08, self._battery - self._drain * hours), 2)

    def _drift(self, at, spread):
        """Errors of neighbouring fixes are alike: a first-order process with 40 s memory."""
        keep = math.exp(-max(0.0, at - self._error_at) / 40)
        fresh = spread * math.sqrt(1 - keep**2) * 0.7
        self._error = tuple(e * keep + self._rng.gauss(0, fresh) for e in self._error)
        self._error_at = at

    # ------------------------------------------------------------------ ways

    def record_drive(self, drive, start):
        """Fixes of a drive that begins at ``start`` (seconds), the parking included."""
        kept = [self.fix(start, drive.points[0], event="motionchange")]
        last_at, last_place, last_course = start, drive.points[0], None
        for i in range(1, len(drive.times)):
            course = _course(drive.points[i - 1], drive.points[i], last_course)
            if self._is_due(
                start + drive.times[i], drive.points[i], course, last_at, last_place, last_course
            ):
                at = math.ceil(start + drive.times[i])
                place, speed = _state_at(drive, at - start)
                kept.append(self.fix(at, place, speed, course))
                last_at, last_place, last_course = at, place, course
        end = math.ceil(start + drive.seconds)
        if end > last_at:
            kept.append(self.fix(end, drive.points[-1], event="motionchange"))
        return kept

    def _is_due(self, at, place, course, last_at, last_place, last_course):
        settings = self.settings
        if math.ceil(at) <= last_at:
            return False
        moved = math.dist(place, last_place)
        turned = last_course is not None and turn_degrees(last_course, course) >= settings.angle
        return (
            at - last_at >= settings.interval_s
            or moved >= settings.distance_m
            or (turned and moved >= 8)
        )

    def record_stay(self, place, start, end):
        """Heartbeats of a phone that lies still, mostly indoors."""
        step = self.settings.heartbeat_s
        return [
            self.fix(at, place, indoors=True, event="heartbeat")
            for at in range(int(start) + step, int(end) - 30, step)
        ]


def _course(a, b, default):
    if math.dist(a, b) < 0.01:
        return default or 0.0
    return math.degrees(math.atan2(b[0] - a[0], b[1] - a[1])) % 360


def _state_at(drive, seconds):
    """True place and speed ``seconds`` after the start."""
    i = min(bisect.bisect_left(drive.times, seconds), len(drive.times) - 1)
    if i == 0:
        return drive.points[0], 0.0
    span = drive.times[i] - drive.times[i - 1]
    share = min(1.0, (seconds - drive.times[i - 1]) / span) if span else 1.0
    a, b = drive.points[i - 1], drive.points[i]
    place = (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
    return place, math.dist(a, b) / span if span else 0.0
