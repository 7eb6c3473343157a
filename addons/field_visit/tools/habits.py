"""Habits that make a figure look better than the work behind it.

Pure functions over the visits of one person. None of them proves anything: what they find is shown
to the person first, who knows why it is so.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Words shorter than this are the same for everybody ("ok", "closed").
LEAST_LETTERS = 4
#: Steps answered within this time of each other were not done one after the other.
SAME_TIME = timedelta(seconds=1)
#: A note says something new with so many words nobody has read from this person lately.
NEW_WORDS = 2
_LETTER = re.compile(r"[^\W\d_]")
# Chinese, Japanese, Korean: two signs are about a word.
_SIGNS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Seen:
    """A visit that is over: its words, when its steps were answered, if anything came of it."""

    id: int
    at: datetime
    notes: tuple[str, ...] = ()
    answered: tuple[datetime, ...] = ()
    outcome: bool = False


@dataclass(frozen=True)
class Habit:
    """What was found: in which visits, in their order, and a sample of it in words."""

    kind: str
    ids: tuple[int, ...]
    sample: str = ""


def letters(text):
    """Only the letters, in small: a date or a full stop more makes no other note of it."""
    return "".join(_LETTER.findall(text or "")).casefold()


def words(text):
    """The set of words of a text; of Chinese, each pair of neighbouring signs."""
    text = (text or "").casefold()
    found = set(_WORD.findall(_SIGNS.sub(" ", text)))
    for run in _SIGNS.findall(text):
        found.update(run[i : i + 2] for i in range(max(1, len(run) - 1)))
    return found


def copied(visits, least):
    """The same words in ``least`` visits or more; 0 looks for none."""
    found = {}
    for visit in sorted(visits, key=_order):
        for key, note in {letters(note): note for note in visit.notes}.items():
            if len(key) >= LEAST_LETTERS:
                found.setdefault(key, []).append((visit.id, note.strip()))
    return [
        Habit("copied", tuple(one for one, _note in rows), rows[0][1])
        for rows in found.values()
        if least and len(rows) >= least
    ]


def at_once(visits, least):
    """Visits with ``least`` steps or more answered in the same second, as one habit or none."""
    ids = tuple(
        visit.id
        for visit in sorted(visits, key=_order)
        if least and _most_at_once(visit.answered) >= least
    )
    return [Habit("at_once", ids)] if ids else []


def _most_at_once(moments):
    moments, first, most = sorted(moments), 0, 0
    for last, moment in enumerate(moments):
        while moment - moments[first] > SAME_TIME:
            first += 1
        most = max(most, last - first + 1)
    return most


def fruitless(visits, least):
    """Runs of ``least`` visits or more, one after the other, that nothing came of."""
    found, run = [], []
    for visit in sorted(visits, key=_order):
        if visit.outcome:
            found.append(run)
            run = []
        else:
            run.append(visit.id)
    return [Habit("fruitless", tuple(ids)) for ids in [*found, run] if least and len(ids) >= least]


def newly_said(visits):
    """Ids of the visits whose notes have words that none of the earlier ones had."""
    known, fresh = set(), []
    for visit in sorted(visits, key=_order):
        said = set().union(*map(words, visit.notes))
        if len(said - known) >= NEW_WORDS:
            fresh.append(visit.id)
        known |= said
    return fresh


def _order(visit):
    return visit.at, visit.id
