"""Links and QR codes that set up tracker apps in one step.

The Traccar Client keeps origin and path of a scanned https address and reads its settings from the
query, so the token stands in the path. OwnTracks takes a whole configuration, in base64.
"""

import base64
import json
from urllib.parse import urlencode, urlsplit

#: As a sales rep needs them: corners are seen, standing still costs nothing, silence is noticed.
TRACCAR = {
    "accuracy": "high",
    "interval": 60,
    "distance": 75,
    "angle": 30,
    "heartbeat": 900,
    "stop_detection": "true",
    "buffer": "true",
}
OWNTRACKS = {
    "_type": "configuration",
    "mode": 3,
    "monitoring": 2,
    "moveModeLocatorInterval": 30,
    "locatorInterval": 60,
    "locatorDisplacement": 50,
    "ping": 15,
    "cmd": True,
    "extendedData": True,
    "auth": False,
}


def traccar_code(url: str, name: str) -> str:
    """What the app's own scanner reads: the address with its settings."""
    return f"{url}?{urlencode({'id': name, **TRACCAR})}"


def traccar_link(url: str, name: str) -> str:
    """What opens the app on the phone itself."""
    return f"org.traccar.client://config?{urlencode({'url': url, 'id': name, **TRACCAR})}"


def owntracks_link(url: str, name: str, initials: str, secret: str | None = None) -> str:
    """What opens OwnTracks and sets it up; also its QR code.

    :param initials: two characters that stand on its map
    :param secret: the passphrase, when payloads are to be encrypted
    """
    settings = {**OWNTRACKS, "url": f"{url}/owntracks", "deviceId": name, "tid": initials[:2]}
    if secret:
        settings["encryptionKey"] = secret
    text = json.dumps(settings, separators=(",", ":")).encode()
    return f"owntracks:///config?inline={base64.b64encode(text).decode()}"


def is_public_address(url: str) -> bool:
    """Whether a phone on the road can reach it: https, and not this very machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" and parts.hostname not in ("localhost", "127.0.0.1")
