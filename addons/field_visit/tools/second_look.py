"""Who is drawn for a second look: chance decides, not anybody's liking. Pure functions."""

import secrets
from collections.abc import Callable, Mapping


def is_drawn(percent: int, below: Callable[[int], int] = secrets.randbelow) -> bool:
    """Whether one of many is drawn, ``percent`` of a hundred in the long run.

    :param below: gives a random number from 0 to below its argument; one nobody can foresee
    """
    return below(100) < percent


def draw_one(busy: Mapping, choose: Callable = secrets.choice):
    """Of those who may look, one of the least busy, by chance; None when there is nobody.

    :param busy: how much each has to do already
    """
    if not busy:
        return None
    least = min(busy.values())
    return choose([one for one in busy if busy[one] == least])
