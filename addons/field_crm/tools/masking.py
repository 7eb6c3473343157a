"""What is shown instead of a contact detail that may not be seen yet."""

import re

MASK = "••••••"

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# Seven digits and more, also with the usual separators between them; dates like 2026-11-22 stay.
_NUMBER = re.compile(r"\+?\d(?:[\s().·/-]?\d){6,}")
_DATE = re.compile(r"(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}")


def mask_text(text):
    """Running text without e-mail addresses and telephone numbers.

    >>> mask_text("Ask Li, 138 1234 5678 or li@example.com, before 2026-11-22")
    'Ask Li, •••••• or ••••••, before 2026-11-22'
    """
    if not text:
        return text
    return _NUMBER.sub(_mask_number, _MAIL.sub(MASK, text))


def _mask_number(match):
    return match.group() if _DATE.fullmatch(match.group()) else MASK
