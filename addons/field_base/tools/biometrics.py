"""What must never be stored, whoever sends it: the numbers a face was made into."""

import re

from .payload import is_number

#: Descriptors of faces have 128 numbers and more; nothing else that is sent has so many in a row.
_LEAST = 64
_NAME = re.compile(r"(face_?)?(descriptor|embedding)s?|face_?(print|template)s?", re.IGNORECASE)
#: The same as text: JSON, or numbers with commas.
_NUMBER = r"-?\d{0,3}\.\d{1,20}(e-?\d+)?[\s,;]{1,9}"
_TEXT = re.compile(f"({_NUMBER}){{{_LEAST - 1}}}", re.IGNORECASE)


def holds_template(value):
    """Whether a value that was read from JSON holds a face template, at whatever depth."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            if any(_NAME.fullmatch(str(key)) for key in item) or _is_vector(item.values()):
                return True
            todo += item.values()
        elif isinstance(item, list):
            if _is_vector(item):
                return True
            todo += item
        elif isinstance(item, str) and _TEXT.search(item):
            return True
    return False


def _is_vector(values):
    """Many numbers that are no whole ones; lists of ids are long as well."""
    numbers = [value for value in values if is_number(value)]
    return len(numbers) >= _LEAST and any(isinstance(value, float) for value in numbers)
