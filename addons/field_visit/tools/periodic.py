"""Which customer on which days, and in which order: the weeks of one person (or of some vehicles).

Ruin and recreate: strings of neighbouring stops are torn out of their days, each customer with all
his visits, and put back where they cost least, choosing again among the sets of days that suit him
("patterns"). Worse plans are accepted now and then, less and less often. After Christiaens and
Vanden Berghe, "Slack induction by string removals" (2020), with patterns instead of single days.

Whole numbers in, whole numbers out; node 0 is where days begin and end.
"""

import math
import random
import time
from dataclasses import dataclass, field
from itertools import combinations, pairwise

_STRING = 10  # longest string that is torn out
_REMOVED = 12  # customers torn out at once, on average
_BLINK = 0.01  # places that are overlooked, so that the same is not tried for ever
_HOT, _COLD = 0.3, 0.002  # temperature at the beginning and end, in mean ways
_KEPT = 0.8  # of what was confirmed, a new plan moves no more than the rest


@dataclass(frozen=True)
class Customer:
    """One customer with his visits in the period.

    :param id: what the caller calls him
    :param int node: his row in the matrix
    :param int service: what a visit takes of the day's limit
    :param tuple patterns: sets of days (numbers from 0) of which one is chosen
    :param confirmed: the pattern that people have agreed on, or None
    """

    id: object
    node: int
    service: int
    patterns: tuple
    confirmed: tuple | None = None
    demand: int = 0


@dataclass(frozen=True)
class Period:
    """:param list cost: ways between nodes, also counted against ``limits``
    :param list limits: what a route of each day may take (ways and service); 0 for no limit
    :param int vehicles: routes of a day
    :param int capacity: of a route, for goods; 0 for none
    """

    customers: tuple
    cost: list
    limits: list
    vehicles: int = 1
    capacity: int = 0


@dataclass
class PeriodPlan:
    """:param dict days: ``{customer id: pattern}``; ``routes``: for each day lists of customer ids
    :param list left_out: ids of customers that fit nowhere
    """

    cost: int = 0
    days: dict = field(default_factory=dict)
    routes: list = field(default_factory=list)
    left_out: list = field(default_factory=list)
    rounds: int = 0


def make_patterns(days, times, min_gap=1):
    """Sets of days for so many visits, evenly spread: the same weekday again where possible.

    :param list days: ``(week, weekday)`` of each day one may come, in order
    :returns: tuple of patterns; with few days fewer visits
    """
    if not days:
        return ()
    weeks = sorted({week for week, _weekday in days})
    weekdays = sorted({weekday for _week, weekday in days})
    number = {day: n for n, day in enumerate(days)}
    found = set()
    if times >= len(weeks):
        for chosen in combinations(weekdays, min(len(weekdays), math.ceil(times / len(weeks)))):
            if _apart(chosen, min_gap):
                found.add(_pick(number, [(w, d) for w in weeks for d in chosen], weekdays)[:times])
    else:
        every = len(weeks) / times
        for start in range(math.ceil(every)):
            chosen_weeks = [
                weeks[min(len(weeks) - 1, int(start + n * every))] for n in range(times)
            ]
            for weekday in weekdays:
                wanted = [(week, weekday) for week in chosen_weeks]
                found.add(_pick(number, wanted, weekdays))
    longest = max((len(pattern) for pattern in found), default=0)
    return tuple(sorted(pattern for pattern in found if pattern and len(pattern) == longest))


def _apart(weekdays, gap):
    return all(b - a >= gap for a, b in pairwise(weekdays))


def _pick(number, wanted, weekdays):
    """The numbers of these days; of a day one may not come, the nearest of the same week."""
    picked = []
    for week, weekday in wanted:
        near = sorted(weekdays, key=lambda other: abs(other - weekday))
        free = (number[week, d] for d in near if (week, d) in number)
        day = next((n for n in free if n not in picked), None)
        if day is not None:
            picked.append(day)
    return tuple(sorted(picked))


def solve(period, seconds, seed=1, progress=None, max_rounds=None):
    """The best plan found in the time.

    :param progress: called with a share from 0 to 1 now and then; it may stop the search by
        returning False
    """
    return _Search(period, random.Random(seed), progress).run(seconds, max_rounds)  # nosec B311


def balanced_days(period):
    """What people do by hand: days filled evenly, wherever the customers are.

    :returns: for each day the nodes to visit
    """
    load = [0] * len(period.limits)
    stops = [[] for _day in period.limits]
    for customer in sorted(period.customers, key=lambda one: (-len(one.patterns[0]), str(one.id))):
        best = min(customer.patterns, key=lambda pattern: sum(load[day] for day in pattern))
        for day in best:
            load[day] += 1
            stops[day].append(customer.node)
    return stops


