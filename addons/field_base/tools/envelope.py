"""One event as a device sent it, read without trusting anything about it."""

import re
from dataclasses import dataclass
from datetime import datetime

from odoo.tools import LazyTranslate

from .biometrics import holds_template
from .canonical import canonical, event_hash, sha256_hex
from .payload import is_number, is_uuid
from .times import parse_instant

_lt = LazyTranslate(__name__)

MAX_DEPTH = 20
MAX_SEQ = 2**31 - 1
MAX_PAYLOAD = 128 * 1024  # characters of one event's canonical payload
KIND = re.compile(r"[a-z][a-z0-9_]{0,30}(\.[a-z0-9_]{1,30}){1,3}")
_HASH = re.compile(r"([0-9a-f]{64})?")
_BODY = ("uuid", "seq", "kind", "captured_at", "payload", "prev_hash")


class _Problem(Exception):
    def __init__(self, message, code="bad_event"):
        super().__init__(code)
        self.code, self.message = code, message


@dataclass
class Envelope:
    """What is known of an event before anything is done with it.

    ``uuid`` is ``None`` when it has no identity to be remembered under; then it is answered but not
    journaled. ``code`` and ``message`` say what is wrong with it, if anything. ``again_of`` names
    the refused event that it repeats.
    """

    sent_uuid: str | None = None
    uuid: str | None = None
    seq: int = 0
    kind: str = ""
    captured_text: str = ""
    captured_at: datetime | None = None
    payload_text: str = "{}"
    prev_hash: str = ""
    body_hash: str = ""
    hash: str = ""
    mono_ms: float = 0.0
    run: str | None = None
    again_of: str | None = None
    code: str | None = None
    message: object = None


def read_event(device_uuid, raw):
    """Envelope of one event of a batch; never raises."""
    envelope = Envelope()
    try:
        _read(envelope, device_uuid, raw)
    except _Problem as problem:
        envelope.code, envelope.message = problem.code, problem.message
    return envelope


def _read(envelope, device_uuid, raw):
    if not isinstance(raw, dict):
        raise _Problem(_lt("An event must be an object."))
    envelope.sent_uuid = raw["uuid"] if is_uuid(raw.get("uuid")) else None
    clean = _is_clean(raw)
    if not envelope.sent_uuid:
        raise _Problem(_lt("“%(field)s” must be a UUID.", field="uuid"))
    if clean is None:
        raise _Problem(_lt("The event is nested too deeply, or has a number without end."))
    # from here on it can be remembered: keep what was sent, whatever is wrong with it
    envelope.uuid = envelope.sent_uuid.lower()
    envelope.payload_text = canonical(raw)
    envelope.body_hash = sha256_hex(envelope.payload_text)
    if holds_template(raw):
        envelope.payload_text = "{}"  # not even in the journal; its hash keeps it refused
        message = _lt("A face template stays on the phone: this event was not kept.")
        raise _Problem(message, code="biometric")
    if not clean:
        raise _Problem(_lt("A text contains characters that cannot be stored."))
    _read_head(envelope, raw)
    payload = raw.get("payload", {})
    if not isinstance(payload, dict):
        raise _Problem(_lt("The payload must be an object."))
    body = {name: raw.get(name) for name in _BODY} | {"payload": payload, "uuid": envelope.uuid}
    envelope.payload_text = canonical(payload)
    if is_uuid(payload.get("again_of")):
        envelope.again_of = payload["again_of"].lower()
    if len(envelope.payload_text) > MAX_PAYLOAD:
        envelope.payload_text = "{}"  # its hash is kept, so that it stays refused
        message = _lt("The event is too large: at most %(limit)s kB.", limit=MAX_PAYLOAD // 1024)
        envelope.body_hash = sha256_hex(canonical(body))
        raise _Problem(message, code="too_large")
    envelope.body_hash = sha256_hex(canonical(body))
    envelope.hash = event_hash(device_uuid, body, envelope.prev_hash)
    if raw.get("hash") not in (None, envelope.hash):
        envelope.uuid = None  # damaged on the way: may come again, whole, under the same uuid
        raise _Problem(_lt("The event's hash does not match its content."), code="bad_hash")


def _read_head(envelope, raw):
    seq, kind, prev_hash = raw.get("seq"), raw.get("kind"), raw.get("prev_hash") or ""
    if not (isinstance(seq, int) and is_number(seq) and 0 <= seq <= MAX_SEQ):
        raise _Problem(_lt("“%(field)s” must be a whole number from 0.", field="seq"))
    envelope.seq = seq
    if not (isinstance(kind, str) and KIND.fullmatch(kind)):
        raise _Problem(_lt("“%(field)s” must be a name such as visit.check_in.", field="kind"))
    envelope.kind = kind
    if not (isinstance(prev_hash, str) and _HASH.fullmatch(prev_hash)):
        raise _Problem(_lt("“%(field)s” must be 64 hex digits.", field="prev_hash"))
    envelope.prev_hash = prev_hash
    try:
        envelope.captured_at = parse_instant(raw.get("captured_at"))
    except ValueError as exc:
        message = _lt(
            "“%(field)s” must be a time such as 2026-11-23T09:41:07Z.", field="captured_at"
        )
        raise _Problem(message) from exc
    envelope.captured_text = raw["captured_at"]
    envelope.run, envelope.mono_ms = read_steady(raw)


def read_steady(raw):
    """``(run, mono_ms)`` of an event or a batch; no run where there is nothing usable. They are no
    part of what is hashed."""
    run, mono_ms = raw.get("run"), raw.get("mono_ms")
    usable = isinstance(run, str) and 0 < len(run) <= 40 and is_number(mono_ms)
    return (run, float(mono_ms)) if usable and 0 <= mono_ms < 1e12 else (None, 0.0)


def _is_clean(value):
    """False when a text holds what PostgreSQL cannot (NUL, lone surrogates), None when it cannot
    be written as JSON: nested too deeply, not a finite number. Iterative: depth is what is being
    checked."""
    clean = True
    level = [value]
    for _depth in range(MAX_DEPTH):
        below = []
        for item in level:
            if isinstance(item, str):
                clean = clean and not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in item)
            elif isinstance(item, dict):
                below += [*item.keys(), *item.values()]
            elif isinstance(item, list):
                below += item
            elif isinstance(item, int | float) and not (
                is_number(item) or item is True or item is False
            ):
                return None
        if not below:
            return clean
        level = below
    return None
