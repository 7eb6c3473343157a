"""An engine in plain Python, for where PyVRP is not installed, and for stops that keep their place.

Iterated local search: pieces of the order change their place (or-opt) or turn round (2-opt).
While it searches, who comes too late is sent back in time and pays for it ("time warp"): one late
stop does not make all after it late, so the search sees which one is wrong. What does not fit is
left out, the cheapest first, and tried again whenever the order has changed.
"""

import random

from .clock import Thinking
from .day import LATE_WEIGHT, LUNCH

_LONGEST_PIECE = 3
# So many times the given seconds more, while no order is in time everywhere.
_PATIENCE = 5
# Rounds without anything better, for each stop, after which a small day is as good as it gets.
_STALLED = 12
_FAR = 10**9
_LUNCH = 0  # its number in the search; stops are 1, 2, …


def solve(day, seconds, seed=7):
    """An order of stops (with :data:`LUNCH` in it); those missing do not fit.

    :param float seconds: how long to think
    """
    search = _Search(day, seconds, random.Random(seed))  # nosec B311
    return [search.stops[number] for number in search.run()]


def _window(windows, now):
    """The window somebody can still make who is there now, else the last one."""
    return next((window for window in windows if now <= window[1]), windows[-1])


class _Search:
    """Orders are lists of numbers here: lists of plain values are what Python is quick with."""

    def __init__(self, day, seconds, rng):
        self.day, self.rng = day, rng
        self.clock = Thinking(seconds)
        self.patience = Thinking((1 + _PATIENCE) * seconds)
        self.stops = [LUNCH, *day.stops]
        lunch = day.lunch or (0, _FAR, 0)
        self.service = [lunch[2], *(stop.service for stop in day.stops)]
        self.windows = [((lunch[0], lunch[1]),), *(s.windows or ((0, _FAR),) for s in day.stops)]
        self.node = [None, *(stop.node for stop in day.stops)]
        self.place = [None, *(stop.place for stop in day.stops)]
        self.prize = [0, *(stop.prize for stop in day.stops)]
        self.is_free = [False, *(not stop.required for stop in day.stops)]
        self.pinned = any(place is not None for place in self.place)

    def run(self):
        order, out = self._fit(self._improve(self._begin()), [])
        best, best_out, best_value = order, out, self._value(order, out)
        if self._score(best) >= LATE_WEIGHT:
            self.clock = self.patience
        stalled = 0
        while not self._is_over() and len(order) > 2 and stalled < _STALLED * len(self.stops):
            trial, out = self._fit(self._improve(self._shake(best)), list(best_out))
            value = self._value(trial, out)
            stalled = 0 if value < best_value else stalled + 1
            if value <= best_value:
                best, best_out, best_value = trial, out, value
                if value < LATE_WEIGHT and self.clock is self.patience:
                    break
        return best

    def _is_over(self):
        return self.clock.is_over()

    # ------------------------------------------------------------------ judging

    def _states(self, order):
        """``(moment, place, warp, cost)`` before each position of the order, and at its end."""
        states = [(self.day.opens, self.day.start, 0, 0)]
        for number in order:
            states.append(self._step(*states[-1], number))
        return states

    def _step(self, now, here, warp, cost, number):
        node = self.node[number]
        if number:
            if here is not None:
                now += self.day.travel[here][node]
                cost += self.day.cost[here][node]
            here = node
        early, latest = _window(self.windows[number], now)
        if now > latest:
            warp += now - latest
            now = latest
        elif now < early:
            now = early
        return now + self.service[number], here, warp, cost

    def _score(self, order, first=0, state=None, limit=_FAR * LATE_WEIGHT):
        """What is made small, counted from a position on; ``limit`` as soon as it is passed."""
        now, here, warp, cost = state or (self.day.opens, self.day.start, 0, 0)
        travel, costs, windows = self.day.travel, self.day.cost, self.windows
        nodes, service = self.node, self.service
        for number in order[first:]:
            if number:
                node = nodes[number]
                if here is not None:
                    now += travel[here][node]
                    cost += costs[here][node]
                here = node
            early, latest = windows[number][0]
            if now > latest:
                early, latest = _window(windows[number], now)
            if now > latest:
                warp += now - latest
                now = latest
                if warp * LATE_WEIGHT + cost > limit:
                    return limit + 1
            elif now < early:
                now = early
            now += service[number]
        if here is not None and self.day.end is not None:
            now += travel[here][self.day.end]
            cost += costs[here][self.day.end]
        value = (warp + max(0, now - self.day.closes)) * LATE_WEIGHT + cost
        return value + self._misplaced(order) * LATE_WEIGHT * 3600 if self.pinned else value

    def _misplaced(self, order):
        stops = [number for number in order if number]
        return sum(self.place[number] not in (None, n) for n, number in enumerate(stops))

    def _value(self, order, out):
        return self._score(order) + sum(self.prize[number] for number in out)

    # ------------------------------------------------------------------ the first order

    def _begin(self):
        """By the end of the windows, or the nearest first; who keeps a place has it."""
        numbers = range(1, len(self.stops))
        free = [n for n in numbers if self.place[n] is None]
        if any(self.day.stops[n - 1].windows for n in free):
            orders = [
                sorted(free, key=lambda n: (self.windows[n][-1][1], self.windows[n][0][0])),
                sorted(free, key=lambda n: (self.windows[n][0][0], self.windows[n][-1][1])),
                sorted(free, key=lambda n: self.windows[n][0][0] + self.windows[n][-1][1]),
            ]
        else:
            orders = [self._nearest(free)]
        fixed = sorted(
            (n for n in numbers if self.place[n] is not None), key=lambda n: self.place[n]
        )
        for order in orders:
            for number in fixed:
                order.insert(min(self.place[number], len(order)), number)
        return min((self._with_lunch(order) for order in orders), key=self._score)

    def _nearest(self, numbers):
        left, order, here = list(numbers), [], self.day.start
        while left:
            row = self.day.cost[here] if here is not None else [0] * len(self.day.cost)
            near = min(left, key=lambda number, row=row: row[self.node[number]])
            left.remove(near)
            order.append(near)
            here = self.node[near]
        return order

    def _with_lunch(self, order):
        return self._insert(order, _LUNCH) if self.day.lunch else order

    def _insert(self, order, number):
        places = ([*order[:n], number, *order[n:]] for n in range(len(order) + 1))
        return min(places, key=self._score)

    # ------------------------------------------------------------------ what does not fit

    def _fit(self, order, out):
        """Leave out what makes the day late, then put back what fits after all."""
        order = list(order)
        while self._score(order) >= LATE_WEIGHT:
            free = [number for number in order if self.is_free[number]]
            if not free:
                break
            least = min(self.prize[number] for number in free)
            worst = min(
                (number for number in free if self.prize[number] == least),
                key=lambda number: self._score([one for one in order if one != number]),
            )
            order = [one for one in order if one != worst]
            out = [*out, worst]
        for number in sorted(out, key=lambda number: -self.prize[number]):
            trial = self._insert(order, number)
            if self._score(trial) < LATE_WEIGHT:
                order, out = trial, [one for one in out if one != number]
        return order, out

    # ------------------------------------------------------------------ moves

    def _improve(self, order):
        value, moved = self._score(order), True
        while moved and not self._is_over():
            moved = False
            states = self._states(order)
            for count, (first, trial) in enumerate(self._neighbours(order)):
                trial_value = self._score(trial, first, states[first], value - 1)
                if trial_value < value:
                    order, value, moved = trial, trial_value, True
                    break
                if count % 64 == 0 and self._is_over():
                    break
        return order

    def _neighbours(self, order):
        """``(first position that differs, order)`` of everything one move away."""
        count = len(order)
        firsts = list(range(count))
        self.rng.shuffle(firsts)
        for first in firsts:
            for length in range(1, min(_LONGEST_PIECE, count - first) + 1):
                piece, rest = order[first : first + length], order[:first] + order[first + length :]
                for place in range(len(rest) + 1):
                    if place != first:
                        yield min(first, place), rest[:place] + piece + rest[place:]
            for last in range(first + 2, count + 1):
                yield first, order[:first] + order[first:last][::-1] + order[last:]

    def _shake(self, order):
        order = list(order)
        for _move in range(self.rng.randint(2, 4)):
            number = order.pop(self.rng.randrange(len(order)))
            order.insert(self.rng.randint(0, len(order)), number)
        return order
