"""The one door to the engines: give a day, get an order that has been checked.

An answer of PyVRP is walked through by :func:`.day.walk` like everybody's; if it does not work out,
or PyVRP is not installed, the engine in plain Python answers.
"""

from dataclasses import dataclass, replace

from . import python_engine, pyvrp_engine
from .day import LUNCH, Walk, score, walk

#: Seconds of thinking that are enough for a person's day.
SECONDS = 0.2
_FEW = 15


@dataclass
class Plan:
    """The order, what happens in it, and what does not fit."""

    walk: Walk
    left_out: list  # ids, the most important first
    engine: str  # "pyvrp" or "python"


def solve(day, seconds=None, engine=None):
    """The best order found for a day.

    Stops with a ``place`` keep it. What is not ``required`` may be missing from the order: it is in
    ``left_out`` then, and so is what is required when even that does not fit.

    :param float seconds: time to think; half of :data:`SECONDS` for up to 15 stops when not given
    :param str engine: ``python`` leaves PyVRP aside
    """
    seconds = seconds or (SECONDS if len(day.stops) > _FEW else SECONDS / 2)
    use_pyvrp = engine != "python" and pyvrp_engine.is_there() and len(day.stops) > 1
    order = None
    if use_pyvrp:
        order = _with_pyvrp(day, seconds)
    name = "pyvrp"
    if order is None:
        order, name = _with_python(day, seconds), "python"
    done = {stop.id for stop in order if stop is not LUNCH}
    left = sorted((s for s in day.stops if s.id not in done), key=lambda s: (-s.required, -s.prize))
    return Plan(walk(day, order), [stop.id for stop in left], name)


def _with_pyvrp(day, seconds):
    """PyVRP's order, or None when it cannot answer or its answer does not work out."""
    head = _fixed_head(day)
    if head is None:
        return None
    rest = _rest_after(day, head) if head else day
    if rest is None:
        return None
    tail = pyvrp_engine.solve(rest, seconds) if rest.stops else []
    if tail is None:  # it works for nobody: then for as many as possible
        free = tuple(replace(s, required=False, prize=_must(day)) for s in rest.stops if s.required)
        free += tuple(s for s in rest.stops if not s.required)
        tail = pyvrp_engine.solve(replace(rest, stops=free), seconds)
        if tail is None:
            return None
        known = {stop.id: stop for stop in day.stops}
        tail = [LUNCH if stop is LUNCH else known[stop.id] for stop in tail]
    order = _best_lunch(day, [*head, *(stop for stop in tail if stop is not LUNCH)], tail, head)
    return order if walk(day, order).is_feasible else None


def _with_python(day, seconds):
    order = python_engine.solve(day, seconds)
    if walk(day, order).is_feasible or not any(stop.required for stop in day.stops):
        return order
    known = {stop.id: stop for stop in day.stops}
    free = [
        s if not s.required else replace(s, required=False, prize=_must(day))
        for s in known.values()
    ]
    order = python_engine.solve(replace(day, stops=tuple(free)), seconds)
    return [LUNCH if stop is LUNCH else known[stop.id] for stop in order]


def _must(day):
    return 10 * (1 + sum(stop.prize for stop in day.stops)) + 10**7


def _fixed_head(day):
    """The stops that keep the first places, in order; None when others keep theirs further on."""
    fixed = sorted((s for s in day.stops if s.place is not None), key=lambda s: s.place)
    if [stop.place for stop in fixed] != list(range(len(fixed))):
        return None
    return fixed


def _rest_after(day, head):
    """The day that is left after the first stops; None when they are late by themselves."""
    before = walk(replace(day, end=None, lunch=None, stops=tuple(head)), head)
    if before.late:
        return None
    lunch = day.lunch if day.lunch and before.ends_at <= day.lunch[1] else None
    fixed = {stop.id for stop in head}
    rest = tuple(stop for stop in day.stops if stop.id not in fixed)
    return replace(day, stops=rest, start=head[-1].node, opens=before.ends_at, lunch=lunch)


def _best_lunch(day, stops, tail, head):
    """The engine's place for lunch, or a better one: it is cheap to try them all."""
    if not day.lunch:
        return stops
    trials = [[*stops[:n], LUNCH, *stops[n:]] for n in range(len(stops) + 1)]
    trials.append([*head, *tail])
    return min((one for one in trials if LUNCH in one), key=lambda order: score(day, order))
