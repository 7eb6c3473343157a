"""The truth score of a visit: 0-100 from proofs that do not depend on each other.

Each line of the sum is shown to the person first; the weights below are the whole of it.
"""

from dataclasses import dataclass

PLACE, TIME, PHOTO, WITNESS, OUTCOME, TRAVEL, FRESH = 25, 20, 15, 15, 10, 10, 5
#: A fix older than this says where somebody was, not where he is (seconds).
FRESH_S = 60


@dataclass(frozen=True)
class Facts:
    """What is known of one visit; ``fence`` and ``presence`` as the visit's fields say them,
    ``travel`` is 1 where nothing speaks against the way there."""

    on_site: bool = True
    fence: str | None = None
    presence: str = "unknown"
    minutes: float = 0.0
    least: int = 0
    photos: int = 0
    witness: bool = False
    answered: int = 0
    steps: int = 0
    productive: bool = False
    fix_age: float | None = None
    travel: float = 0.0
    insisted: bool = False
    coded: bool = False


def lines(facts):
    """``[(key, points, most)]``, the most that could be had always being 100 in sum.

    A phone or video visit has no place: its time and its outcome weigh for all of it.
    """
    if not facts.on_site:
        shares = (("outcome", _outcome(facts), 60), ("time", _length(facts), 40))
        return [(key, round(most * share), most) for key, share, most in shares]
    shares = (
        ("place", _place(facts), PLACE),
        ("time", _time(facts), TIME),
        ("photo", float(facts.photos > 0), PHOTO),
        ("witness", float(facts.witness), WITNESS),
        ("outcome", _outcome(facts), OUTCOME),
        ("travel", facts.travel, TRAVEL),
        ("fresh", _fresh(facts), FRESH),
    )
    return [(key, round(most * share), most) for key, share, most in shares]


def score(facts):
    """The sum of :func:`lines`."""
    return sum(points for _key, points, _most in lines(facts))


def _place(facts):
    if facts.presence == "contradicted":
        return 0.0
    if facts.presence == "verified":
        return 1.0
    share = {"inside": 1.0, "maybe": 0.7}.get(facts.fence, 0.0)
    share = share / 2 if facts.insisted else share
    # the customer's code hangs at his place: it says so also where no satellite is seen
    return max(share, 0.7) if facts.coded else share


def _time(facts):
    if facts.presence == "verified":
        return 1.0
    if facts.presence in ("partial", "contradicted"):
        return 0.3 if facts.presence == "partial" else 0.0
    return 0.5 * _length(facts)


def _length(facts):
    if not facts.least:
        return 1.0
    return min(1.0, facts.minutes / facts.least)


def _outcome(facts):
    if facts.productive:
        return 1.0
    return facts.answered / facts.steps if facts.steps else 0.0


def _fresh(facts):
    if facts.fix_age is None:
        return 0.0
    return 1.0 if facts.fix_age <= FRESH_S else 0.3
