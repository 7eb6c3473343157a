"""What another system may send as one row, and what is wrong with it, field by field."""

import math
import re

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_COUNTRY = re.compile(r"[A-Za-z]{2}")


def storable(value):
    """What was sent, without what no database keeps: NUL, halves of a surrogate pair."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode(errors="replace").decode()
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {storable(name): storable(item) for name, item in value.items()}
    return value


def check(row, fields, names):
    """What is wrong with one row.

    :param row: anything that JSON can hold
    :param dict fields: ``{name: (kind, longest text or range)}``; kinds: ``text mail country
        number integer flag texts``
    :param tuple names: of these fields one at least must hold a text
    :returns: ``[(field, code)]``, empty when it can be taken; the field is "" for the whole.
        Codes: ``not_an_object unknown_field not_text too_long not_an_address not_a_number
        out_of_range not_a_flag not_a_country not_a_list name_missing lat_lng_together``
    """
    if not isinstance(row, dict):
        return [("", "not_an_object")]
    found = [(str(name)[:60], "unknown_field") for name in row if name not in fields]
    for name, (kind, limit) in fields.items():
        value = row.get(name)
        if value is not None and (code := _CHECKS[kind](value, limit)):
            found.append((name, code))
    if not any(isinstance(row.get(name), str) and row[name].strip() for name in names):
        found.append((names[0], "name_missing"))
    if (row.get("lat") is None) != (row.get("lng") is None):
        found.append(("lat", "lat_lng_together"))
    return found


def _check_text(value, limit):
    if not isinstance(value, str) or storable(value) != value:
        return "not_text"
    return "too_long" if len(value) > limit else None


def _check_mail(value, limit):
    return _check_text(value, limit) or (
        None if _MAIL.fullmatch(value.strip()) else "not_an_address"
    )


def _check_country(value, limit):
    fits = isinstance(value, str) and _COUNTRY.fullmatch(value)
    return None if fits else "not_a_country"


def _check_number(value, limit):
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "not_a_number"
    return None if limit[0] <= value <= limit[1] else "out_of_range"


def _check_integer(value, limit):
    return "not_a_number" if isinstance(value, float) else _check_number(value, limit)


def _check_flag(value, limit):
    return None if isinstance(value, bool) else "not_a_flag"


def _check_texts(value, limit):
    if not isinstance(value, list) or len(value) > limit:
        return "not_a_list"
    return next((code for item in value if (code := _check_text(item, 60))), None)


_CHECKS = {
    "text": _check_text,
    "mail": _check_mail,
    "country": _check_country,
    "number": _check_number,
    "integer": _check_integer,
    "flag": _check_flag,
    "texts": _check_texts,
}
