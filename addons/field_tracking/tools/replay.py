"""The same day twice: places equal to five decimals, in the same order.

Two honest drives along one road meet in a square metre now and then, never fifty times in a row.
A day is remembered as a sample of its shingles (hashes of five places in a row), a few hundred
numbers; only a day whose sample fits is compared point by point.
"""

import numpy as np

SHINGLE = 5
#: One of so many shingles is kept; which one depends on the places alone.
KEEP_EVERY = 4
_MIX = np.uint64(0x9E3779B97F4A7C15)


def places(lat: np.ndarray, lon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``(keys, index)``: one number per place of about a metre, standing still counted once."""
    rows = np.round(np.asarray(lat, dtype=float) * 1e5).astype(np.int64) + 9_000_000
    columns = np.round(np.asarray(lon, dtype=float) * 1e5).astype(np.int64) + 18_000_000
    keys = rows * 40_000_000 + columns
    if not len(keys):
        return keys, np.zeros(0, dtype=int)
    index = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[index], index


def shingles(keys: np.ndarray) -> np.ndarray:
    """One hash for each ``SHINGLE`` places in a row (uint64)."""
    value = np.zeros(max(len(keys) - SHINGLE + 1, 0), dtype=np.uint64)
    unsigned = keys.astype(np.uint64)
    for offset in range(SHINGLE if len(value) else 0):
        value = (value ^ unsigned[offset : offset + len(value)]) * _MIX
        value ^= value >> np.uint64(29)
    return value


def fingerprint(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Sorted sample of the day's shingles (int64)."""
    keys, _index = places(lat, lon)
    value = shingles(keys)
    kept = value[value % np.uint64(KEEP_EVERY) == 0]
    return np.unique(kept.astype(np.int64))


def looks_alike(mine: np.ndarray, other: np.ndarray, points: int) -> bool:
    """Whether two samples share enough for a closer look at ``points`` equal places."""
    least = max((points - SHINGLE) // (KEEP_EVERY * 3), 2)
    return len(np.intersect1d(mine, other, assume_unique=True)) >= least


def longest_repeat(lat, lon, other_lat, other_lon) -> tuple[int, int, int]:
    """``(count, first, last)``: the longest stretch of this day whose places all come, in the same
    order, in the other day too; first and last are indices into this day's fixes."""
    keys, index = places(lat, lon)
    others, _index = places(other_lat, other_lon)
    same = np.isin(shingles(keys), shingles(others)).astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], same, [0]))))
    best = (0, 0, 0)
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        count = int(end - begin) + SHINGLE - 1
        if count > best[0]:
            best = (count, int(index[begin]), int(index[end + SHINGLE - 2]))
    return best
