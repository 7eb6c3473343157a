"""Which fixes can be believed: accuracy gates, both-sided speed test, lone excursions.

Fixes are flagged, never removed: the raw rows stay, a later fix may rehabilitate an earlier one
(the both-sided test needs the next fix), so the whole day is judged again on every rebuild.
"""

import numpy as np

from .settings import DEFAULT, Settings

EARTH_M = 6371008.8

#: Verdicts, one per fix.
GOOD, COARSE, SPIKE, EXCURSION = 0, 1, 2, 3


def project(lat: np.ndarray, lon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Metres east and north of the first fix (sinusoidal, right to 1 % within a region).

    Done once a day: everything after works on squared metres instead of haversines.
    """
    phi = np.radians(lat)
    east = np.radians((lon - lon[0] + 180.0) % 360.0 - 180.0)
    return EARTH_M * east * np.cos(phi), EARTH_M * (phi - phi[0])


def quantile(values: np.ndarray, share: float) -> float:
    """As numpy's, between neighbours by proportion, at a tenth of the cost for short arrays."""
    ordered = np.sort(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (place - low))


def leg_lengths(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Great-circle metres between neighbours (haversine)."""
    phi, lam = np.radians(lat), np.radians(lon)
    half = np.sin(np.diff(phi) / 2) ** 2
    half += np.cos(phi[:-1]) * np.cos(phi[1:]) * np.sin(np.diff(lam) / 2) ** 2
    return 2 * EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def judge(
    t: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    accuracy: np.ndarray,
    settings: Settings = DEFAULT,
) -> np.ndarray:
    """One verdict per fix (GOOD, COARSE, SPIKE, EXCURSION); input sorted by time."""
    verdict = np.zeros(len(t), dtype=np.int8)
    verdict[accuracy > settings.accuracy_max] = COARSE
    for test, code in ((_spikes, SPIKE), (_excursions, EXCURSION)):
        kept = np.flatnonzero(verdict == GOOD)
        if len(kept) > 2:
            verdict[kept[test(t[kept], x[kept], y[kept], settings)]] = code
    return verdict


def _spikes(t: np.ndarray, x: np.ndarray, y: np.ndarray, settings: Settings) -> np.ndarray:
    """Indices of fixes that leap away and leap back although the direct way is plausible.

    On a fast train each leg is above the ceiling, but so is the direct way: nothing is flagged.
    """
    length = np.hypot(np.diff(x), np.diff(y))
    leaps = np.flatnonzero(
        (length > settings.speed_max * np.diff(t)) & (length > settings.stay_radius)
    )
    if not len(leaps):
        return leaps
    bad = np.zeros(len(t), dtype=bool)
    position = 0
    while position < len(leaps):
        position = _close_burst(leaps, position, t, x, y, bad, settings)
    _trim_ends(leaps, bad, len(t))
    return np.flatnonzero(bad)


def _close_burst(
    leaps: np.ndarray,
    position: int,
    t: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    bad: np.ndarray,
    settings: Settings,
) -> int:
    """Flag the burst that starts with this leap, if it has an end; returns the next leap."""
    before = leaps[position]
    for later in range(position + 1, len(leaps)):
        after = leaps[later] + 1
        duration = t[after] - t[before]
        if leaps[later] - before > settings.burst_fixes or duration > settings.burst_s:
            break
        direct = np.hypot(x[after] - x[before], y[after] - y[before])
        if direct <= settings.speed_max * duration:
            bad[before + 1 : after] = True
            return later + 1
    return position + 1


def _trim_ends(leaps: np.ndarray, bad: np.ndarray, count: int) -> None:
    """A first fix from yesterday's cache, or a last one nobody has confirmed yet."""
    if count < 6 or len(leaps) > count // 4:
        return
    if leaps[0] <= 1:
        bad[: leaps[0] + 1] = True
    if leaps[-1] == count - 2 and not bad[count - 2]:
        bad[count - 1] = True


def _excursions(t: np.ndarray, x: np.ndarray, y: np.ndarray, settings: Settings) -> np.ndarray:
    """Indices of single fixes off the way between two neighbours that agree with each other.

    100-300 m off within some minutes, or much farther as :func:`_far_strays` finds them.
    """
    radius = settings.stay_radius
    step = np.hypot(np.diff(x), np.diff(y))
    across = np.hypot(x[2:] - x[:-2], y[2:] - y[:-2])
    alone = (step[:-1] > radius) & (step[1:] > radius) & (across <= radius)
    alone &= (step[:-1] <= settings.gap_reach) & (t[2:] - t[:-2] <= 2 * settings.stay_return_s)
    found = np.flatnonzero(alone) + 1
    if (step > 10 * radius).any():
        found = np.union1d(found, _far_strays(t, x, y, step, settings))
    return found


def _far_strays(
    t: np.ndarray, x: np.ndarray, y: np.ndarray, step: np.ndarray, settings: Settings
) -> np.ndarray:
    """Indices of places more than a kilometre off that nothing else was ever near.

    One of the two ways is faster than any train: such a stray position before a silence leaves the
    phone all the time to come back. Or both ends are one place, and a phone that otherwise speaks
    every few metres said nothing on a fast road out and back (``alone_factor``, ``alone_speed``).
    Signs of life repeat the last position, a wrong one, too: what is said again is one place.
    """
    moves = np.flatnonzero(step > 0)
    first, last = np.append(0, moves + 1), np.append(moves, len(t) - 1)
    if len(first) < 3:
        return first[:0]
    step = step[moves]
    away, direct_s = t[first[1:]] - t[last[:-1]], t[first[2:]] - t[last[:-2]]
    across = np.hypot(x[first[2:]] - x[first[:-2]], y[first[2:]] - y[first[:-2]])
    nearer = np.minimum(step[:-1], step[1:])
    speed = step / np.maximum(away, 1.0)
    fastest = np.maximum(speed[:-1], speed[1:])
    stray = (fastest > 2 * settings.speed_max) & (across <= settings.speed_max * direct_s)
    dense = nearer > settings.alone_factor * quantile(step, 0.75)
    stray |= (fastest > settings.alone_speed) & (across <= 0.2 * nearer) & dense
    stray &= nearer > 10 * settings.stay_radius
    where = np.flatnonzero(stray) + 1
    parts = [np.arange(first[n], last[n] + 1) for n in where]
    return np.concatenate(parts) if parts else where


def smooth(t: np.ndarray, v: np.ndarray, span_s: float = 120.0) -> np.ndarray:
    """Running median of five where five fixes lie within ``span_s``, else the value itself.

    On sparse tracks a median would move the turning point of an out-and-back way.
    """
    if len(v) < 5:
        return v
    low1, high1 = np.minimum(v[:-4], v[1:-3]), np.maximum(v[:-4], v[1:-3])
    low2, high2 = np.minimum(v[3:-1], v[4:]), np.maximum(v[3:-1], v[4:])
    low, high = np.maximum(low1, low2), np.minimum(high1, high2)
    middle = v[2:-2]
    # the median of five is the median of the middle one, the larger low and the smaller high
    median = np.maximum(np.minimum(low, high), np.minimum(np.maximum(low, high), middle))
    result = v.copy()
    dense = t[4:] - t[:-4] <= span_s
    result[2:-2][dense] = median[dense]
    return result
