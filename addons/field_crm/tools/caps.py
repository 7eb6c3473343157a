"""What limits on holding and claiming would have done to a pool's past."""

from dataclasses import dataclass, field


@dataclass
class Use:
    """What one person did with a pool, and how much of it the limits would have let pass."""

    claims: int = 0
    most_held: int = 0
    most_in_a_day: int = 0
    refused: int = 0
    held: list = field(default_factory=list)  # ends of what he holds, None: until now
    days: dict = field(default_factory=dict)  # claims that passed


def try_caps(periods, holding_cap, per_day, day_of):
    """Claims one after the other, under two limits.

    A claim that is refused is not held either, and leaves room for the next one.
    What the person really held at once and claimed in a day is told without the limits.

    :param periods: list of :class:`~.breach.Period`, in any order
    :param holding_cap: leads held at once, 0 for no limit; ``per_day``: claims in a day
    :param day_of: ``day_of(period)`` gives the claimer's own date
    :returns: ``{user id: Use}``
    """
    uses, real = {}, {}
    for period in sorted(periods, key=lambda p: p.start):
        use = uses.setdefault(period.user_id, Use())
        day = day_of(period)
        held, days = real.setdefault(period.user_id, ([], {}))
        held[:] = [end for end in held if end is None or end > period.start] + [period.end]
        days[day] = days.get(day, 0) + 1
        use.claims += 1
        use.most_held = max(use.most_held, len(held))
        use.most_in_a_day = max(use.most_in_a_day, days[day])
        use.held = [end for end in use.held if end is None or end > period.start]
        is_full = holding_cap and len(use.held) >= holding_cap
        if is_full or (per_day and use.days.get(day, 0) >= per_day):
            use.refused += 1
        else:
            use.held.append(period.end)
            use.days[day] = use.days.get(day, 0) + 1
    return uses
