"""The day as it was planned against the day as it was.

A visit more than planned is no fault, so it stands apart: who reacts to a customer's call is not
punished for it.
"""

from dataclasses import dataclass

import numpy as np

from .zones import Fence, flat, segment_distance

#: Metres beside the planned line that still are the planned way.
CORRIDOR_M = 1000.0


@dataclass(frozen=True, slots=True)
class Stop:
    """A planned visit: its turn in the plan, and when it really began (None: not done)."""

    turn: int
    done_at: float | None = None
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """``states`` per stop: in_order, out_of_order or missed; metres outside the corridor."""

    states: list[str]
    off_plan_m: float

    @property
    def done(self) -> int:
        return sum(state != "missed" for state in self.states)

    @property
    def in_order(self) -> int:
        return self.states.count("in_order")

    @property
    def score(self) -> float:
        """Share of the planned visits that were done, 0..1."""
        return self.done / len(self.states) if self.states else 0.0


def compare(stops: list[Stop], lat: np.ndarray, lon: np.ndarray) -> Comparison:
    """Compare a plan with what was done and with the cleaned track.

    :param stops: in the order of the plan
    """
    done = sorted((s.done_at, s.turn) for s in stops if s.done_at is not None)
    kept = _longest_rising([turn for _at, turn in done])
    states = [
        "missed" if s.done_at is None else "in_order" if s.turn in kept else "out_of_order"
        for s in stops
    ]
    return Comparison(states, _off_plan([s.place for s in stops if s.place], lat, lon))


def _longest_rising(turns: list[int]) -> set[int]:
    """The largest set of stops that were done in the planned order: one that was moved to the end
    of the day does not make all others wrong."""
    best: list[list[int]] = []
    for turn in turns:
        before = max((chain for chain in best if chain[-1] < turn), key=len, default=[])
        best.append([*before, turn])
    return set(max(best, key=len, default=[]))


def _off_plan(places: list[tuple[float, float]], lat: np.ndarray, lon: np.ndarray) -> float:
    """Metres of the track farther than the corridor from the line through the stops."""
    if len(places) < 2 or len(lat) < 2:
        return 0.0
    origin = Fence(*places[0])
    px, py = flat(origin, *np.array(places, dtype=float).T)
    x, y = flat(origin, lat, lon)
    nearest = np.full(len(x), np.inf)
    for ax, ay, bx, by in zip(px[:-1], py[:-1], px[1:], py[1:], strict=True):
        nearest = np.minimum(nearest, segment_distance(x, y, ax, ay, bx - ax, by - ay))
    far = nearest > CORRIDOR_M
    return float(np.hypot(np.diff(x), np.diff(y))[far[:-1] & far[1:]].sum())
