"""Reading what a device sent: every helper returns a checked value or raises FieldRejected.

Nothing here trusts a type. ``True`` is not a number, ``"12"`` is not 12, and a missing key is told
by its name.
"""

import re
import uuid as uuidlib

from odoo.tools import LazyTranslate

from .errors import FieldRejected
from .times import parse_instant

_lt = LazyTranslate(__name__)

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
MAX_NUMBER = 1.7976931348623157e308
_KINDS = {
    str: _lt("text"),
    int: _lt("a whole number"),
    float: _lt("a number"),
    bool: _lt("true or false"),
    dict: _lt("an object"),
    list: _lt("a list"),
}


def is_number(value):
    """True for an int or float that is finite as a float too; booleans are not numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= MAX_NUMBER  # False for NaN; an int is compared exactly, however long


def is_uuid(value):
    """True for a UUID written with dashes, in either case."""
    return isinstance(value, str) and bool(_UUID.fullmatch(value))


def _fits(value, kind):
    if kind is float:
        return is_number(value)
    if kind is int:
        return is_number(value) and isinstance(value, int)
    return isinstance(value, kind)


def _check(key, value, kind):
    if not _fits(value, kind):
        raise FieldRejected(
            "bad_payload", _lt("“%(field)s” must be %(kind)s.", field=key, kind=_KINDS[kind])
        )
    return float(value) if kind is float else value


def require_payload(payload, required, optional=None):
    """Checked copy of a payload with exactly the keys asked for.

    :param dict payload: as sent
    :param dict required: ``{"visit_uuid": str, "value": float}``; types as in ``_KINDS``
    :param dict optional: likewise; a missing or null key comes back as ``None``
    :raises FieldRejected: ``bad_payload`` with the name of the first field that is wrong
    """
    if not isinstance(payload, dict):
        raise FieldRejected("bad_payload", _lt("The payload must be an object."))
    values = {}
    for key, kind in required.items():
        if payload.get(key) is None:
            raise FieldRejected("bad_payload", _lt("“%(field)s” is missing.", field=key))
        values[key] = _check(key, payload[key], kind)
    for key, kind in (optional or {}).items():
        value = payload.get(key)
        values[key] = None if value is None else _check(key, value, kind)
    return values


def read_uuid(payload, key, required=True):
    """A UUID in lower case, or ``None`` when it may be missing and is."""
    value = payload.get(key)
    if value is None and not required:
        return None
    if value is None:
        raise FieldRejected("bad_payload", _lt("“%(field)s” is missing.", field=key))
    if not is_uuid(value):
        raise FieldRejected("bad_payload", _lt("“%(field)s” must be a UUID.", field=key))
    return str(uuidlib.UUID(value))


def read_instant(payload, key, required=True):
    """An ISO 8601 instant as naive UTC datetime, or ``None``."""
    value = payload.get(key)
    if value is None and not required:
        return None
    try:
        return parse_instant(value)
    except (ValueError, IndexError) as exc:
        message = _lt("“%(field)s” must be a time such as 2026-11-23T09:41:07Z.", field=key)
        raise FieldRejected("bad_payload", message) from exc


def read_position(value, required=False):
    """A POSITION: ``{"lat", "lng", "accuracy": m | None, "fix_age": s | None}``.

    :param value: the position itself (``payload.get("position")``)
    :returns: a dict with all four keys, or ``None`` when none was sent and none is required
    :raises FieldRejected: ``bad_position``
    """
    if value is None and not required:
        return None
    if value is None:
        raise FieldRejected("bad_position", _lt("The position is missing."))
    if not isinstance(value, dict):
        raise FieldRejected("bad_position", _lt("The position must be an object."))
    lat, lng = value.get("lat"), value.get("lng")
    if not (is_number(lat) and -90 <= lat <= 90):
        raise FieldRejected("bad_position", _lt("The latitude must be between -90 and 90."))
    if not (is_number(lng) and -180 <= lng <= 180):
        raise FieldRejected("bad_position", _lt("The longitude must be between -180 and 180."))
    extras = {key: _read_extra(value, key) for key in ("accuracy", "fix_age")}
    return {"lat": float(lat), "lng": float(lng), **extras}


def _read_extra(value, key):
    extra = value.get(key)
    if extra is None:
        return None
    if not (is_number(extra) and 0 <= extra <= 1e9):
        message = _lt("“%(field)s” of the position must be a positive number.", field=key)
        raise FieldRejected("bad_position", message)
    return float(extra)
