"""Phones whose tracker runs in the background, on days of real drives with the true distance.

A day is made of real drives, one a second, with stays between them; the way of each drive is known
from the car, and so are the moments it began and ended. What of it reaches the server is what the
apps really send (tracking.md §1.3, §1.5) as inaccurately as phones in pockets really are (§2.2):
18 % of the positions are cells of a kilometre, some lie far off and claim to be exact.
"""

from dataclasses import dataclass

import numpy as np

from . import shared_data

METRE = 1 / 111194.93
LAT, LON = 41.26, -95.98
NARROW = np.cos(np.radians(LAT))
T0 = 1_795_219_200
TRIPS_A_DAY = 5
#: Share of the positions up to so many metres of accuracy, as measured.
SHARE, ACCURACY_M = (0, 0.27, 0.55, 0.77, 0.82, 1), (3, 10, 30, 100, 500, 3000)
#: An error lasts about so long: a phone between the same houses errs the same way.
ERROR_S = 120.0


@dataclass
class Day:
    """Seconds, metres east and north, course; ``trips`` (start, end) and ``true_m`` of the car."""

    t: np.ndarray
    x: np.ndarray
    y: np.ndarray
    course: np.ndarray
    trips: list
    true_m: float


def real_day(rng):
    """Five real drives one after the other, each in a direction of its own, and stays."""
    pieces, trips, true_m = [], [], 0.0
    now, at = T0, (0.0, 0.0)
    drives = shared_data.drives()
    names = sorted(drives)
    for number in range(TRIPS_A_DAY + 1):
        stay_s = rng.uniform(900, 5400)
        moments = now + np.arange(0, stay_s, 10.0)
        still = np.zeros(len(moments))
        pieces.append((moments, still + at[0], still + at[1], still))
        now += stay_s
        if number == TRIPS_A_DAY:
            break
        t, x, y, course, metres = _turned(drives[names[rng.integers(len(names))]], rng)
        pieces.append((now + t, at[0] + x, at[1] + y, course))
        trips.append((now, now + t[-1]))
        now, true_m = now + t[-1] + 1, true_m + metres
        at = at[0] + x[-1], at[1] + y[-1]
    return Day(*map(np.concatenate, zip(*pieces, strict=True)), trips, true_m)


def _turned(drive, rng):
    """Seconds, metres and course of a drive turned by some angle, and how far it really went."""
    east = (drive["lon"] - drive["lon"][0]) / METRE * NARROW
    north = (drive["lat"] - drive["lat"][0]) / METRE
    angle = rng.uniform(0, 2 * np.pi)
    x = east * np.cos(angle) - north * np.sin(angle)
    y = east * np.sin(angle) + north * np.cos(angle)
    silent = np.diff(drive["ts"]) > 3
    unseen = np.hypot(np.diff(x), np.diff(y))[silent].sum()
    every = slice(None, None, 2)  # of one a second; the way is the car's own all the same
    course = (drive["course"] - np.degrees(angle))[every]
    t = (drive["ts"] - drive["ts"][0])[every]
    return t, x[every], y[every], course, drive["truth_m"] + unseen


class Phone:
    """Decides what is sent: ``kept`` indices of the day, ``said`` what each repeats."""

    def __init__(self, rng, killed=0.001):
        self.rng, self.killed = rng, killed

    def carry(self, day):
        kept, said = [0], [0]
        still, mark, quiet_until = None, 0, 0.0
        for n in range(1, len(day.t)):
            if day.t[n] < quiet_until:
                continue
            if still is not None:
                if _apart(day, n, still) < 150:
                    if day.t[n] - day.t[kept[-1]] >= 900:  # a sign of life, with the last position
                        kept.append(n)
                        said.append(len(said) - 1)
                    continue
                still, mark = None, n
            if _apart(day, n, mark) > 50:
                mark = n
            elif day.t[n] - day.t[mark] >= 300:
                still = n
            if still is not None or self.wants(day, kept[-1], n):
                kept.append(n)
                said.append(len(said))
                if self.rng.random() < self.killed:
                    quiet_until = day.t[n] + self.rng.uniform(300, 1200)
        return np.array(kept), said

    def wants(self, day, last, n):
        """Traccar Client with our settings: 75 m, 60 s, 30 degrees."""
        far = _apart(day, n, last)
        turned = abs((day.course[n] - day.course[last] + 180) % 360 - 180)
        return far >= 75 or day.t[n] - day.t[last] >= 60 or (far > 20 and turned >= 30)


class MovingPhone(Phone):
    """OwnTracks on iOS in move mode: 100 m or 300 s."""

    def wants(self, day, last, n):
        return _apart(day, n, last) >= 100 or day.t[n] - day.t[last] >= 300


class SignificantPhone(Phone):
    """OwnTracks on iOS with significant changes only: 500 m, not more than every five minutes."""

    def carry(self, day):
        kept = [0]
        for n in range(1, len(day.t)):
            if _apart(day, n, kept[-1]) >= 500 and day.t[n] - day.t[kept[-1]] >= 300:
                kept.append(n)
        return np.array(kept), list(range(len(kept)))


def _apart(day, a, b):
    return float(np.hypot(day.x[a] - day.x[b], day.y[a] - day.y[b]))


def send(day, phone, rng, wild=0.002):
    """Arrays for ``build_day``: what arrives of this day.

    :param wild: share of the positions that lie kilometres off and claim at most 50 m
    """
    kept, said = phone.carry(day)
    count = len(kept)
    accuracy = np.interp(rng.random(count), SHARE, ACCURACY_M)
    east, north = _errors(day.t[kept], accuracy, rng)
    strays = rng.random(count) < wild
    angle, far = rng.uniform(0, 2 * np.pi, count), rng.uniform(1500, 9000, count)
    accuracy = np.where(strays, rng.uniform(5, 50, count), accuracy)
    east = np.where(strays, far * np.cos(angle), east)
    north = np.where(strays, far * np.sin(angle), north)
    first = np.array(said)
    for n, before in enumerate(said):  # a repeated repetition
        first[n] = first[before] if before < n else n
    return {
        "ts": day.t[kept],
        "lat": LAT + (day.y[kept] + north)[first] * METRE,
        "lon": LON + (day.x[kept] + east)[first] * METRE / NARROW,
        "accuracy": accuracy[first],
    }


def _errors(t, accuracy, rng):
    """Metres east and north: 68 % within the accuracy, cells nearer than they claim."""
    size = np.where(accuracy > 100, np.minimum(accuracy, 800) * 0.35, accuracy / 1.51)
    errors = rng.normal(0, 1, (2, len(t)))
    alike = np.exp(-np.diff(t, prepend=t[0]) / ERROR_S)
    for n in range(1, len(t)):
        errors[:, n] = alike[n] * errors[:, n - 1] + np.sqrt(1 - alike[n] ** 2) * errors[:, n]
    return errors * size
