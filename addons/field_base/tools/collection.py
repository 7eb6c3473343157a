"""What one list on the phone is made of, and how its rows travel."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Collection:
    """A list the phone keeps a copy of; modules name theirs in ``field.app._collections()``.

    :param str model: of the records; they are searched and read as the person himself
    :param domain: which records are on this person's phone
    :param fields: names of fields to send; also those whose change sends a row again
    :param str order: which records come first when there are more than ``cap``
    :param int cap: at most this many are on the phone
    :param rows: ``rows(records) -> [{"id": …, …}]`` where plain fields are not enough
    :param bool digest: rows are compared by content instead of by the change log: for a few rows
        that are computed from many models (at most 500)
    :param dict watch: ``{"child.model": "many2one_id"}``: a change there sends the parent again
    """

    model: str
    domain: object
    fields: tuple = ()
    order: str = "id"
    cap: int = 1000
    rows: Callable | None = None
    digest: bool = False
    watch: dict = field(default_factory=dict)

    def rows_of(self, records):
        """Rows of these records as they travel, in the order of the records."""
        if self.rows:
            return self.rows(records)
        return [
            {name: plain(value) for name, value in row.items()}
            for row in records.read(["id", *self.fields], load=None)
        ]


def plain(value):
    """A field's value as JSON: times in UTC with a Z, nothing is null."""
    if value is False or value is None:
        return None
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def row_digest(row):
    """Short fingerprint of a row, to see whether it has changed."""
    text = json.dumps(row, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
