"""Where another system stands in a resource, as one opaque text; see ``tools/cursor.py`` for that
of a phone."""

import base64
import binascii
import json
from dataclasses import astuple, dataclass

VERSION = 1


@dataclass
class Place:
    """:param str name: of the resource
    :param int at: when it was given, seconds since 1970
    :param int mark_id: newest change at that time, and
    :param int mark_xid: its transaction: a database without it is another one, say a restored one
    :param int since: the transaction from which on changes are due; 0 while everything is read
    :param int after: the last id of a round that is under way
    :param int upto: the transaction from which on the next round reads
    """

    name: str
    at: int
    mark_id: int
    mark_xid: int
    since: int = 0
    after: int = 0
    upto: int = 0

    def encode(self):
        """The text for ``since`` next time."""
        raw = json.dumps([VERSION, *astuple(self)], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text):
    """The place of a text, or ``None`` when it is none of ours."""
    if not 0 < len(text) <= 400 or not text.isascii():
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        version, *parts = json.loads(raw)
        place = Place(*parts)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return None
    sound = isinstance(place.name, str) and all(map(_is_count, astuple(place)[1:]))
    return place if version == VERSION and sound else None


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
