"""When somebody was inside a fence: with hysteresis, confirmation, and honesty about silences.

A phone that lies still near a fence reports itself on both sides of it, and some phones put
themselves 200 m off several times within minutes while claiming 2 m accuracy. So the way out is
longer than the way in, and neither counts before it is confirmed:

* in: on or inside the line, by a fix whose accuracy is no worse than the fence is wide;
* out: beyond the line by a tenth of the radius (20 m at least), the fix's own accuracy deducted;
* both by two fixes in a row; leaving also takes the tolerance of the fence to be believed. One fix
  inside, or less than a minute, is passing by.

The day is judged as a whole and in the order of the fixes' times, so that late positions change
nothing but when it is known.
"""

from dataclasses import dataclass

import numpy as np

from .clean import EARTH_M
from .settings import DEFAULT, Settings

#: What a fix that does not know its accuracy is taken for.
UNKNOWN_ACCURACY = 30.0
#: A bad fix gets at most this benefit of the doubt on the way out.
ACCURACY_CAP = 50.0
MARGIN_MIN, MARGIN_SHARE = 20.0, 0.1
#: Shorter than this inside is passing by.
PASS_S = 60.0


@dataclass(frozen=True, slots=True)
class Fence:
    """A circle, or a polygon when ``corners`` are given; degrees, metres, seconds.

    ``lat``/``lon`` are the centre (of a polygon: any place near it).
    """

    lat: float
    lon: float
    radius: float = 0.0
    corners: tuple[tuple[float, float], ...] = ()
    margin: float | None = None
    tolerance_s: float = 120.0

    @property
    def way_out(self) -> float:
        """Metres beyond the line from which somebody counts as outside."""
        if self.margin is not None:
            return self.margin
        return max(MARGIN_MIN, MARGIN_SHARE * self.radius)


@dataclass(frozen=True, slots=True)
class Presence:
    """One time inside (or past) a fence; seconds since 1970.

    ``after``: the last moment known outside before it, None when the track begins inside.
    ``before``: the first moment known outside after it, None when the track ends inside.
    """

    start: int
    end: int
    after: int | None
    before: int | None
    passing: bool
    fixes: int


def reach(fence: Fence) -> float:
    """Metres from ``lat``/``lon`` within which everything of the fence lies."""
    if not fence.corners:
        return fence.radius
    lat, lon = np.array(fence.corners, dtype=float).T
    x, y = flat(fence, lat, lon)
    return float(np.hypot(x, y).max())


