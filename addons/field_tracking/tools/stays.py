"""Stays: where somebody was for five minutes or more, also across silences of the phone.

Anchor search on a projected track, then the circle is centred on the median and grown both ways,
so that one stray fix neither splits a stay nor moves its place. The textbook detector tests every
fix against the first one and breaks on the first outlier.
"""

from dataclasses import dataclass

import numpy as np

from .clean import quantile, smooth
from .settings import DEFAULT, Settings

#: A fix before a silence stands for at most this long when the place is averaged.
SILENT_WEIGHT_S = 600.0


@dataclass(slots=True)
class Span:
    """A stay as indices into the cleaned track; times in seconds, metres from the origin.

    ``arrival`` and ``departure`` are the fixes where ways end and begin: up to a minute inside the
    stay, so that the last metres to the door are counted.
    """

    first: int
    last: int
    start: float
    end: float
    x: float
    y: float
    arrival: int = -1
    departure: int = -1


def find_stays(
    t: np.ndarray, x: np.ndarray, y: np.ndarray, settings: Settings = DEFAULT
) -> list[Span]:
    """All stays of a cleaned, time-sorted track, in order, not overlapping."""
    if len(t) < 2:
        return []
    mx, my = smooth(t, x), smooth(t, y)
    spans = _search(t, mx, my, settings)
    spans = _add_silences(spans, t, x, y, settings)
    spans = _merge(spans, t, mx, my, settings)
    spans = [_tighten(span, t, mx, my, settings) for span in spans]
    return [span for span in spans if span.end - span.start >= settings.stay_min_s]


def _search(t: np.ndarray, x: np.ndarray, y: np.ndarray, settings: Settings) -> list[Span]:
    spans: list[Span] = []
    starts = _candidates(t, x, y, settings)
    floor = 0
    position = 0
    while position < len(starts):
        first = int(starts[position])
        last = _exit(first, x, y, settings.stay_radius) - 1
        if t[last] - t[first] >= settings.stay_min_s:
            span = _grow(first, last, floor, t, x, y, settings)
            spans.append(span)
            floor = span.last + 1
            position = int(np.searchsorted(starts, floor))
        else:
            position += 1
    return spans


def _candidates(t: np.ndarray, x: np.ndarray, y: np.ndarray, settings: Settings) -> np.ndarray:
    """Fixes that are still in the circle after 1, 2½ and 5 minutes: a stay can start only there.

    This test is vectorised and leaves the exact search almost nothing to do while driving.
    """
    limit = settings.stay_radius**2
    after = np.searchsorted(t, t + settings.stay_min_s)
    possible = np.flatnonzero(after < len(t))
    for share in (1.0, 0.5, 0.2):
        if share == 1.0:
            later = after[possible]
        else:
            moment = t[possible] + share * settings.stay_min_s
            later = np.searchsorted(t, moment, side="right") - 1
        inside = (x[later] - x[possible]) ** 2 + (y[later] - y[possible]) ** 2 <= limit
        possible = possible[inside]
    return possible


def _exit(first: int, x: np.ndarray, y: np.ndarray, radius: float) -> int:
    """Index of the first later fix outside the circle around ``first``."""
    low, size = first + 1, 64
    while low < len(x):
        high = min(low + size, len(x))
        far = (x[low:high] - x[first]) ** 2 + (y[low:high] - y[first]) ** 2 > radius**2
        hit = int(far.argmax())
        if far[hit]:
            return low + hit
        low, size = high, size * 4
    return len(x)


def _grow(
    first: int,
    last: int,
    floor: int,
    t: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    settings: Settings,
) -> Span:
    """Centre the circle on the median and extend it over everything that belongs to it."""
    for _round in range(2):
        centre = _centre(first, last, t, x, y)
        last = _reach(last, 1, len(t) - 1, centre, t, x, y, settings)
        first = _reach(first, -1, floor, centre, t, x, y, settings)
    return Span(first, last, float(t[first]), float(t[last]), *_centre(first, last, t, x, y))


def _centre(
    first: int, last: int, t: np.ndarray, x: np.ndarray, y: np.ndarray
) -> tuple[float, float]:
    """Median weighted by time: driving up makes many fixes, standing still perhaps one."""
    part = slice(first, last + 1)
    weight = np.append(np.minimum(np.diff(t[part]), SILENT_WEIGHT_S), 1.0)
    return _median(x[part], weight), _median(y[part], weight)


def _median(value: np.ndarray, weight: np.ndarray) -> float:
    order = np.argsort(value, kind="stable")
    total = np.cumsum(weight[order])
    return float(value[order[int(np.searchsorted(total, total[-1] / 2))]])


