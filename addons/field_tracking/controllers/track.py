import threading
import time

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..tools.parse import Parsed, Reject, parse
from .dispatcher import reply

#: A batch of thousands of positions fits; more is no position message.
MAX_BODY = 1024 * 1024
#: What is longer is read away up to here, so that the app gets to hear the answer.
MAX_DRAIN = 32 * 1024 * 1024
TRIES = 3


class TrackController(http.Controller):
    """Where tracker apps send positions: ``/field/track/<token>``.

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

    def _track(self, env, token):
        device = env["field.device"]._authenticate(token)
        if not device:
            return reply(401)
        body, size = _read_body()
        device._receive(_parse(body), size)
        return reply()


def _parse(body):
    incoming = request.httprequest
    if body is None:
        return Parsed("form", rejects=[Reject("too_big", "")])
    query = incoming.query_string.decode("utf-8", "replace")
    return parse(incoming.content_type or "", query, body, time.time())


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
