"""Every answer of the field API is JSON, also when things go wrong before a controller runs."""

import json

from psycopg2 import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from odoo.exceptions import AccessDenied, AccessError, ConcurrencyError, UserError
from odoo.http import HttpDispatcher
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# What is read and thrown away of a body that is too large, so that the client, still sending, gets
# to see the answer instead of a broken connection.
DRAIN_BYTES = 32 * 1024 * 1024

MESSAGES = {
    "bad_token": _lt("This device is not connected, or was disconnected. Please connect it again."),
    "bad_key": _lt("This key is not valid."),
    "too_many_requests": _lt("Too many requests. Try again in a minute."),
    "no_scope": _lt("This key does not open this."),
    "bad_login": _lt("The login or the password is wrong."),
    "too_many_attempts": _lt("Too many failed logins. Please wait a minute and try again."),
    "needs_second_factor": _lt(
        "This account is protected by a second factor. Ask your administrator for a device token."
    ),
    "no_role": _lt("This account has no role in field sales. Ask your administrator."),
    "bad_json": _lt("The request is not valid JSON."),
    "bad_request": _lt("The request is not understood."),
    "wrong_device": _lt("The token belongs to another device."),
    "too_many_events": _lt("At most 100 events can be sent at once."),
    "hash_mismatch": _lt("The file was damaged on the way. It will be sent again."),
    "missing_hash": _lt("The SHA-256 of the file is missing."),
    "too_large": _lt("The request is too large."),
    "forbidden": _lt("You are not allowed to do this."),
    "not_found": _lt("There is nothing at this address."),
    "bad_method": _lt("This address does not take this kind of request."),
    "busy": _lt("The server is busy. Nothing is lost; it will be sent again."),
    "upgrade": _lt("This app is too old for the server. Update it; nothing is lost."),
    "server_error": _lt(
        "Something went wrong on the server. Nothing is lost; it will be sent again."
    ),
}
_CODES = {
    400: "bad_request",
    401: "bad_token",
    403: "forbidden",
    404: "not_found",
    405: "bad_method",
    413: "too_large",
    503: "busy",
}
# Status of a refusal that a model method raised with its own code, if not 422.
_STATUS = {
    "bad_type": 415,
    "blob_conflict": 409,
    "bad_range": 409,
    "quota": 507,
    "device_taken": 409,
    "revoked": 403,
    "no_scope": 403,
    "cursor_expired": 410,
}


class ApiError(HTTPException):
    """A refusal with its HTTP status and stable name, which is an answer and no error to log.

    :param message: only where the sentence of the name does not say it
    """

    def __init__(self, status, name, message=None, retry_after=None, **details):
        super().__init__(name)
        self.code, self.api_code, self.retry_after = status, name, retry_after
        self.message = message or MESSAGES[name]
        self.details = details


def as_api_error(exc):
    """What a client is told about any exception; details stay in the log."""
    if isinstance(exc, ApiError):
        return exc
    if isinstance(exc, AccessDenied):
        return ApiError(401, "bad_token")
    if isinstance(exc, AccessError):
        return ApiError(403, "forbidden")
    if isinstance(exc, UserError):
        code = getattr(exc, "code", "invalid")
        return ApiError(_STATUS.get(code, 422), code, exc.args[0])
    if isinstance(exc, HTTPException) and exc.code in _CODES:
        return ApiError(exc.code, _CODES[exc.code])
    if isinstance(exc, HTTPException) and 400 <= (exc.code or 500) < 500:
        return ApiError(exc.code, "bad_request")
    if isinstance(exc, OperationalError | InterfaceError | ConcurrencyError | OSError):
        return ApiError(503, "busy", retry_after=10)
    return ApiError(500, "server_error", retry_after=60)


class FieldApiDispatcher(HttpDispatcher):
    """Routes of ``type="field_api"``: no form parsing, no CSRF token, no cookie, JSON only.

    The body is left unread: controllers read it themselves with their own limit. Methods are given
    as ``api_methods``, since a wrong one must be answered in JSON too.
    """

    routing_type = "field_api"
    mimetypes = ("*/*",)

    def pre_dispatch(self, rule, args):
        super().pre_dispatch(rule, args)
        self.request.session.can_save = False
        if self.request.httprequest.method not in rule.endpoint.routing["api_methods"]:
            raise MethodNotAllowed()

    def dispatch(self, endpoint, args):
        self.request.params = dict(args)
        try:
            self._count()
            return self.request.registry["ir.http"]._dispatch(endpoint)
        except UserError as exc:  # an answer, which Odoo would log as a warning
            raise as_api_error(exc) from exc

    def _count(self):
        """How often a key is used. Not while it is checked: what fails there is taken for a wrong
        password, and two requests at once must reach Odoo's second try."""
        holder = getattr(self.request, "field_key_holder", None)
        if holder is None:
            return
        rate = self.request.env["field.rate"].sudo()
        if not rate._is_allowed(holder._name, str(holder.id), holder.rate_limit):
            raise ApiError(429, "too_many_requests", retry_after=60)
        holder._note_use()

    def handle_error(self, exc):
        error = as_api_error(exc)
        self._drain()
        headers = [("Cache-Control", "no-store")]
        if error.retry_after:
            headers.append(("Retry-After", str(error.retry_after)))
        if error.code == 401:
            headers.append(("WWW-Authenticate", 'Bearer realm="field"'))
        answer = {"code": error.api_code, "message": self._text(error.message), **error.details}
        if error.api_code == "too_large" and self.request.httprequest.max_content_length:
            answer["limit"] = self.request.httprequest.max_content_length
        body = {"error": answer}
        return self.request.make_json_response(body, headers=headers, status=error.code)

    def _text(self, message):
        env = getattr(self.request, "env", None)
        lang = (env.lang if env else None) or "en_US"
        return message if isinstance(message, str) else message._translate(lang)

    def _drain(self):
        stream = self.request.httprequest.environ.get("wsgi.input")
        left = min(self.request.httprequest.content_length or 0, DRAIN_BYTES)
        while stream and left > 0:
            try:
                chunk = stream.read(min(65536, left))
            except (OSError, ValueError):
                return
            if not chunk:
                return
            left -= len(chunk)


def parse_body(raw):
    """JSON of a request. NaN, infinities and numbers of hundreds of digits become texts, so that
    they spoil the one value they stand in and not the whole batch.

    :raises ApiError: 400 ``bad_json``
    """
    try:
        return json.loads(raw, parse_constant=str, parse_float=_finite, parse_int=_finite_int)
    except (ValueError, RecursionError) as exc:
        raise ApiError(400, "bad_json") from exc


def _finite_int(text):
    return int(text) if len(text) <= 300 else text


def _finite(text):
    value = float(text)
    return text if value in (float("inf"), float("-inf")) else value
