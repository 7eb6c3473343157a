"""The engine of PyVRP (MIT licence): one vehicle, a client for each window of each stop."""

try:
    import numpy as np
    import pyvrp
    from pyvrp import stop as stopping
except ImportError:  # the engine in plain Python takes over
    pyvrp = None

from .clock import Thinking
from .day import LUNCH

_FAR = 10**7
# Iterations without anything better, after which a small day is as good as it gets.
_STALLED = 4000


def is_there():
    """Whether PyVRP can be used."""
    return pyvrp is not None


def solve(day, seconds, seed=7):
    """An order of stops (with :data:`LUNCH`), or None when it found none that works."""
    clients, groups, meaning = _clients(day)
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _node in range(len(day.travel) + 1)],
        clients,
        _depots(day),
        [
            pyvrp.VehicleType(
                start_depot=0, end_depot=1, tw_early=day.opens, tw_late=min(day.closes, _FAR)
            )
        ],
        [_matrix(day.cost)],
        [_matrix(day.travel)],
        groups,
    )
    stop = stopping.MultipleCriteria([Thinking(seconds), stopping.NoImprovement(_STALLED)])
    result = pyvrp.solve(data, stop, seed=seed, collect_stats=False, display=False)
    if not result.is_feasible():
        return None
    routes = result.best.routes()
    return [meaning[one.idx] for one in routes[0] if one.is_client()] if routes else []


def _matrix(rows):
    """With one node more that is no way from anywhere: an open start or end."""
    count = len(rows)
    matrix = np.zeros((count + 1, count + 1), dtype=np.int64)
    matrix[:count, :count] = rows
    np.fill_diagonal(matrix, 0)
    return matrix


def _depots(day):
    nowhere = len(day.travel)
    return [pyvrp.Depot(nowhere if node is None else node) for node in (day.start, day.end)]


def _clients(day):
    """``(clients, groups, what each client stands for)``.

    Of the clients of one stop (a window each) one is visited. Lunch is a client at the place of
    each stop, of which one is visited as well: one eats where one is.
    """
    clients, groups, meaning = [], [], []

    def add(means, node, service, windows, prize, required):
        numbers = range(len(clients), len(clients) + len(windows))
        group = len(groups) if len(windows) > 1 else None
        for early, latest in windows:
            clients.append(
                pyvrp.Client(
                    node,
                    service_duration=service,
                    tw_early=early,
                    tw_late=min(latest, _FAR),
                    prize=0 if required else prize,
                    required=required and group is None,
                    group=group,
                )
            )
            meaning.append(means)
        if group is not None:
            groups.append(pyvrp.ClientGroup(list(numbers), required=required))

    for stop in day.stops:
        windows = stop.windows or ((0, _FAR),)
        add(stop, stop.node, stop.service, windows, stop.prize, stop.required)
    if day.lunch:
        _add_lunch(day, clients, groups, meaning)
    return clients, groups, meaning


def _add_lunch(day, clients, groups, meaning):
    early, latest, seconds = day.lunch
    nodes = sorted({stop.node for stop in day.stops})
    first = len(clients)
    group = len(groups) if len(nodes) > 1 else None
    for node in nodes:
        clients.append(
            pyvrp.Client(
                node,
                service_duration=seconds,
                tw_early=early,
                tw_late=latest,
                required=group is None,
                group=group,
            )
        )
        meaning.append(LUNCH)
    if group is not None:
        groups.append(pyvrp.ClientGroup(list(range(first, len(clients)))))
