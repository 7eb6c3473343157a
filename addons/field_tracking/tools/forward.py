"""Positions that a Traccar server passes on (`forward.type = json`): speed in knots."""

import json

from .units import (
    KNOT,
    BadRecord,
    Contact,
    Fix,
    Parsed,
    Reject,
    accuracy_of,
    coordinates_of,
    course_of,
    excerpt,
    flag_of,
    load_json,
    optional,
    percent_of,
    speed_of,
    timestamp_of,
    word_of,
)

SOURCE = "forward"


def parse(body: bytes, received: float) -> Parsed:
    """Parse one forwarded position; ``forwarded`` is the ID of the phone at that server.

    :param received: server time in seconds since 1970
    """
    parsed = Parsed(SOURCE)
    document = None
    try:
        document = load_json(body)
        _read(parsed, document, received)
    except BadRecord as error:
        said = document.get("position") if isinstance(document, dict) else None
        raw = json.dumps(said) if said else body[:2000].decode("utf-8", "replace")
        parsed.rejects.append(Reject(str(error), excerpt(raw)))
    return parsed


def _read(parsed: Parsed, document: object, received: float) -> None:
    if not isinstance(document, dict) or not isinstance(document.get("position"), dict):
        raise BadRecord("bad_body")
    device, said = document.get("device"), document["position"]
    name = device.get("uniqueId") if isinstance(device, dict) else None
    parsed.forwarded = name if isinstance(name, str) else None
    more = said.get("attributes") if isinstance(said.get("attributes"), dict) else {}
    ts = timestamp_of(said.get("fixTime") or said.get("deviceTime"), received)
    battery, charging = percent_of(more.get("batteryLevel")), flag_of(more.get("charge"))
    if said.get("outdated") is True:  # no new fix: the server repeats the last one it knew
        at = timestamp_of(said.get("deviceTime"), received)
        parsed.contacts.append(Contact(at, battery, charging))
        return
    lat, lon = coordinates_of(said.get("latitude"), said.get("longitude"))
    knots = optional(said.get("speed"), low=0)
    parsed.fixes.append(
        Fix(
            ts=ts,
            lat=lat,
            lon=lon,
            accuracy=accuracy_of(said.get("accuracy")),
            altitude=optional(said.get("altitude"), low=-1000, high=20000),
            speed=speed_of(None if knots is None else knots * KNOT),
            course=course_of(said.get("course")),
            battery=battery,
            charging=charging,
            mock=flag_of(more.get("mock")),
            activity=word_of(more.get("activity")),
            event=word_of(more.get("alarm") or more.get("event")),
        )
    )
