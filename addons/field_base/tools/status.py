"""What a phone tells about itself, read without trusting anything: what is odd is left out."""

from .payload import is_number

_TEXTS = {"app_version": 40, "platform": 80}
_PERMISSIONS = ("geolocation", "camera", "microphone", "notifications")
_STATES = ("granted", "denied", "prompt", "unknown")
_STORAGE = ("used", "quota")
_OUTBOX = ("count", "bytes", "last_seq", "oldest_s")
MAX_COUNT = 2**53


def read_status(raw):
    """``{app_version, platform, permissions, storage, battery, outbox, wiped}`` of what is usable.

    :param raw: ``status`` as sent
    """
    if not isinstance(raw, dict):
        return {}
    status = {name: raw[name][:size] for name, size in _TEXTS.items() if _is_text(raw.get(name))}
    permissions = _part(raw, "permissions", _PERMISSIONS, lambda value: value in _STATES)
    storage = _part(raw, "storage", _STORAGE, _is_count)
    persisted = raw["storage"].get("persisted") if isinstance(raw.get("storage"), dict) else None
    if isinstance(persisted, bool):
        storage["persisted"] = persisted
    outbox = _part(raw, "outbox", _OUTBOX, _is_count)
    if _is_count(raw.get("outbox")):
        outbox = {"count": raw["outbox"]}
    if is_number(raw.get("battery")) and 0 <= raw["battery"] <= 1:
        status["battery"] = raw["battery"]
    if raw.get("wiped") is True:
        status["wiped"] = True
    parts = {"permissions": permissions, "storage": storage, "outbox": outbox}
    return status | {name: part for name, part in parts.items() if part}


def _part(raw, name, keys, check):
    part = raw.get(name)
    if not isinstance(part, dict):
        return {}
    return {key: part[key] for key in keys if key in part and check(part[key])}


def _is_text(value):
    return (
        isinstance(value, str) and bool(value.strip()) and "\0" not in value and value.isprintable()
    )


def _is_count(value):
    return is_number(value) and isinstance(value, int) and 0 <= value <= MAX_COUNT


def version_tuple(text):
    """``"1.2.3"`` as ``(1, 2, 3)``; ``None`` for what is no version."""
    parts = text.strip().split(".") if isinstance(text, str) else []
    if not 1 <= len(parts) <= 4 or not all(
        p.isascii() and p.isdigit() and len(p) < 7 for p in parts
    ):
        return None
    return tuple(map(int, parts)) + (0,) * (4 - len(parts))
