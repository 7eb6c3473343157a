"""The three messages the Traccar Client has sent in its life, for one fix each.

Units differ and that is the point: knots and percent in two of them, m/s and shares in the third.
"""

import json
from datetime import datetime, timezone
from urllib.parse import urlencode

KNOTS = 1.943844


def query(fix, device):
    """Version 8 and older: POST with everything in the address, accuracy unknown (0) for GPS."""
    values = {
        "id": device,
        "timestamp": fix.at,
        "lat": fix.lat,
        "lon": fix.lng,
        "speed": fix.speed * KNOTS,
        "bearing": fix.bearing,
        "altitude": fix.altitude,
        "accuracy": 0.0 if fix.accuracy < 25 else fix.accuracy,
        "batt": fix.battery * 100,
    }
    return "?" + urlencode(values), b"", None


def json_body(fix, device):
    """Version 9: JSON, m/s, a share for the battery, milliseconds in the time."""
    moment = datetime.fromtimestamp(fix.at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    moving = fix.speed > 0
    location = {
        "timestamp": moment,
        "coords": {
            "latitude": fix.lat,
            "longitude": fix.lng,
            "accuracy": fix.accuracy,
            "speed": fix.speed,
            "heading": fix.bearing if moving else -1,
            "altitude": fix.altitude,
        },
        "is_moving": moving,
        "odometer": 0,
        "event": "" if fix.event == "forged" else fix.event,
        "battery": {"level": fix.battery, "is_charging": False},
        "activity": {"type": "in_vehicle" if moving else "still"},
        "extras": {},
        "_": f"&id={device}&lat={fix.lat}&lon={fix.lng}&timestamp={moment}&",
    }
    body = json.dumps({"location": location, "device_id": device})
    return "", body.encode(), "application/json"


def form(fix, device):
    """Version 10: a form, knots with two decimals, whole percent."""
    values = {
        "id": device,
        "lat": f"{fix.lat:.7f}",
        "lon": f"{fix.lng:.7f}",
        "timestamp": fix.at,
        "accuracy": f"{fix.accuracy:.1f}",
        "altitude": f"{fix.altitude:.1f}",
        "speed": f"{fix.speed * KNOTS:.2f}",
        "bearing": f"{fix.bearing:.1f}",
        "batt": round(fix.battery * 100),
        "charge": "false",
    }
    body = urlencode(values).encode()
    return "", body, "application/x-www-form-urlencoded; charset=UTF-8"


ENCODERS = {"query": query, "json": json_body, "form": form}