def _reach(
    index: int,
    step: int,
    limit: int,
    centre: tuple[float, float],
    t: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    settings: Settings,
) -> int:
    """The farthest fix in one direction that is inside, short absences forgiven."""
    size = 64
    while index != limit:
        stop = min(index + size, limit) if step > 0 else max(index - size, limit)
        window = np.arange(index + step, stop + step, step)
        near = (x[window] - centre[0]) ** 2 + (y[window] - centre[1]) ** 2
        inside = np.concatenate(([index], window[near <= settings.stay_radius**2]))
        absent = np.abs(np.diff(t[inside])) > settings.stay_excursion_s
        left = np.flatnonzero(absent & (np.abs(np.diff(inside)) > 1))
        if len(left):
            return int(inside[left[0]])
        index_new = int(inside[-1])
        if index_new == index and abs(t[stop] - t[index]) > settings.stay_excursion_s:
            return index
        if stop == limit:
            return index_new
        # enlarge while nothing new was found, else go on from there
        size = size * 4
        index = index_new
    return index


def _add_silences(
    spans: list[Span], t: np.ndarray, x: np.ndarray, y: np.ndarray, settings: Settings
) -> list[Span]:
    """A phone that falls silent and wakes up a little farther on stayed where it was.

    Tracker apps stop sending when still and wake up after 75-300 m, so the silence itself, slower
    than walking, is the evidence. Its end is set back by the walk to the place of waking up.
    """
    step = np.hypot(np.diff(x), np.diff(y))
    silence = np.diff(t)
    quiet = (silence >= settings.stay_min_s) & (step > settings.stay_radius)
    quiet &= (step <= settings.gap_reach) & (step < settings.gap_speed * silence)
    owner = {span.last: span for span in spans}
    found = list(spans)
    for before in np.flatnonzero(quiet):
        end = float(t[before + 1] - step[before] / settings.walk_speed)
        span = owner.get(int(before))
        if span is not None:
            span.end = end
        elif not any(one.first <= before <= one.last for one in spans):
            place = float(x[before]), float(y[before])
            found.append(Span(int(before), int(before), float(t[before]), end, *place))
    found.sort(key=lambda span: span.start)
    return found


def _merge(
    spans: list[Span], t: np.ndarray, x: np.ndarray, y: np.ndarray, settings: Settings
) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if merged and _is_same_place(merged[-1], span, x, y, settings):
            merged[-1] = _joined(merged[-1], span)
        else:
            merged.append(span)
    return merged


def _is_same_place(a: Span, b: Span, x: np.ndarray, y: np.ndarray, settings: Settings) -> bool:
    """Two stays at one place with nothing between them but a short or a very near absence."""
    if np.hypot(a.x - b.x, a.y - b.y) > settings.stay_radius:
        return False
    away = b.start - a.end
    if away <= settings.stay_excursion_s:
        return True
    between = slice(a.last + 1, b.first)
    distance = np.hypot(x[between] - a.x, y[between] - a.y)
    return away <= settings.stay_return_s and bool((distance <= settings.stay_reach).all())


def _joined(a: Span, b: Span) -> Span:
    """The union; the longer part decides the place."""
    weight = (b.end - b.start) / max(b.end - b.start + a.end - a.start, 1.0)
    x, y = a.x + (b.x - a.x) * weight, a.y + (b.y - a.y) * weight
    return Span(a.first, b.last, a.start, max(a.end, b.end), x, y)


def _tighten(span: Span, t: np.ndarray, x: np.ndarray, y: np.ndarray, settings: Settings) -> Span:
    """Cut the way in and the way out: a stay begins at the door, not 100 m before it."""
    distance = np.hypot(
        x[span.first : span.last + 1] - span.x, y[span.first : span.last + 1] - span.y
    )
    usual = quantile(distance, 0.5)
    core = min(max(settings.edge_min, 2 * usual), settings.stay_radius)
    near = distance <= core
    # both ends of a silence spent here belong to the stay, wherever in the circle they are
    silent = np.flatnonzero(np.diff(t[span.first : span.last + 1]) >= settings.stay_min_s)
    near[silent] = near[silent + 1] = True
    inside = np.flatnonzero(near)
    if not len(inside):
        return span
    first, last = span.first + int(inside[0]), span.first + int(inside[-1])
    if span.end > t[span.last]:  # ends with a silence, and that is where it was spent
        last = span.last
    end = span.end if last == span.last else float(t[last])
    centre = span.first + np.flatnonzero(distance <= max(usual, settings.edge_min / 6))
    in_time = centre[(centre >= first) & (t[centre] <= t[first] + settings.edge_s)]
    out_time = centre[(centre <= last) & (t[centre] >= t[last] - settings.edge_s)]
    arrival = int(in_time[0]) if len(in_time) else first
    departure = int(out_time[-1]) if len(out_time) else last
    return Span(first, last, float(t[first]), end, span.x, span.y, arrival, departure)