def nearest_order(cost, nodes):
    """From the nearest node to the nearest, beginning at 0."""
    here, left, order = 0, list(nodes), []
    while left:
        here = min(left, key=lambda node, row=cost[here]: row[node])
        left.remove(here)
        order.append(here)
    return order


def length_of(cost, order):
    """The way from node 0 through the nodes and back."""
    return sum(cost[a][b] for a, b in zip((0, *order), (*order, 0), strict=True)) if order else 0


def nearest_neighbour(period):
    """The way of :func:`balanced_days`, each gone through from the nearest to the nearest."""
    return sum(
        length_of(period.cost, nearest_order(period.cost, nodes)) for nodes in balanced_days(period)
    )


class _Search:
    """Routes are lists of nodes between two zeros; a customer's number is his place in the list."""

    def __init__(self, period, rng, progress):
        self.period, self.rng, self.progress = period, rng, progress
        self.cost = period.cost
        self.customers = period.customers
        self.by_node = {customer.node: n for n, customer in enumerate(self.customers)}
        confirmed = [c for c in self.customers if c.confirmed is not None]
        self.may_move = math.floor((1 - _KEPT) * len(confirmed) + 1e-9)
        self.near = [self._neighbours(customer) for customer in self.customers]
        self.routes = [[[0, 0] for _v in range(period.vehicles)] for _day in period.limits]
        self.taken = [[0] * period.vehicles for _day in period.limits]
        self.loads = [[0] * period.vehicles for _day in period.limits]
        self.chosen = [None] * len(self.customers)
        self.missing = set()
        self.total = self.moved = 0

    def _neighbours(self, customer):
        row = self.cost[customer.node]
        return sorted(range(len(self.customers)), key=lambda n: row[self.customers[n].node])[:60]

    # ------------------------------------------------------------------ the search

    def run(self, seconds, max_rounds):
        began = time.monotonic()
        self._recreate(list(range(len(self.customers))))
        visits = max(1, sum(len(c.patterns[0]) for c in self.customers))
        self.penalty = 50 * max(1, self.total) // visits + 1
        mean = max(1.0, self.total / visits)
        hot, ratio = _HOT * mean, _COLD / _HOT
        best, value = self._copy(), self._value()
        best_value = value
        rounds, share = 0, 0.0
        while share < 1 and self.customers:
            if rounds % 32 == 0:
                passed = (time.monotonic() - began) / seconds
                share = max(passed, rounds / max_rounds if max_rounds else 0)
                if self.progress and rounds % 512 == 0 and self.progress(min(1, share)) is False:
                    break
            rounds += 1
            undo = self._ruin_and_recreate()
            now = self._value()
            if now < value + hot * ratio**share * -math.log(1 - self.rng.random()):
                value = now
                if now < best_value:
                    best, best_value = self._copy(), now
            else:
                self._restore(undo)
        return self._plan(best, rounds)

    def _value(self):
        return self.total + self.penalty * sum(
            len(self.customers[n].patterns[0]) for n in self.missing
        )

    def _copy(self):
        routes = [[list(route) for route in day] for day in self.routes]
        return routes, list(self.chosen), set(self.missing), self.total

    def _plan(self, best, rounds):
        routes, chosen, missing, total = best
        names = self.customers
        return PeriodPlan(
            total,
            {names[n].id: pattern for n, pattern in enumerate(chosen) if pattern is not None},
            [
                [[names[self.by_node[node]].id for node in route[1:-1]] for route in day]
                for day in routes
            ],
            [names[n].id for n in sorted(missing)],
            rounds,
        )

    # ------------------------------------------------------------------ ruin

    def _ruin_and_recreate(self):
        gone = self._choose()
        days = {day for n in gone for day in self.chosen[n] or ()}
        undo = {
            "days": {},
            "chosen": {n: self.chosen[n] for n in gone},
            "missing": set(self.missing),
            "total": self.total,
            "moved": self.moved,
        }
        self._keep(undo, days)
        for n in gone:
            self._remove(n)
        again = sorted(gone | self.missing)
        self._recreate(again, undo)
        return undo

    def _keep(self, undo, days):
        for day in days:
            if day not in undo["days"]:
                undo["days"][day] = (
                    [list(route) for route in self.routes[day]],
                    list(self.taken[day]),
                    list(self.loads[day]),
                )

    def _restore(self, undo):
        for day, (routes, taken, loads) in undo["days"].items():
            self.routes[day], self.taken[day], self.loads[day] = routes, taken, loads
        for n, pattern in undo["chosen"].items():
            self.chosen[n] = pattern
        self.missing, self.total, self.moved = undo["missing"], undo["total"], undo["moved"]

    def _choose(self):
        """Strings of stops round a customer, in the routes that come near him."""
        seed = self.rng.randrange(len(self.customers))
        wanted = self.rng.randint(1, 2 * _REMOVED)
        gone, touched = set(), set()
        for n in self.near[seed]:
            if len(gone) >= wanted:
                break
            if self.chosen[n] is None or n in gone:
                continue
            day = self.rng.choice(self.chosen[n])
            node = self.customers[n].node
            vehicle = next(v for v, route in enumerate(self.routes[day]) if node in route)
            if (day, vehicle) in touched:
                continue
            touched.add((day, vehicle))
            gone |= self._string(self.routes[day][vehicle], node, wanted - len(gone))
        return gone or {seed}

    def _string(self, route, node, most):
        length = self.rng.randint(1, max(1, min(_STRING, most, len(route) - 2)))
        place = route.index(node)
        first = max(1, place - self.rng.randrange(length))
        first = min(first, len(route) - 1 - length)
        return {self.by_node[other] for other in route[max(1, first) : max(1, first) + length]}

    def _remove(self, n):
        pattern = self.chosen[n]
        if pattern is None:
            return
        customer = self.customers[n]
        node, cost = customer.node, self.cost
        for day in pattern:
            for vehicle, route in enumerate(self.routes[day]):
                if node in route:
                    place = route.index(node)
                    before, after = route[place - 1], route[place + 1]
                    saved = cost[before][node] + cost[node][after] - cost[before][after]
                    del route[place]
                    self.taken[day][vehicle] -= saved + customer.service
                    self.loads[day][vehicle] -= customer.demand
                    self.total -= saved
                    break
        self.moved -= customer.confirmed is not None and pattern != customer.confirmed
        self.chosen[n] = None

    # ------------------------------------------------------------------ recreate

    def _recreate(self, numbers, undo=None):
        order = self.rng.randrange(4)
        if order == 0:
            self.rng.shuffle(numbers)
        elif order == 1:
            numbers.sort(key=lambda n: -len(self.customers[n].patterns[0]))
        elif order == 2:
            numbers.sort(key=lambda n: -self.cost[0][self.customers[n].node])
        else:
            numbers.sort(key=lambda n: -self.customers[n].demand - self.customers[n].service)
        for n in numbers:
            self._insert(n, undo)

    def _insert(self, n, undo):
        customer = self.customers[n]
        patterns = customer.patterns
        if customer.confirmed is not None and self.moved >= self.may_move:
            patterns = (customer.confirmed,)
        places, best, best_cost = {}, None, math.inf
        for pattern in patterns:
            cost = 0
            for day in pattern:
                if day not in places:
                    places[day] = self._best_place(customer, day)
                cost += places[day][0]
                if cost >= best_cost:
                    break
            else:
                best, best_cost = pattern, cost
        if best is None:
            self.missing.add(n)
            return
        if undo is not None:
            self._keep(undo, best)
            undo["chosen"].setdefault(n, None)
        for day in best:
            cost, vehicle, place = places[day]
            self.routes[day][vehicle].insert(place, customer.node)
            self.taken[day][vehicle] += cost + customer.service
            self.loads[day][vehicle] += customer.demand
        self.total += best_cost
        self.chosen[n] = best
        self.moved += customer.confirmed is not None and best != customer.confirmed
        self.missing.discard(n)

    def _best_place(self, customer, day):
        """``(cost, vehicle, place)`` on a day; infinite when it holds no more."""
        node, cost, blink = customer.node, self.cost, self.rng.random
        row, limit, capacity = cost[node], self.period.limits[day], self.period.capacity
        best, best_vehicle, best_place = math.inf, -1, -1
        empty = False
        for vehicle, route in enumerate(self.routes[day]):
            if len(route) == 2:
                if empty:
                    continue  # one empty route is like the other
                empty = True
            if capacity and self.loads[day][vehicle] + customer.demand > capacity:
                continue
            room = limit - self.taken[day][vehicle] - customer.service if limit else math.inf
            here = 0
            to_here = row[0]
            for place in range(1, len(route)):
                there = route[place]
                to_there = row[there]
                way = to_here + to_there - cost[here][there]
                if way < best and way <= room and blink() > _BLINK:
                    best, best_vehicle, best_place = way, vehicle, place
                here, to_here = there, to_there
        return best, best_vehicle, best_place
