"""A day with its stops, and what happens when one goes through them in some order.

Times are seconds since local midnight. :func:`walk` is the one judge of every plan, whichever
engine made it: it knows nothing about how the order came to be.
"""

from dataclasses import dataclass, field

#: Stands in an order where lunch is taken: at the place one is at.
LUNCH = None
#: A lateness of one second is worse than any way through a town (seconds).
LATE_WEIGHT = 100_000
# No window at all.
_ANY = ((0, 10**9),)


@dataclass(frozen=True)
class Stop:
    """One visit to be made.

    :param id: what the caller calls it
    :param int node: its row in the matrices
    :param int service: seconds it takes
    :param tuple windows: ``((earliest, latest), …)`` for the *begin*; empty for any time
    :param int prize: what leaving it out costs, against seconds (or metres) of travel
    :param bool required: False: it may be left out at its prize
    :param place: keeps this place in the order (0 is the first stop), or None
    """

    id: object
    node: int
    service: int = 0
    windows: tuple = ()
    prize: int = 0
    required: bool = True
    place: int | None = None


@dataclass(frozen=True)
class Day:
    """Everything an engine needs to know.

    :param list travel: seconds from node to node; ``metres`` likewise
    :param start: node one leaves from, None: the day begins at the first stop
    :param end: node one comes back to, None: the day ends with the last stop
    :param tuple lunch: ``(earliest begin, latest begin, seconds)`` or None
    :param str minimise: ``time`` or ``distance``
    """

    stops: tuple
    travel: list
    metres: list
    start: int | None = None
    end: int | None = None
    opens: int = 0
    closes: int = 10**9
    lunch: tuple | None = None
    minimise: str = "time"

    @property
    def cost(self):
        """The matrix that is made small."""
        return self.metres if self.minimise == "distance" else self.travel


@dataclass
class Walk:
    """What happens in a day; ``late`` of 0 means that it works out."""

    order: list
    arrive: dict = field(default_factory=dict)  # stop id: when one gets there
    begin: dict = field(default_factory=dict)  # stop id: when the visit begins
    leaves_at: int = 0
    ends_at: int = 0
    lunch_at: int | None = None
    travel: int = 0
    metres: int = 0
    waiting: int = 0
    late: int = 0
    misplaced: int = 0  # stops that had to keep their place and did not
    cost: int = 0

    @property
    def is_feasible(self):
        return not self.late and not self.misplaced


def begin_of(windows, moment):
    """``(begin, late)``: when a visit begins for who is there at ``moment``."""
    late = 0
    for early, latest in windows or _ANY:
        if moment <= latest:
            return max(moment, early), 0
        late = moment - latest
    return moment, late


def walk(day, order):
    """Go through the stops in this order, leaving as late as the first one allows.

    :param list order: :class:`Stop` and :data:`LUNCH`
    """
    done = _walk_from(day, order, day.opens)
    first = next((stop for stop in order if stop is not LUNCH), None)
    if first is None or order[0] is LUNCH:
        return done
    wait = done.begin[first.id] - done.arrive[first.id]
    return _walk_from(day, order, day.opens + wait) if wait > 0 else done


def _walk_from(day, order, opens):
    now, here = opens, day.start
    found = Walk(order=[stop.id for stop in order if stop is not LUNCH], leaves_at=opens)
    place = 0
    for stop in order:
        if stop is LUNCH:
            early, latest, seconds = day.lunch
            begin, late = begin_of(((early, latest),), now)
            found.lunch_at, now = begin, begin + seconds
            found.late += late
            continue
        now = _drive(day, found, here, stop.node, now)
        here = stop.node
        begin, late = begin_of(stop.windows, now)
        found.arrive[stop.id], found.begin[stop.id] = now, begin
        found.waiting += begin - now
        found.late += late
        found.misplaced += stop.place is not None and stop.place != place
        now, place = begin + stop.service, place + 1
    now = _drive(day, found, here, day.end, now)
    found.ends_at = now
    found.late += max(0, now - day.closes)
    return found


def _drive(day, found, here, there, now):
    if here is None or there is None:
        return now
    found.travel += day.travel[here][there]
    found.metres += day.metres[here][there]
    found.cost += day.cost[here][there]
    return now + day.travel[here][there]


def score(day, order):
    """``lateness × LATE_WEIGHT + cost`` of an order: :func:`walk` without what only people read."""
    now, here, late, cost = day.opens, day.start, 0, 0
    travel, costs = day.travel, day.cost
    for stop in order:
        if stop is LUNCH:
            early, latest, seconds = day.lunch
            late += max(0, now - latest)
            now = max(now, early) + seconds
            continue
        if here is not None:
            now += travel[here][stop.node]
            cost += costs[here][stop.node]
        here = stop.node
        if stop.windows:
            now, over = begin_of(stop.windows, now)
            late += over
        now += stop.service
    if here is not None and day.end is not None:
        now += travel[here][day.end]
        cost += costs[here][day.end]
    return (late + max(0, now - day.closes)) * LATE_WEIGHT + cost