def flat(fence: Fence, lat: np.ndarray, lon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Metres east and north of the fence's own place."""
    east = lon - fence.lon
    if np.abs(east).max(initial=0.0) > 180.0:  # seldom, and a modulo of thousands of fixes is dear
        east = (east + 180.0) % 360.0 - 180.0
    metre = EARTH_M * np.radians(1.0)
    return east * (metre * np.cos(np.radians(fence.lat))), (lat - fence.lat) * metre


def signed_distance(fence: Fence, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Metres from the line of the fence; negative inside."""
    return _line_distance(
        fence, *flat(fence, np.asarray(lat, dtype=float), np.asarray(lon, dtype=float))
    )


def _line_distance(fence: Fence, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    if not fence.corners:
        return np.hypot(x, y) - fence.radius
    return _polygon_distance(fence, x, y)


def _polygon_distance(fence: Fence, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """To the nearest edge; inside by counting the edges that a ray to the east crosses."""
    lat, lon = np.array(fence.corners, dtype=float).T
    px, py = flat(fence, lat, lon)
    nearest = np.full(len(x), np.inf)
    inside = np.zeros(len(x), dtype=bool)
    for ax, ay, bx, by in zip(px, py, np.roll(px, -1), np.roll(py, -1), strict=True):
        nearest = np.minimum(nearest, segment_distance(x, y, ax, ay, bx - ax, by - ay))
        if ay != by:
            crosses = (ay > y) != (by > y)
            inside ^= crosses & (x < ax + (y - ay) / (by - ay) * (bx - ax))
    return np.where(inside, -nearest, nearest)


def segment_distance(x, y, ax, ay, dx, dy):
    """Metres between points (x, y) and segments from (ax, ay) by (dx, dy); all may be arrays."""
    square = np.maximum(dx * dx + dy * dy, 1e-9)
    share = np.clip(((x - ax) * dx + (y - ay) * dy) / square, 0.0, 1.0)
    return np.hypot(x - ax - share * dx, y - ay - share * dy)


def find_presences(
    fence: Fence,
    t: np.ndarray,
    lat: np.ndarray,
    lon: np.ndarray,
    accuracy: np.ndarray,
    stays: list[tuple[float, float, float, float]] = (),
    settings: Settings = DEFAULT,
) -> list[Presence]:
    """All times inside the fence, and the times somebody only passed through it.

    :param t: seconds since 1970, sorted; fixes that are believed (see :mod:`.clean`)
    :param accuracy: metres, nan = unknown
    :param stays: (start, end, lat, lon) of the day: a phone that falls silent inside and wakes
        up outside was inside as long as the stay lasted
    """
    if not len(t):
        return []
    x, y = flat(fence, np.asarray(lat, dtype=float), np.asarray(lon, dtype=float))
    distance = _line_distance(fence, x, y)
    doubt = np.where(np.isfinite(accuracy), accuracy, UNKNOWN_ACCURACY)
    width = max(fence.radius, ACCURACY_CAP)
    inside = (distance <= 0) & (doubt <= width)
    outside = distance - np.minimum(doubt, ACCURACY_CAP) > fence.way_out
    found = []
    if inside.any():
        signs = _Signs(t, distance, inside, outside)
        for first, last in _runs(signs, fence):
            if last > first or last + 1 < len(t):  # a single last fix is not confirmed yet
                found.append(_presence(fence, first, last, signs, stays, settings))
    found += _crossings(fence, t, x, y, distance, outside, settings)
    return sorted(found, key=lambda one: (one.start, one.end))


@dataclass(frozen=True, slots=True)
class _Signs:
    """What the fixes of a track say about one fence."""

    t: np.ndarray
    distance: np.ndarray
    inside: np.ndarray
    outside: np.ndarray


def _runs(signs: _Signs, fence: Fence) -> list[tuple[int, int]]:
    """(first fix inside, last fix inside) of each time inside."""
    runs: list[tuple[int, int]] = []
    told = np.flatnonzero(signs.inside | signs.outside)  # between the lines a fix says nothing
    says, index = signs.inside[told], 0
    while index < len(told):
        entered = index + int(says[index:].argmax())
        if not says[entered]:
            break
        last, index = _follow(entered, signs.t[told], says, fence)
        runs.append((int(told[entered]), int(told[last])))
    return runs


def _follow(entered: int, t: np.ndarray, says: np.ndarray, fence: Fence) -> tuple[int, int]:
    """(last one inside, where to look on) for a time inside that begins at ``entered``."""
    last, count = entered, len(t)
    while True:
        out = last + int((~says[last:]).argmax())
        if says[out]:  # inside until the end
            return count - 1, count
        last = out - 1
        back = out + int(says[out:].argmax())
        returned = bool(says[back])
        away = t[back if returned else count - 1] - t[out]
        if (back if returned else count) - out > 1 and away >= fence.tolerance_s:
            return last, back if returned else count
        if not returned:  # a last fix outside that nobody has confirmed
            return last, count
        last = back


def _is_confirmed(first: int, last: int, signs: _Signs) -> bool:
    """Two fixes inside; or one before a silence that is long enough."""
    if int(signs.inside[first : last + 1].sum()) > 1:
        return True
    return bool(signs.t[last + 1] - signs.t[last] >= PASS_S)


def _presence(
    fence: Fence,
    first: int,
    last: int,
    signs: _Signs,
    stays: list[tuple[float, float, float, float]],
    settings: Settings,
) -> Presence:
    t = signs.t
    before = np.flatnonzero(signs.outside[:first])
    after = last + 1 + np.flatnonzero(signs.outside[last + 1 :])
    start, end = float(t[first]), float(t[last])
    if len(before) and start - t[before[-1]] <= settings.gap_min_s:
        start = _crossing(t, signs.distance, before[-1], first)
    if len(after) and t[after[0]] - end <= settings.gap_min_s:
        end = _crossing(t, signs.distance, after[0], last)
    elif len(after):
        end = _stayed_until(fence, end, float(t[after[0]]), stays)
    short = len(before) and len(after) and end - start < PASS_S
    return Presence(
        round(start),
        round(end),
        int(t[before[-1]]) if len(before) else None,
        int(t[after[0]]) if len(after) else None,
        passing=bool(short) or not _is_confirmed(first, last, signs),
        fixes=int(signs.inside[first : last + 1].sum()),
    )


def _crossing(t: np.ndarray, distance: np.ndarray, out: np.intp, within: int) -> float:
    """When the line was crossed between a fix outside and one inside, at even speed."""
    share = distance[out] / max(distance[out] - distance[within], 1e-9)
    return float(t[out] + (t[within] - t[out]) * min(max(share, 0.0), 1.0))


def _stayed_until(
    fence: Fence, end: float, limit: float, stays: list[tuple[float, float, float, float]]
) -> float:
    """The end of the stay inside the fence that covers the silence, else the last fix."""
    for start, stop, lat, lon in stays:
        if start <= end < stop and signed_distance(fence, np.array([lat]), np.array([lon]))[0] <= 0:
            return min(stop, limit)
    return end


def _crossings(
    fence: Fence,
    t: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    distance: np.ndarray,
    outside: np.ndarray,
    settings: Settings,
) -> list[Presence]:
    """Ways straight through the fence between two fixes outside it."""
    dx, dy = np.diff(x), np.diff(y)
    # No way through is shorter than the ways of both its ends to the line (1 m for rounding).
    both = np.flatnonzero(distance[:-1] + distance[1:] <= np.hypot(dx, dy) + 1.0)
    both = both[outside[both] & outside[both + 1] & (t[both + 1] - t[both] <= settings.gap_min_s)]
    if not len(both):
        return []
    limit = reach(fence)
    dx, dy = dx[both], dy[both]
    near = segment_distance(0.0, 0.0, x[both], y[both], dx, dy) <= limit
    if fence.corners:
        corners = flat(fence, *np.array(fence.corners, dtype=float).T)
        near &= _cuts(corners, x[both], y[both], dx, dy)
    return [
        Presence(int(t[n]), int(t[n + 1]), int(t[n]), int(t[n + 1]), passing=True, fixes=0)
        for n in both[near]
    ]


def _cuts(corners, x, y, dx, dy) -> np.ndarray:
    """Whether segments cut any edge of the polygon."""
    px, py = corners
    result = np.zeros(len(x), dtype=bool)
    for ax, ay, bx, by in zip(px, py, np.roll(px, -1), np.roll(py, -1), strict=True):
        ex, ey = bx - ax, by - ay
        side_a = dx * (ay - y) - dy * (ax - x)
        side_b = dx * (by - y) - dy * (bx - x)
        side_p = ex * (y - ay) - ey * (x - ax)
        side_q = ex * (y + dy - ay) - ey * (x + dx - ax)
        result |= (side_a * side_b <= 0) & (side_p * side_q <= 0)
    return result
