"""Which clock would have run out first while somebody held a lead."""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Period:
    """One person's time with one lead; ``end`` is None while he holds it."""

    lead_id: int
    name: str
    user_id: int
    start: datetime
    end: datetime | None = None
    converted_at: datetime | None = None
    won: bool = False
    recycled_by: str | None = None


def first_breach(period, touches, now, after, limits):
    """The first clock that runs out within a period.

    :param touches: ``[(at, is_contact, is_followup)]``, oldest first
    :param after: ``after(start, hours=…)`` or ``after(start, days=…)`` gives a deadline
    :param limits: hours to the first contact, days to each follow-up, days to the conversion; 0
        for a clock that does not run
    :returns: ``(clock, moment)`` or None
    """
    hours, follow, convert = limits
    end = min(period.end or now, now)
    converted = period.converted_at if (period.converted_at or end) <= end else None
    if converted and converted >= period.start:
        end = min(end, converted)  # the clocks are done then
    found = []
    if hours:
        contact = next((at for at, is_contact, _f in touches if is_contact), None)
        found.append(("contact", _missed(contact, after(period.start, hours=hours))))
    if follow:
        found.append(("followup", _missed_follow_up(period.start, touches, after, follow)))
    if convert:
        found.append(("convert", after(period.start, days=convert)))
    due = [(at, clock) for clock, at in found if at and at < end]
    return (min(due)[1], min(due)[0]) if due else None


def _missed(met_at, deadline):
    return None if met_at and met_at <= deadline else deadline


def _missed_follow_up(start, touches, after, days):
    deadline = after(start, days=days)
    for at, _contact, is_followup in touches:
        if is_followup and at <= deadline:
            deadline = max(deadline, after(at, days=days))
    return deadline
