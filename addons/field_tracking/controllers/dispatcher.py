"""How requests of tracker apps are read and how their failures are answered."""

import json
import logging

from werkzeug.exceptions import HTTPException

from odoo.http import HttpDispatcher, Response

_logger = logging.getLogger(__name__)
_HTTP_OK = 200


def reply(status=_HTTP_OK, content=None):
    """An answer, empty or JSON. Tracker apps read little; no cookie, nothing to cache."""
    kind = "text/plain; charset=utf-8" if content is None else "application/json"
    headers = [("Content-Type", kind), ("Cache-Control", "no-store")]
    if status == 503:
        headers.append(("Retry-After", "30"))
    body = b"" if content is None else json.dumps(content).encode()
    return Response(body, status=status, headers=headers)


class TrackDispatcher(HttpDispatcher):
    """Leaves the body alone and turns every failure into 503.

    Odoo would parse the form first and answer 413 to what is too long; a tracker app then repeats
    that message for ever (or deletes it). The controller reads the raw body itself.
    """

    routing_type = "field_track"

    def dispatch(self, endpoint, args):
        self.request.params = dict(args)
        if self.request.db:
            return self.request.registry["ir.http"]._dispatch(endpoint)
        return endpoint(**args)

    def handle_error(self, exc):
        """Temporary trouble is never a 4xx: the phone keeps the point and comes again."""
        if not isinstance(exc, HTTPException):
            _logger.warning("A position was answered with 503: %s", type(exc).__name__)
        return reply(503)
