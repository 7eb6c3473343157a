"""Fewer points for the screen; figures are never made from thinned tracks."""

import heapq

import numpy as np


def thin(x: np.ndarray, y: np.ndarray, most: int) -> np.ndarray:
    """Indices of at most ``most`` points that keep the shape (Douglas-Peucker by importance).

    Always splits where the line is off most, so corners survive and standing still does not cost
    points. First and last stay.
    """
    count = len(x)
    if count <= most or count < 3:
        return np.arange(count)
    keep = {0, count - 1}
    heap = [_worst(x, y, 0, count - 1)]
    while heap and len(keep) < most:
        off, first, middle, last = heapq.heappop(heap)
        if off == 0:
            break
        keep.add(middle)
        for a, b in ((first, middle), (middle, last)):
            if b - a > 1:
                heapq.heappush(heap, _worst(x, y, a, b))
    return np.array(sorted(keep))


def _worst(x: np.ndarray, y: np.ndarray, first: int, last: int) -> tuple[float, int, int, int]:
    """(minus the distance, first, farthest, last) of the points between two ends."""
    dx, dy = x[last] - x[first], y[last] - y[first]
    px, py = x[first + 1 : last] - x[first], y[first + 1 : last] - y[first]
    square = dx * dx + dy * dy
    along = np.clip((px * dx + py * dy) / square, 0, 1) if square else 0.0
    off = (px - along * dx) ** 2 + (py - along * dy) ** 2
    worst = int(off.argmax())
    return -float(off[worst]), first, first + 1 + worst, last
