"""Lines of a customer's card that are more than one field: their hours and their people.

What somebody proposes is read here: a checked copy, or ``ValueError``.
"""

import math

#: What is known of a contact person.
CONTACT = ("name", "function", "phone", "email")
MOST_HOURS = 21
MOST_LETTERS = 200


def read_hours(value):
    """Visiting hours ``[[weekday "0".."6", from, to]]`` in hours of the day, sorted.

    An empty list: any time is fine.
    """
    if not isinstance(value, list) or len(value) > MOST_HOURS:
        raise ValueError("hours")
    return sorted(_read_window(window) for window in value)


def _read_window(window):
    if not isinstance(window, list) or len(window) != 3:
        raise ValueError("hours")
    weekday, start, end = window
    if not isinstance(weekday, str) or weekday not in tuple("0123456"):
        raise ValueError("weekday")
    if not all(_is_number(hour) for hour in (start, end)) or not 0 <= start < end <= 24:
        raise ValueError("hours")
    return [weekday, float(start), float(end)]


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def read_contact(value):
    """A person at the customer's: ``{"name", "function"?, "phone"?, "email"?}``, tidied up."""
    if not isinstance(value, dict) or not set(value) <= set(CONTACT):
        raise ValueError("contact")
    if not all(isinstance(text, str) and len(text) <= MOST_LETTERS for text in value.values()):
        raise ValueError("contact")
    found = {key: value[key].strip() for key in CONTACT if (value.get(key) or "").strip()}
    if "name" not in found:
        raise ValueError("name")
    return found


def read_place(lat, lng):
    """A point on the earth: ``(lat, lng)``."""
    if not _is_number(lat) or not _is_number(lng) or abs(lat) > 90 or abs(lng) > 180:
        raise ValueError("place")
    return float(lat), float(lng)


def clock(hour):
    """``9.5`` as 9:30."""
    minutes = round(hour * 60)
    return f"{minutes // 60}:{minutes % 60:02d}"
