"""What OwnTracks sends over HTTP, on Android and on iOS, encrypted or not.

Speed is km/h, battery percent, `tst` the time of the fix, `created_at` the time of the message.
Android leaves out what has its default value. A ping repeats the last known place: on iOS with the
time of the ping, as if the phone were still there, so it says "alive" and not "here".
"""

import base64
import binascii
import json

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from .units import (
    BadRecord,
    Contact,
    Fix,
    Parsed,
    Reject,
    accuracy_of,
    coordinates_of,
    course_of,
    excerpt,
    load_json,
    network_of,
    optional,
    percent_of,
    speed_of,
    timestamp_of,
    word_of,
)

SOURCE = "owntracks"
#: Understood, answered with thanks, nothing kept: a configuration holds passwords.
SILENT_TYPES = frozenset(
    {"lwt", "card", "steps", "beacon", "configuration", "dump", "request", "waypoint", "waypoints"}
    | {"cmd"}
)
#: A fix is this much older than its message before it is a repeated one (seconds).
REPEATED_S = 2
_BATTERY = {1: False, 2: True, 3: True}
_MOTION = {
    "automotive": "in_vehicle",
    "cycling": "on_bicycle",
    "running": "running",
    "walking": "walking",
    "stationary": "still",
}
_STATUS = ("wifi", "ps", "bo", "hib", "loc")
#: Never in the quarantine.
_SECRET = ("data", "password", "username", "topic", "tid", "SSID", "BSSID")
#: Longest passphrase libsodium's secretbox takes, as the apps pad it.
KEY_BYTES = 32


def parse(body: bytes, received: float, secret: str | None = None) -> Parsed:
    """Parse one request of OwnTracks.

    :param body: the raw body; empty is legal (a friend was deleted)
    :param received: server time in seconds since 1970
    :param secret: the passphrase both sides share, when payloads are encrypted
    """
    parsed = Parsed(SOURCE)
    if not body.strip():
        parsed.ignored += 1
        return parsed
    document = None
    try:
        document = load_json(body)
        for message in document if isinstance(document, list) else [document]:
            _read(parsed, message, received, secret)
    except BadRecord as error:
        parsed.rejects.append(Reject(str(error), _raw(document, body)))
    return parsed


def _read(parsed: Parsed, message: object, received: float, secret: str | None) -> None:
    if not isinstance(message, dict):
        raise BadRecord("bad_body")
    kind = message.get("_type")
    if kind == "encrypted":
        message = _decrypt(message.get("data"), secret)
        kind = message.get("_type")
    if kind == "location":
        _read_location(parsed, message, received)
    elif kind == "transition":
        parsed.fixes.append(_transition(message, received))
    elif kind == "status":
        _read_status(parsed, message, received)
    elif kind in SILENT_TYPES:
        parsed.ignored += 1
    else:
        raise BadRecord("unknown_type")


def _decrypt(data: object, secret: str | None) -> dict:
    """24 bytes of nonce and a libsodium secretbox; the key is the passphrase, padded with zeros."""
    if not secret:
        raise BadRecord("encrypted")
    key = secret.encode()[:KEY_BYTES].ljust(KEY_BYTES, b"\0")
    try:
        text = SecretBox(key).decrypt(base64.b64decode(str(data), validate=True))
    except (CryptoError, ValueError, binascii.Error):
        raise BadRecord("encrypted") from None
    message = load_json(text)
    if not isinstance(message, dict) or message.get("_type") == "encrypted":
        raise BadRecord("bad_body")
    return message


def _read_location(parsed: Parsed, message: dict, received: float) -> None:
    ts = timestamp_of(message.get("tst"), received)
    battery = percent_of(message.get("batt"))
    charging = _BATTERY.get(message.get("bs") if isinstance(message.get("bs"), int) else 0)
    if message.get("t") == "p":
        made = optional(message.get("created_at"), low=1)
        alive = Contact(ts if made is None else timestamp_of(made, received), battery, charging)
        parsed.contacts.append(alive)
        if made is None or made - ts < REPEATED_S:
            return
    speed = optional(message.get("vel"), low=0)
    lat, lon = coordinates_of(message.get("lat", 0.0), message.get("lon", 0.0))
    parsed.fixes.append(
        Fix(
            ts=ts,
            lat=lat,
            lon=lon,
            accuracy=accuracy_of(message.get("acc")),
            altitude=optional(message.get("alt"), low=-1000, high=20000),
            speed=speed_of(None if speed is None else speed / 3.6),
            course=course_of(message.get("cog")),
            battery=battery,
            charging=charging,
            activity=_activity(message.get("motionactivities")),
            event=word_of(message.get("tag") or message.get("poi")),
            network=network_of(message.get("conn")),
        )
    )


def _activity(value: object) -> str | None:
    words = value if isinstance(value, list) else []
    return next(
        (_MOTION[word] for word in words if isinstance(word, str) and word in _MOTION), None
    )


def _transition(message: dict, received: float) -> Fix:
    """Entering or leaving as the phone's system saw it: a place with a note, evidence and no more.

    Its accuracy goes up to kilometres; whether somebody was inside is decided from all positions.
    """
    lat, lon = coordinates_of(message.get("lat", 0.0), message.get("lon", 0.0))
    event = f"{message.get('event') or ''} {message.get('desc') or ''}"
    return Fix(
        ts=timestamp_of(message.get("tst"), received),
        lat=lat,
        lon=lon,
        accuracy=accuracy_of(message.get("acc")),
        event=word_of(event),
    )


def _read_status(parsed: Parsed, message: dict, received: float) -> None:
    """Permissions and battery savers: the best health signal there is (Android only)."""
    said = message.get("android") or message.get("iOS") or {}
    said = said if isinstance(said, dict) else {}
    status = {name: int(said[name]) for name in _STATUS if optional(said.get(name)) is not None}
    parsed.status = status
    now = int(received)
    parsed.contacts.append(Contact(now))
    if "loc" in status:
        kind = "no_permission" if status["loc"] else "permission"
        parsed.contacts.append(Contact(now, kind=kind))
    if status.get("ps") == 1:
        parsed.contacts.append(Contact(now, kind="power_save"))


def _raw(document: object, body: bytes) -> str:
    if isinstance(document, dict):
        safe = {name: value for name, value in document.items() if name not in _SECRET}
        return excerpt(json.dumps(safe, ensure_ascii=False))
    return excerpt(body.decode("utf-8", "replace"))
