"""The cursor of a pull: where a phone stands, as one opaque text.

It names the list of rows the phone has (``shelf``), for each collection the oldest transaction
whose changes the phone may have missed (``seen``), and how far a long answer has got (``page``).
"""

import base64
import binascii
import json
from dataclasses import dataclass, field

VERSION = 1


@dataclass
class Cursor:
    """:param str shelf: token of the list of what is on the phone
    :param int at: when it was given, seconds since 1970
    :param list mark: ``[id, transaction]`` of the newest change at that time: a database that does
        not have it is another one, say a restored backup
    :param dict seen: ``{collection: transaction}``
    :param page: ``[collection, last id, transaction]`` while a collection is under way
    """

    shelf: str = ""
    at: int = 0
    mark: list = field(default_factory=lambda: [0, 0])
    seen: dict = field(default_factory=dict)
    page: list | None = None

    def encode(self):
        """The text that the phone sends back next time."""
        parts = [VERSION, self.shelf, self.at, self.mark, self.seen, self.page]
        raw = json.dumps(parts, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text):
    """The cursor of a text, or ``None`` when it is none of ours."""
    if not isinstance(text, str) or not 0 < len(text) <= 4096 or not text.isascii():
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        version, *parts = json.loads(raw)
        cursor = Cursor(*parts)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return None
    return cursor if version == VERSION and _is_sound(cursor) else None


def _is_sound(cursor):
    page = cursor.page
    return (
        isinstance(cursor.shelf, str)
        and _is_count(cursor.at)
        and isinstance(cursor.mark, list)
        and len(cursor.mark) == 2
        and all(map(_is_count, cursor.mark))
        and isinstance(cursor.seen, dict)
        and all(map(_is_count, cursor.seen.values()))
        and (page is None or _is_page(page))
    )


def _is_page(page):
    return (
        isinstance(page, list)
        and len(page) == 3
        and isinstance(page[0], str)
        and all(map(_is_count, page[1:]))
    )


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
