"""Ways between stays and gaps."""

from dataclasses import dataclass

import numpy as np

from .gaps import Hole
from .settings import DEFAULT, Settings
from .stays import Span


@dataclass(slots=True)
class Leg:
    """A trip as indices into the cleaned track, ends included."""

    first: int
    last: int
    start: float
    end: float


def find_trips(
    t: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    spans: list[Span],
    holes: list[Hole],
    settings: Settings = DEFAULT,
) -> list[Leg]:
    """What lies between stays, cut at gaps; wandering within 200 m of the start is no trip.

    A trip begins at the departure fix of the stay before and ends at the arrival fix of the stay
    after, so that no metre between them is lost.
    """
    trips = []
    for first, last, start, end, between in _stretches(t, spans):
        pieces = _cut(t, holes, first, last, start, end)
        for piece in pieces:
            moved = between and len(pieces) == 1
            if piece.last > piece.first and (moved or _goes_away(piece, x, y, settings)):
                trips.append(piece)
    return trips


def _stretches(t: np.ndarray, spans: list[Span]) -> list[tuple[int, int, float, float, bool]]:
    """(first, last, start, end, has a stay at both ends) of everything outside stays."""
    result = []
    first, start = 0, float(t[0])
    for number, span in enumerate(spans):
        if span.first > first or number:
            result.append((first, span.arrival, start, span.start, number > 0))
        first, start = span.departure, span.end
    if first < len(t) - 1:
        result.append((first, len(t) - 1, start, float(t[-1]), False))
    return result


def _cut(
    t: np.ndarray, holes: list[Hole], first: int, last: int, start: float, end: float
) -> list[Leg]:
    pieces = []
    for hole in holes:
        if first <= hole.before < last:
            pieces.append(Leg(first, hole.before, start, hole.start))
            first, start = hole.before + 1, hole.end
    pieces.append(Leg(first, last, start, end))
    return pieces


def _goes_away(piece: Leg, x: np.ndarray, y: np.ndarray, settings: Settings) -> bool:
    part = slice(piece.first, piece.last + 1)
    reach = np.hypot(x[part] - x[piece.first], y[part] - y[piece.first])
    return bool(reach.max() >= settings.trip_reach)
