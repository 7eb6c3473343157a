"""What the tracker app Traccar Client really sends, in its three generations.

Up to version 8 everything stands in the query string of a POST with an empty body; version 9 sends
JSON; from version 10 on it is a form. The three disagree on the unit of speed, on what stands for
“unknown” and on the precision, and none of them sends more than one position at a time.
"""

import enum
import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

KNOT = 1852 / 3600
DEVICE_ID = "48241179"


class Version(enum.Enum):
    """A generation of the app, by the first version that speaks so."""

    V8 = "query"
    V9 = "json"
    V10 = "form"


@dataclass(frozen=True)
class Request:
    """A request as it goes out, byte for byte. `query` is what follows the question mark."""

    query: str = ""
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    method: str = "POST"

    @property
    def content_type(self):
        return self.headers.get("Content-Type", "")


def request(version, fix, device_id=DEVICE_ID, battery=87, charging=False):
    """The request that the app makes of one fix.

    :param Version version: of the app
    :param Fix fix: see tests/support/geolife.py
    :param int battery: percent
    """
    make = {Version.V8: _query, Version.V9: _json, Version.V10: _form}[version]
    return make(fix, device_id, battery, charging)


def _query(fix, device_id, battery, _charging):
    """Old native app: doubles as Java prints them, 0.0 for everything unknown."""
    values = {
        "id": device_id,
        "timestamp": fix.timestamp,
        "lat": fix.lat,
        "lon": fix.lon,
        "speed": (fix.speed or 0.0) / KNOT,
        "bearing": float(fix.bearing or 0),
        "altitude": float(fix.altitude or 0),
        "accuracy": float(fix.accuracy or 0),
        "batt": float(battery),
    }
    headers = {
        "Content-Length": "0",
        "User-Agent": "Dalvik/2.1.0 (Linux; U; Android 11; SM-A505F Build/RP1A.200720.012)",
    }
    return Request(query=urlencode(values), headers=headers)


def _json(fix, device_id, battery, charging):
    """Version 9: metres per second, -1 for unknown, a string `_` for servers that expect a form."""
    moment = fix.at.isoformat(timespec="milliseconds") + "Z"
    lat, lon = _plain(fix.lat), _plain(fix.lon)
    document = {
        "location": {
            "timestamp": moment,
            "coords": {
                "latitude": lat,
                "longitude": lon,
                "accuracy": _plain(fix.accuracy, 0),
                "speed": _plain(fix.speed),
                "heading": _plain(fix.bearing),
                "altitude": _plain(fix.altitude, 0),
            },
            "is_moving": False,
            "odometer": 0,
            "event": "motionchange",
            "battery": {"level": _plain(battery / 100), "is_charging": charging},
            "activity": {"type": "still"},
            "extras": {},
            "_": f"&id={device_id}&lat={lat}&lon={lon}&timestamp={moment}&",
        },
        "device_id": device_id,
    }
    headers = {"Content-Type": "application/json", "User-Agent": "okhttp/3.14.9"}
    return Request(body=json.dumps(document, separators=(",", ":")).encode(), headers=headers)


def _form(fix, device_id, battery, charging):
    """Version 10: knots with two decimals; what is unknown is left out."""
    values = {"id": device_id, "lat": f"{fix.lat:.7f}", "lon": f"{fix.lon:.7f}"}
    values["timestamp"] = str(fix.timestamp)
    optional = {
        "accuracy": (fix.accuracy, 1, 1),
        "altitude": (fix.altitude, 1, 1),
        "speed": (fix.speed, 1 / KNOT, 2),
        "bearing": (fix.bearing, 1, 1),
    }
    for name, (value, factor, decimals) in optional.items():
        if value is not None:
            values[name] = f"{value * factor:.{decimals}f}"
    values |= {"batt": str(battery), "charge": "true" if charging else "false"}
    return Request(body=urlencode(values).encode(), headers=_form_headers())


def _form_headers():
    return {
        "Accept": "*/*",
        "User-Agent": "ktor-client",
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
    }


def heartbeat(device_id, timestamp, battery=87):
    """Version 10 before its SDK 1.0.11: a sign of life without a place."""
    text = f"id={device_id}&timestamp={timestamp}&batt={battery}&charge=false"
    return Request(body=text.encode(), headers=_form_headers())


def push_token(device_id, token):
    """What version 10 says at its start; there is no position in it."""
    text = urlencode({"id": device_id, "notificationToken": token})
    return Request(body=text.encode(), headers=_form_headers())


def _plain(number, unknown=-1):
    """A number as JavaScript prints it: no `.0` behind a whole one."""
    if number is None:
        return unknown
    return int(number) if float(number).is_integer() else number
