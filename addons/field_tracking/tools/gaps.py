"""Silences that no stay explains: between them nobody knows where the phone was."""

from dataclasses import dataclass

import numpy as np

from .settings import DEFAULT, Settings
from .stays import Span


@dataclass(slots=True)
class Hole:
    """The leg from fix ``before`` to the next one; index into the cleaned track."""

    before: int
    start: float
    end: float


def find_gaps(t: np.ndarray, spans: list[Span], settings: Settings = DEFAULT) -> list[Hole]:
    """Legs longer than five minutes outside every stay.

    A phone that is silent while it stays at one place is the normal case, not a gap: tracker apps
    send nothing when still.
    """
    holes = []
    for before in np.flatnonzero(np.diff(t) > settings.gap_min_s):
        start, end = float(t[before]), float(t[before + 1])
        covered = any(span.start <= start and span.end > start for span in spans)
        if not covered:
            holes.append(Hole(int(before), start, end))
    return holes
