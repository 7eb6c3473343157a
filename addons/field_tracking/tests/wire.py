"""What apps send, byte for byte (OwnTracks 2.6 Android and iOS, Overland, a Traccar server)."""

import base64
import json

from nacl.secret import SecretBox

ANDROID = {
    "Content-Type": "application/json; charset=utf-8",
    "User-Agent": "Owntracks-Android/gms/420600000",
    "X-Limit-U": "anna",
    "X-Limit-D": "pixel",
}
IOS = {"Content-Type": "application/json", "X-Limit-U": "user", "X-Limit-D": "device"}


def android_location(ts, **more):
    """Keys with default values are left out by the app."""
    said = {
        "_type": "location",
        "_id": "3fa1c2d4",
        "created_at": ts + 6,
        "topic": "owntracks/anna/pixel",
        "tid": "an",
        "tst": ts,
        "lat": 52.52001,
        "lon": 13.40495,
        "acc": 12,
        "alt": 34,
        "vel": 45,
        "cog": 271,
        "vac": 3,
        "batt": 87,
        "bs": 1,
        "conn": "m",
        "m": 1,
        "source": "fused",
        "inregions": ["Depot"],
        "SSID": "home",
        "BSSID": "00:11:22:33:44:55",
        "qos": 1,
        "retained": True,
        **more,
    }
    return json.dumps(said, separators=(",", ":")).encode()


def ios_location(ts, **more):
    said = {
        "_type": "location",
        "tid": "JJ",
        "topic": "owntracks/jane/iphone",
        "lat": 48.858330,
        "lon": 2.295130,
        "tst": ts,
        "created_at": ts + 9,
        "acc": 5,
        "alt": 167,
        "vac": 21,
        "vel": 61,
        "cog": 271,
        "batt": 41,
        "bs": 2,
        "conn": "w",
        "m": 2,
        "p": 100.266,
        "t": "u",
        "motionactivities": ["automotive"],
        "inrids": ["5f1d1b"],
        "inregions": ["home"],
        **more,
    }
    return json.dumps(said, separators=(",", ":")).encode()


def encrypted(body, passphrase, nonce=b"n" * 24):
    """As both apps do it: the passphrase padded with zeros is the key."""
    box = SecretBox(passphrase.encode()[:32].ljust(32, b"\0"))
    data = base64.b64encode(box.encrypt(body, nonce)).decode()
    return json.dumps({"_type": "encrypted", "data": data}).encode()


def transition(ts):
    return (
        f'{{"_type":"transition","tid":"an","topic":"owntracks/anna/pixel/event","event":"enter",'
        f'"desc":"Customer 17","t":"c","tst":{ts},"wtst":1750000000,"acc":18,"lat":52.52,'
        f'"lon":13.4,"_id":"1"}}'
    ).encode()


STATUS = (
    b'{"_type":"status","_id":"9","android":{"wifi":1,"ps":1,"bo":0,"hib":0,"loc":-2,'
    b'"version":420600000,"flavour":"gms"}}'
)
SILENT = (
    b'{"_type":"lwt","tst":1756711000}',
    b'{"_type":"card","name":"Anna","tid":"an"}',
    b'{"_type":"steps","tst":1756711000,"steps":100,"from":1,"to":2}',
    b'{"_type":"beacon","desc":"b","uuid":"1","major":1,"minor":2,"tst":1,"acc":1,"rssi":-1,"prox":1}',
    b'{"_type":"configuration","mode":3,"username":"u17","password":"secret"}',
    b'{"_type":"dump","configuration":{"_type":"configuration","password":"secret"}}',
    b'{"_type":"request","request":"tour"}',
    b'{"_type":"waypoint","desc":"Shop","lat":52.5,"lon":13.4,"rad":100,"tst":1750000000,"rid":"6da9cf"}',
    b'{"_type":"waypoints","_creator":"x","waypoints":[]}',
    b"",
)


def overland(iso):
    point = '{"type":"Point","coordinates":[-122.030581,37.331800]}'
    said = (
        f'{{"timestamp":"{iso}","altitude":10,"speed":4.1,"course":90,"horizontal_accuracy":30,'
        '"vertical_accuracy":-1,"motion":["driving","stationary"],"pauses":false,'
        '"activity":"other_navigation","desired_accuracy":100,"deferred":1000,'
        '"significant_change":"disabled","locations_in_payload":1,"device_id":"x","unique_id":"y",'
        '"wifi":"","battery_state":"charging","battery_level":0.89}'
    )
    feature = f'{{"type":"Feature","geometry":{point},"properties":{said}}}'
    return f'{{"locations":[{feature}],"current":{{}}}}'.encode()


def forwarded(iso, uid="48241179", outdated=False):
    said = {
        "position": {
            "id": 17,
            "attributes": {"batteryLevel": 87.0, "charge": True, "motion": True, "mock": True},
            "deviceId": 1,
            "protocol": "osmand",
            "serverTime": iso,
            "deviceTime": iso,
            "fixTime": iso,
            "outdated": outdated,
            "valid": True,
            "latitude": 52.52,
            "longitude": 13.404,
            "altitude": 34.0,
            "speed": 24.0,
            "course": 271.0,
            "address": None,
            "accuracy": 11.3,
            "network": None,
            "geofenceIds": None,
        },
        "device": {"id": 1, "attributes": {}, "name": "Anna", "uniqueId": uid, "status": "online"},
    }
    return json.dumps(said).encode()
