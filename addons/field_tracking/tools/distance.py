"""How far somebody really went.

Summing chords between fixes reads 2-4 % too much at 1 Hz (noise makes every chord longer), grows
without limit while standing, and reads too little on sparse tracks. Therefore:

* speed from the satellite receiver is integrated where fixes are at most 15 s apart: within 1 %
  of a vehicle's own odometer on real drives;
* elsewhere chords count between anchors at least 20 m, or the accuracy, apart;
* legs nobody observed are straight lines, once, and kept apart as *estimated*.
"""

from dataclasses import dataclass

import numpy as np

from .clean import EARTH_M, quantile
from .settings import DEFAULT, Settings


@dataclass(slots=True)
class Way:
    """Metres by how they were found out."""

    doppler_m: float = 0.0
    chord_m: float = 0.0
    estimated_m: float = 0.0

    @property
    def total_m(self) -> float:
        return self.doppler_m + self.chord_m + self.estimated_m

    def add(self, other: "Way") -> None:
        self.doppler_m += other.doppler_m
        self.chord_m += other.chord_m
        self.estimated_m += other.estimated_m


def measure(
    t: np.ndarray,
    lat: np.ndarray,
    lon: np.ndarray,
    length: np.ndarray,
    speed: np.ndarray,
    accuracy: np.ndarray,
    settings: Settings = DEFAULT,
) -> Way:
    """Distance along one way (a trip): cleaned fixes in time order, legs already measured.

    :param lat: degrees; one projection for the day would be off by 1 % on a long drive
    :param length: metres of the legs, one shorter than the other arrays
    :param speed: metres per second, nan where unknown
    :param accuracy: metres, nan where unknown
    """
    if len(t) < 2:
        return Way()
    if not (speed > 0).any():
        # old clients send 0 where they do not know; nobody makes a whole trip at standstill
        speed = np.full(len(speed), np.nan)
    step = np.diff(t)
    unseen = step > _dropout_limit(step, settings)
    integral = (speed[:-1] + speed[1:]) / 2 * step
    doppler = np.isfinite(integral) & (step <= settings.doppler_max_s) & ~unseen
    doppler &= integral <= settings.speed_max * 1.5 * step
    if doppler.any():
        doppler = _plausible(doppler, t, lat, lon, length, integral, settings)
    # Apps send at corners, where one is slow: the mean of both ends reads too little on such a leg.
    # Never less than the straight line, less its noise: little of it where the speed changed much
    # from end to end, for there the mean tells least.
    sparse = step > settings.dense_s
    faster, slower = np.fmax(speed[:-1], speed[1:]), np.fmin(speed[:-1], speed[1:])
    steady = slower >= settings.steady_share * faster
    noise = np.where(steady, settings.chord_noise, settings.corner_noise)
    # And never much more: who stops at its end was slower than the mean for most of a leg.
    most = np.where(steady, np.inf, settings.corner_stretch * length + settings.chord_noise)
    likely = np.minimum(np.maximum(integral, length - noise), most)
    integral = np.where(sparse, likely, integral)
    rest = ~doppler & ~unseen
    return Way(
        doppler_m=float(integral[doppler].sum()),
        chord_m=_anchored(rest, lat, lon, accuracy, settings),
        estimated_m=float(length[unseen].sum()),
    )


def _dropout_limit(step: np.ndarray, settings: Settings) -> float:
    """Longest leg that still counts as observed, from the rhythm of this track itself."""
    usual = settings.dropout_factor * quantile(step, 0.5)
    return min(max(usual, settings.dropout_min_s), settings.gap_min_s)


def _plausible(
    doppler: np.ndarray,
    t: np.ndarray,
    lat: np.ndarray,
    lon: np.ndarray,
    length: np.ndarray,
    integral: np.ndarray,
    settings: Settings,
) -> np.ndarray:
    """Drop blocks of a minute whose speeds contradict the places.

    Some senders report 0 all the time. Nobody gets from A to B on less than the straight line,
    and speed noise does not triple the way.
    """
    edge = np.flatnonzero(np.diff(doppler, prepend=False) & doppler)  # where a stretch begins
    stretch = np.searchsorted(edge, np.arange(len(doppler)), side="right")
    block = ((t[:-1] - t[0]) // settings.doppler_block_s).astype(np.int64)
    key = block * (len(edge) + 1) + stretch
    legs = np.flatnonzero(doppler)
    starts = np.flatnonzero(np.diff(key[legs], prepend=-1))
    ends = np.append(starts[1:], len(legs)) - 1
    a, b = legs[starts], legs[ends] + 1
    east = np.radians((lon[b] - lon[a] + 180) % 360 - 180) * np.cos(np.radians(lat[a]))
    straight = EARTH_M * np.hypot(east, np.radians(lat[b] - lat[a]))
    chords = np.add.reduceat(length[legs], starts)
    driven = np.add.reduceat(integral[legs], starts)
    believable = (driven >= 0.7 * straight - 30) & (driven <= 3 * chords + 50)
    result = np.zeros_like(doppler)
    result[legs] = np.repeat(believable, ends - starts + 1)
    return result


def _anchored(
    legs: np.ndarray, lat: np.ndarray, lon: np.ndarray, accuracy: np.ndarray, settings: Settings
) -> float:
    """Chords between anchors; jitter smaller than the anchor distance adds nothing."""
    if not legs.any():
        return 0.0
    change = np.flatnonzero(np.diff(np.concatenate(([False], legs, [False]))))
    limit = np.fmax(settings.anchor_min, accuracy) ** 2
    phi = np.radians(lat)
    east, north = EARTH_M * np.unwrap(np.radians(lon)), EARTH_M * phi
    narrow = np.cos(phi)
    total = 0.0
    for first, last in zip(change[::2], change[1::2], strict=True):
        part = slice(first, last + 1)
        total += _walk(*(values[part].tolist() for values in (east, north, narrow, limit)))
    return total


def _walk(
    easts: list[float], norths: list[float], narrows: list[float], limits: list[float]
) -> float:
    """Plain floats: three times as fast as numpy scalars in a loop that cannot be vectorised."""
    east, north = easts[0], norths[0]
    total = dx = dy = 0.0
    for e, n, narrow, limit in zip(easts, norths, narrows, limits, strict=True):
        dx, dy = (e - east) * narrow, n - north
        square = dx * dx + dy * dy
        if square >= limit:
            total += square**0.5
            east, north, dx, dy = e, n, 0.0, 0.0
    # the last bit from the last anchor to where the way ends
    return total + (dx * dx + dy * dy) ** 0.5
