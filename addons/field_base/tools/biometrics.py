"""What must never be stored, whoever sends it: the numbers a face was made into."""

import re

from .payload import is_number

#: Descriptors of faces have 128 numbers and more. They are parts of a vector of length 1, which
#: tells them from prices, counts and places: a long form must never be taken for a face.
_LEAST = 64
_NAME = re.compile(r"(face_?)?(descriptor|embedding)s?|face_?(print|template)s?", re.IGNORECASE)
#: The same as text: JSON, or numbers with blanks or commas.
_NUMBER = r"(?<![\d.])-?[01]?\.\d{1,20}(e-?\d+)?[\s,;]{1,9}"
_TEXT = re.compile(f"({_NUMBER}){{{_LEAST - 1}}}", re.IGNORECASE)


def holds_template(value):
    """Whether a value that was read from JSON holds a face template, at whatever depth."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            if any(_NAME.fullmatch(str(key)) for key in item) or _is_array(item):
                return True
            todo += item.values()
        elif isinstance(item, list):
            if _is_vector(item):
                return True
            todo += item
        elif isinstance(item, str) and _TEXT.search(item):
            return True
    return False


def _is_array(item):
    """What JSON makes of a typed array: keys 0, 1, 2, …"""
    return all(key == str(n) for n, key in enumerate(item)) and _is_vector(list(item.values()))


def _is_vector(values):
    return (
        len(values) >= _LEAST
        and all(is_number(value) and -1 <= value <= 1 for value in values)
        and any(isinstance(value, float) for value in values)
    )
