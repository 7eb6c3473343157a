"""Batches of our own phone app: what it saw while the app was open, and how it was doing.

``{"fixes": [[ms, lat, lng, accuracy, altitude, speed, course], …], "states": [[ms, kind], …],
"battery": 0..1, "charging": bool, "network": "w|m|o", "sent_at": ms}``; times are the phone's own,
and are moved by its clock error: ``sent_at`` is compared with the server's time.
"""

from .units import (
    CONTACT_KINDS,
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
    network_of,
    optional,
    speed_of,
    timestamp_of,
)

SOURCE = "app"
#: Browsers give the radius of 95 %, the apps of phones that of 68 % (Rayleigh: 1.62).
BROWSER_ACCURACY = 1.62
#: A clock off by less than this is the network's travelling time.
CLOCK_TOLERANCE_S = 5.0


def parse(body: bytes, received: float) -> Parsed:
    """Parse one batch; a row that cannot be used costs only itself.

    :param received: server time in seconds since 1970
    """
    parsed = Parsed(SOURCE)
    try:
        document = load_json(body)
        if not isinstance(document, dict):
            raise BadRecord("bad_body")
    except BadRecord as error:
        parsed.rejects.append(Reject(str(error), excerpt(body[:2000].decode("utf-8", "replace"))))
        return parsed
    rows = document.get("fixes"), document.get("states")
    fixes, states = (found if isinstance(found, list) else [] for found in rows)
    sent = optional(document.get("sent_at"), low=1)
    error = received - sent / 1000 if sent else 0.0
    error = error if abs(error) > CLOCK_TOLERANCE_S else 0.0
    parsed.ignored += not fixes and not states
    for read, found in ((_read_fix, fixes), (_read_state, states)):
        for row in found:
            try:
                read(parsed, row, document, received, error)
            except BadRecord as bad:
                parsed.rejects.append(Reject(str(bad), excerpt(str(row))))
    return parsed


def _moment(row: object, least: int, received: float, error: float) -> int:
    if not isinstance(row, list) or len(row) < least:
        raise BadRecord("bad_body")
    milliseconds = optional(row[0], low=1)
    if milliseconds is None:
        raise BadRecord("bad_time")
    return timestamp_of(milliseconds / 1000 + error, received)


def _read_fix(parsed: Parsed, row: list, said: dict, received: float, error: float) -> None:
    ts = _moment(row, 3, received, error)
    _ms, lat, lng, accuracy, altitude, speed, course = [*row, None, None, None, None][:7]
    lat, lng = coordinates_of(lat, lng)
    accuracy = accuracy_of(accuracy)
    parsed.fixes.append(
        Fix(
            ts=ts,
            lat=lat,
            lon=lng,
            accuracy=accuracy and round(accuracy / BROWSER_ACCURACY, 1),
            altitude=optional(altitude, low=-1000, high=20000),
            speed=speed_of(optional(speed, low=0)),
            course=course_of(course),
            battery=optional(said.get("battery"), low=0, high=1),
            charging=flag_of(said.get("charging")),
            network=network_of(said.get("network")),
        )
    )


def _read_state(parsed: Parsed, row: list, said: dict, received: float, error: float) -> None:
    ts = _moment(row, 2, received, error)
    if row[1] not in CONTACT_KINDS:
        raise BadRecord("unknown_type")
    battery, charging = optional(said.get("battery"), low=0, high=1), flag_of(said.get("charging"))
    parsed.contacts.append(Contact(ts, battery, charging, row[1]))
