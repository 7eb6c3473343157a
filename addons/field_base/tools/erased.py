"""What one step of the retention has erased, for its certificate."""

from dataclasses import dataclass
from datetime import datetime

from .canonical import sha256_hex


@dataclass(frozen=True)
class RetentionKind:
    """A kind of data with its own time to be kept; modules name theirs in
    ``field.retention._get_kinds()``.

    :param str key: the model method ``_erase_<key>(company, users, cutoff, limit)`` erases it
    :param str rule: the policy field with the number of days
    :param str label: in the reader's language
    """

    key: str
    rule: str
    label: str


@dataclass(frozen=True)
class Erased:
    """How much of what was erased; ``digest`` is made of what it was, not of what is left."""

    model: str
    count: int
    first: datetime | None
    last: datetime | None
    digest: str


def erased(model, facts):
    """Summary of rows about to be erased.

    :param facts: ``[(moment, text)]``, one a row: when it was, and what tells it from others
    """
    facts = sorted((moment or datetime.min, text) for moment, text in facts)
    moments = [moment for moment, _text in facts if moment != datetime.min]
    lines = "\n".join(f"{moment.isoformat()} {text}" for moment, text in facts)
    return Erased(
        model, len(facts), min(moments, default=None), max(moments, default=None), sha256_hex(lines)
    )
