"""Fewer points for the screen; figures are never made from thinned tracks."""

import numpy as np


def thin(t: np.ndarray, x: np.ndarray, y: np.ndarray, most: int) -> np.ndarray:
    """Indices of at most ``most`` points from which the movement can be played again.

    Drops, again and again, the points that are nearest to where they would be expected at their
    time between their neighbours. Time counts, not only shape: of forty minutes at one place the
    arrival and the departure stay, else the marker would creep for forty minutes. First and last
    always stay.
    """
    kept = np.arange(len(t))
    while len(kept) > max(most, 2):
        error = _errors(t[kept], x[kept], y[kept])
        surplus = len(kept) - max(most, 2)
        # neighbours depend on each other: only the smallest of its surroundings goes in a round
        calm = np.ones(len(error), dtype=bool)
        calm[1:] &= error[1:] <= error[:-1]
        calm[:-1] &= error[:-1] < error[1:]
        candidates = np.flatnonzero(calm)
        if len(candidates) > surplus:
            candidates = candidates[np.argpartition(error[candidates], surplus - 1)[:surplus]]
        kept = np.delete(kept, candidates + 1)
    return kept


def _errors(t: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Metres (squared) between each inner point and its neighbours' straight, even movement."""
    share = (t[1:-1] - t[:-2]) / np.maximum(t[2:] - t[:-2], 1e-9)
    dx = x[:-2] + (x[2:] - x[:-2]) * share - x[1:-1]
    dy = y[:-2] + (y[2:] - y[:-2]) * share - y[1:-1]
    return dx * dx + dy * dy


#: Degrees are kept to a tenth of a metre.
DEGREES = 1e6


def pack(piece: dict) -> list:
    """``{"t", "lat", "lng", "kmh"}`` as four lists of small differences: a third of the space."""
    columns = (
        np.asarray(piece["t"]),
        np.round(np.asarray(piece["lat"]) * DEGREES),
        np.round(np.asarray(piece["lng"]) * DEGREES),
        np.asarray(piece["kmh"]),
    )
    return [np.diff(column.astype(np.int64), prepend=0).tolist() for column in columns]


def unpack(columns: list) -> dict:
    """What :func:`pack` was given, places to a tenth of a metre."""
    t, lat, lng, kmh = (np.cumsum(column) for column in columns)
    return {
        "t": t.tolist(),
        "lat": (lat / DEGREES).tolist(),
        "lng": (lng / DEGREES).tolist(),
        "kmh": kmh.tolist(),
    }
