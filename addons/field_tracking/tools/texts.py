"""Sentences filled from facts, and the clock on the wall."""

import re
from datetime import timezone
from zoneinfo import ZoneInfo

_PLACE = re.compile(r"%\((\w+)\)s")


def fill(sentence: str, facts: dict) -> str:
    """``%(name)s`` replaced by facts; what is not known becomes an ellipsis, never an error: the
    sentence is a translation somebody may have edited."""
    return _PLACE.sub(lambda match: _word(facts.get(match[1])), sentence)


def _word(value) -> str:
    if value is None or isinstance(value, list | dict):
        return "…"
    return f"{value:g}" if isinstance(value, float) else str(value)


def local_clock(moment, tz: str) -> str:
    """``09:41`` at the place, of a naive UTC moment."""
    return moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(tz)).strftime("%H:%M")
