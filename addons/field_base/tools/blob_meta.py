"""What a phone says of a photo, and the range of a piece of it."""

import json
import re

from .payload import is_number

MAX_META = 4096
_RANGE = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})")
_PHASH = re.compile(r"[0-9a-f]{16}")
_NONCE = re.compile(r"[0-9a-f]{8,64}")


def read_range(text):
    """``(first, last, total)`` of a ``Content-Range`` header; ValueError for anything else."""
    match = _RANGE.fullmatch(text.strip())
    if not match:
        raise ValueError("not a byte range")
    first, last, total = map(int, match.groups())
    if not first <= last < total:
        raise ValueError("not a byte range")
    return first, last, total


def read_meta(text):
    """Metadata of a picture as sent in ``X-Field-Meta``: what is odd is left out.

    :param str text: JSON with ``nonce captured_at position phash``, at most 4 kB
    """
    if not text or len(text) > MAX_META:
        return {}
    try:
        raw = json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(raw, dict):
        return {}
    meta = {}
    if isinstance(raw.get("nonce"), str) and _NONCE.fullmatch(raw["nonce"]):
        meta["nonce"] = raw["nonce"]
    if isinstance(raw.get("phash"), str) and _PHASH.fullmatch(raw["phash"]):
        meta["phash"] = raw["phash"]
    captured_at = raw.get("captured_at")
    if isinstance(captured_at, str) and 16 <= len(captured_at) <= 40 and captured_at.isascii():
        meta["captured_at"] = captured_at
    position = _position(raw.get("position"))
    return meta | ({"position": position} if position else {})


def _position(raw):
    if not isinstance(raw, dict) or not (is_number(raw.get("lat")) and is_number(raw.get("lng"))):
        return None
    lat, lng = float(raw["lat"]), float(raw["lng"])
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        return None
    accuracy = raw.get("accuracy")
    sound = is_number(accuracy) and 0 <= accuracy <= 1e9
    return {"lat": lat, "lng": lng, "accuracy": float(accuracy) if sound else None}
