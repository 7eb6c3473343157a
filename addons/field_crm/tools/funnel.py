"""From counts by farthest stage to a funnel. Pure, no ORM."""

from dataclasses import dataclass
from itertools import pairwise


@dataclass
class Step:
    """One stage of the funnel, for the deals of a cohort.

    ``reached``: deals that were ever in this stage or in a later one; ``conversion``: how many of
    them also reached the next stage, 0..1, ``None`` for the last one or without deals;
    ``standing``/``lost``: deals that are there now and open, or that were lost there.
    """

    stage: int
    reached: int = 0
    amount: float = 0.0
    standing: int = 0
    standing_amount: float = 0.0
    lost: int = 0
    lost_amount: float = 0.0
    conversion: float | None = None


def build(order, counts):
    """The funnel of a cohort.

    A deal that skipped stages has passed them: what counts is how far it ever came, not through
    which columns it was dragged. A deal that went back still counts where it once was.

    :param order: stage ids, first to last
    :param counts: rows ``(farthest stage, present stage, status, deals, amount)`` with the status
        ``pending``, ``won`` or ``lost``; a farthest stage that is not in ``order`` counts
        as the first
    :return: list of `Step`, in order
    """
    steps = {stage: Step(stage) for stage in order}
    if not order:
        return []
    place = {stage: index for index, stage in enumerate(order)}
    for farthest, present, status, deals, amount in counts:
        for stage in order[: place.get(farthest, 0) + 1]:
            steps[stage].reached += deals
            steps[stage].amount += amount
        here = steps.get(present) or steps[order[0]]
        if status == "lost":
            here.lost += deals
            here.lost_amount += amount
        elif status == "pending":
            here.standing += deals
            here.standing_amount += amount
    for stage, following in pairwise(order):
        if steps[stage].reached:
            steps[stage].conversion = steps[following].reached / steps[stage].reached
    return list(steps.values())
