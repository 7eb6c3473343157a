"""Which stages a move goes through. Pure, no ORM."""

from typing import NamedTuple


class Crossing(NamedTuple):
    """What a move asks for: the exit conditions of `left`, the entry conditions of `entered`."""

    left: tuple
    entered: tuple


def crossing(order, start, end):
    """The stages a deal leaves and enters on its way forward, skipped ones included.

    :param order: all stages of the deal's pipeline, first to last
    :param start: stage the deal stands in; ``None``: it is not in the pipeline yet
    :param end: stage it shall stand in
    :return: `Crossing`; empty for a move backwards, to the same place or to an unknown stage
    """
    if end not in order:
        return Crossing((), ())
    last = order.index(end)
    if start is None:
        # A new deal comes in through the first stage, which asks nothing of it.
        return Crossing(tuple(order[:last]), tuple(order[1 : last + 1]))
    first = order.index(start) if start in order else -1
    if last <= first:
        return Crossing((), ())
    return Crossing(tuple(order[max(first, 0) : last]), tuple(order[first + 1 : last + 1]))
