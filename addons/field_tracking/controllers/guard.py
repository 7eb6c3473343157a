"""Last line of defence for tracker addresses, around Odoo's whole HTTP application.

Some answers are given before any controller is found: no database, database unusable (Odoo then
looks for a route without one and says 404), wrong method, redirects of other modules. Each of
them makes some tracker app lose a position or block for ever, so they all become 503.
"""

import functools

from odoo.http import Application

ADDRESS = "/field/track"
_ALLOWED = ("200", "401", "503")
_BUSY = "503 SERVICE UNAVAILABLE"
_BUSY_HEADERS = [("Content-Type", "text/plain"), ("Content-Length", "0"), ("Retry-After", "30")]


def guarded(application):
    """Wrap the WSGI entry point; other addresses pass through untouched."""

    @functools.wraps(application)
    def call(self, environ, start_response):
        if not f"{environ.get('PATH_INFO', '')}/".startswith(f"{ADDRESS}/"):
            return application(self, environ, start_response)
        started = []

        def start(status, headers, exc_info=None):
            started.append(status)
            if not status.startswith(_ALLOWED):
                status, headers = _BUSY, _BUSY_HEADERS
            headers = [item for item in headers if item[0].lower() != "set-cookie"]
            return start_response(status, headers, exc_info)

        body = application(self, environ, start)
        if started and not started[-1].startswith(_ALLOWED):
            if hasattr(body, "close"):
                body.close()
            return [b""]
        return body

    call.field_tracking_guard = True
    return call


if not hasattr(Application.__call__, "field_tracking_guard"):
    Application.__call__ = guarded(Application.__call__)
