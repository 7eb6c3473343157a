"""What a phone may ask to be woken by: subscriptions of web push (RFC 8030, RFC 8291)."""

import re
from urllib.parse import urlsplit

#: Push services of the makers of browsers; nothing else is ever called on a phone's word.
HOSTS = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
_LONGEST = 2000
_KEYS = {"p256dh": (80, 90), "auth": (16, 30)}
_BASE64 = re.compile(r"[A-Za-z0-9_-]+={0,2}")


def is_push_service(url, hosts=HOSTS):
    """Whether an address is one of a known push service, over TLS and at its usual port."""
    if not isinstance(url, str) or len(url) > _LONGEST:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or port not in (None, 443) or parts.username or parts.password:
        return False
    name = parts.hostname or ""
    return any(name == host or name.endswith(f".{host}") for host in hosts)


def are_push_keys(keys):
    """Whether these are the two keys of a browser, in base64url."""
    if not isinstance(keys, dict) or set(keys) != set(_KEYS):
        return False
    return all(
        isinstance(keys[name], str)
        and low <= len(keys[name]) <= high
        and _BASE64.fullmatch(keys[name]) is not None
        for name, (low, high) in _KEYS.items()
    )
