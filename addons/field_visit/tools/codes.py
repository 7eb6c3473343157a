"""Codes that hang at a customer's: who it is, which issue of the code, and a seal nobody can make
up without the database's secret. Pure.

``FS1-<customer>-<issue>-<seal>``; the seal is 80 bits of HMAC-SHA256 as 16 letters and digits.
"""

import base64
import hashlib
import hmac
import re

_CODE = re.compile(r"FS1-([1-9]\d{0,9})-([1-9]\d{0,5})-([A-Z2-7]{16})")


def _seal(secret, customer, issue):
    message = f"field-customer-code|{customer}|{issue}".encode()
    digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode()


def make(secret, customer, issue):
    """The code of a customer.

    :param str secret: of the database
    :param int customer: id
    :param int issue: 1 for the first; a higher one makes the older ones worthless
    """
    return f"FS1-{customer}-{issue}-{_seal(secret, customer, issue)}"


def read(secret, text):
    """``(customer, issue)`` of a code that is genuine, else None."""
    match = _CODE.fullmatch((text or "").strip().upper())
    if not match:
        return None
    customer, issue = int(match[1]), int(match[2])
    genuine = hmac.compare_digest(_seal(secret, customer, issue), match[3])
    return (customer, issue) if genuine else None
