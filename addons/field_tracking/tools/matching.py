"""Which fixes of a way are laid on roads, and which answers can be true."""

from collections.abc import Callable

import numpy as np

from .clean import leg_lengths
from .day import Day, Track, Trip

#: Nearer together than this, fixes say more about their noise than about the road.
SPACING_M = 40.0
#: A way shorter than this, or longer than the engine takes, stays as measured.
SHORTEST_M = 300.0
MOST_POINTS = 4000

#: (t, lat, lon, accuracy in metres or None) → metres along roads, or None
Matcher = Callable[[list[int], list[float], list[float], float | None], float | None]


def spaced(lat: np.ndarray, lon: np.ndarray, spacing: float = SPACING_M) -> np.ndarray:
    """Indices of the first fix, of each at least ``spacing`` metres further on, and of the last."""
    way = np.concatenate(([0.0], np.cumsum(leg_lengths(lat, lon))))
    step = np.floor(way / spacing)
    kept = np.flatnonzero(np.diff(step, prepend=-1.0) > 0)
    return np.union1d(kept, [len(lat) - 1])


def match_trips(track: Track, day: Day, ask: Matcher) -> list[float | None]:
    """Metres on roads of each trip, None where no road answer can be true.

    :param track: of the day, judged
    :param ask: the provider
    """
    good = track.good()
    return [_match_trip(good, trip, ask) for trip in day.trips]


def _match_trip(good: Track, trip: Trip, ask: Matcher) -> float | None:
    if trip.distance_m < SHORTEST_M:
        return None
    part = np.flatnonzero((good.t >= trip.start) & (good.t <= trip.end))
    if len(part) < 2:
        return None
    part = part[spaced(good.lat[part], good.lon[part])]
    if len(part) > MOST_POINTS:
        return None
    accuracy = good.accuracy[part]
    usual = float(np.nanmedian(accuracy)) if np.isfinite(accuracy).any() else None
    metres = ask(
        good.t[part].astype(int).tolist(), good.lat[part].tolist(), good.lon[part].tolist(), usual
    )
    straight = float(leg_lengths(good.lat[part[[0, -1]]], good.lon[part[[0, -1]]])[0])
    return metres if metres is not None and _can_be(metres, trip.distance_m, straight) else None


def _can_be(metres: float, measured: float, straight: float) -> bool:
    """Fixes far apart cut corners, and noise makes ways longer; more than that is another way."""
    return max(0.7 * measured, 0.95 * straight - 100) <= metres <= 2 * measured + 500
