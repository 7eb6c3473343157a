import threading
import time

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..tools import app_batch, forward, overland, owntracks, sensors
from ..tools.parse import Parsed, Reject, parse
from .dispatcher import reply

#: A batch of thousands of positions fits; more is no position message.
MAX_BODY = 1024 * 1024
#: What is longer is read away up to here, so that the app gets to hear the answer.
MAX_DRAIN = 32 * 1024 * 1024
TRIES = 3


class TrackController(http.Controller):
    """Where tracker apps send positions: ``/field/track/<token>``.

    An ending says who speaks, where the message alone does not: ``/owntracks``, ``/overland``,
    ``/traccar`` (a server that passes on), ``/app`` (our own), ``/sensor``.

    The status code is part of the protocol. Some apps delete a point on any 4xx, others repeat it
    for ever on anything but 2xx. Hence 200 for whatever an authenticated phone says, 401 for an
    unknown token, 503 for trouble of our own, and nothing else, ever.
    """

    # nosemgrep: field-csrf-off (the token in the path is checked before anything else)
    @http.route(
        # An address without a token is one more unknown token; so is one with a slash in it.
        ["/field/track", "/field/track/<path:token>"],
        type="field_track",
        auth="none",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
        readonly=False,  # without a session Odoo would take a read-only cursor first
        max_content_length=MAX_DRAIN,
    )
    def track(self, token=""):
        """One or many positions of the phone this token belongs to."""
        threading.current_thread().url = "/field/track/…"
        env = request.env(user=SUPERUSER_ID, su=True, context={})
        last = TRIES - 1
        for attempt in range(TRIES):
            try:
                return self._track(env, token)
            except OperationalError:
                # Two requests of one phone at the same instant, or a lock that did not come free.
                # Odoo's own retry waits up to half a minute; the phone was promised five seconds.
                env.cr.rollback()  # nosemgrep: field-commit (the try begins again from nothing)
                env.transaction.reset()
                if attempt == last:
                    return reply(503)
                time.sleep(0.05 * (attempt + 1))
        return reply(503)

    def _track(self, env, path):
        token, kind = _read_path(path)
        device = env["field.device"]._authenticate(token) if kind in _KINDS else None
        if not device:
            return reply(401)
        body, size = _read_body()
        parsed = _parse(kind, body, device)
        device._receive(parsed, size, _app_name(parsed.source))
        return reply(content=_answer(kind, parsed, device))


def _read_path(path):
    """``(token, kind)``.

    The token of our own app opens more than this address: it comes as a bearer and stays out of
    addresses, which proxies write down.
    """
    scheme, _space, bearer = request.httprequest.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and bearer.strip():
        return bearer.strip(), path
    token, _slash, kind = path.partition("/")
    return token, kind


#: Who may speak, by the ending of the address; without one the message decides.
_KINDS = ("", "owntracks", "overland", "traccar", "app", "sensor")


def _parse(kind, body, device):
    incoming, now = request.httprequest, time.time()
    if body is None:
        make = sensors.Readings if kind == "sensor" else Parsed
        return make(kind or "form", rejects=[Reject("too_big", "")])
    if kind == "owntracks" or (not kind and b'"_type"' in body[:4096]):
        return owntracks.parse(body, now, device.tracker_secret)
    if kind == "overland":
        return overland.parse(body, now)
    if kind == "traccar" or device.kind == "gateway":
        return forward.parse(body, now)
    if kind == "sensor" or device.kind == "sensor":
        return sensors.parse(body, now)
    if kind == "app":
        return app_batch.parse(body, now)
    query = incoming.query_string.decode("utf-8", "replace")
    return parse(incoming.content_type or "", query, body, now)


def _answer(kind, parsed, device):
    """What the app wants to read: most look at the status only."""
    if parsed.source == owntracks.SOURCE or kind == "owntracks":
        return device._get_owntracks_commands(_is_android())
    return {"result": "ok"} if kind == "overland" else None


def _is_android():
    return "Android" in (request.httprequest.headers.get("User-Agent") or "")


def _app_name(source):
    names = {"query": "Traccar Client 8", "json": "Traccar Client 9", "form": "Traccar Client 10"}
    if source == owntracks.SOURCE:
        return f"OwnTracks {'Android' if _is_android() else 'iOS'}"
    return names.get(source) or source.capitalize()


def _read_body():
    """(raw body or None when too big, size in bytes); reads once, keeps it for a second try."""
    known = getattr(request, "field_track_body", None)
    if known is None:
        known = request.field_track_body = _read_stream()
    return known


def _read_stream():
    # Odoo's wrapper hides the stream; get_data() would take all of a long body into memory.
    stream = request.httprequest._HTTPRequest__wrapped.stream
    size = request.httprequest.content_length or 0
    if size <= MAX_BODY:
        body = stream.read(MAX_BODY + 1)
        return (body, len(body)) if len(body) <= MAX_BODY else (None, len(body))
    if size <= MAX_DRAIN:
        while stream.read(65536):
            pass
    return None, size
