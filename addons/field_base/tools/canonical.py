"""Canonical JSON (RFC 8785, "JCS") and the SHA-256 hashes built on it.

A phone in JavaScript and a server in Python must write the same bytes for the same values, else no
hash can be compared. RFC 8785 is what ``JSON.stringify`` writes, with sorted keys.
"""

import hashlib
import json
import math

GENESIS = ""  # prev_hash of a device's very first event


def _number(value):
    """Write a number as ECMAScript does (RFC 8785 §3.2.2.3)."""
    if isinstance(value, int) and abs(value) <= 2**53:
        return str(value)
    try:
        value = float(value)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise ValueError("JSON has no infinite numbers")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _e, exponent = repr(abs(value)).partition("e")
    integer, _dot, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (integer + fraction).lstrip("0")
    point = len(integer) + int(exponent or 0)  # position of the decimal point within the digits
    point -= len(integer + fraction) - len((integer + fraction).lstrip("0"))
    digits = digits.rstrip("0") or "0"
    size = len(digits)
    if size <= point <= 21:
        text = digits + "0" * (point - size)
    elif 0 < point <= 21:
        text = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        exp = f"e{point - 1:+d}"
        text = digits + exp if size == 1 else f"{digits[0]}.{digits[1:]}{exp}"
    return sign + text


def _string(value):
    text = json.dumps(value, ensure_ascii=False)
    # a lone surrogate cannot be written as UTF-8; JSON.stringify escapes it too
    return "".join(f"\\u{ord(c):04x}" if 0xD800 <= ord(c) <= 0xDFFF else c for c in text)


def canonical(value):
    """The one text for this JSON value (RFC 8785). Raises ValueError for what JSON cannot hold."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_string(key)}:{canonical(value[key])}" for key in keys) + "}"
    raise ValueError(f"Not a JSON value: {type(value).__name__}")


def sha256_hex(text):
    """SHA-256 of a text's UTF-8 bytes (or of bytes), as 64 hex digits."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def event_hash(device, event, prev_hash):
    """Link of a device's hash chain: covers the event, its device and the link before it.

    :param str device: uuid of the device
    :param dict event: ``uuid``, ``seq``, ``kind``, ``captured_at`` (text as sent), ``payload``
    :param str prev_hash: hash of the device's event before, ``""`` for its first
    """
    return sha256_hex(
        canonical(
            {
                "captured_at": event["captured_at"],
                "device": device,
                "kind": event["kind"],
                "payload": event["payload"],
                "prev_hash": prev_hash or GENESIS,
                "seq": event["seq"],
                "uuid": event["uuid"],
            }
        )
    )
