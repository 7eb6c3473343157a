from odoo import http
from odoo.exceptions import AccessDenied
from odoo.http import request

from ..tools.payload import is_uuid
from .dispatcher import ApiError, parse_body

MAX_EVENTS = 100
MAX_BODY = 1024 * 1024
MAX_BLOB = 15 * 1024 * 1024
_ANY = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
API = {"type": "field_api", "csrf": False, "save_session": False}


class FieldApi(http.Controller):
    @http.route("/field/api/v1/health", api_methods=("GET",), auth="none", readonly=True, **API)
    def health(self):
        """The server and its database answer."""
        return _json({"ok": True})

    @http.route(
        "/field/api/v1/sync",
        api_methods=("POST",),
        auth="field_device",
        max_content_length=MAX_BODY,
        **API,
    )
    def sync(self):
        """Take in a batch of events; see docs/sync-protocol.md."""
        body = parse_body(request.httprequest.get_data(cache=True))
        if not isinstance(body, dict) or not isinstance(body.get("events"), list):
            raise ApiError(400, "bad_request")
        if len(body["events"]) > MAX_EVENTS:
            raise ApiError(413, "too_many_events")
        device = request.field_device
        if body.get("device") not in (None, device.uuid):
            raise ApiError(400, "wrong_device")
        # Odoo runs this again when two requests meet; from the second time on a taken unique
        # key is no accident any more.
        tries = request.httprequest.environ.get("field.sync.tries", 0)
        request.httprequest.environ["field.sync.tries"] = tries + 1
        Event = request.env["field.event"]
        return _json(Event._sync(device, body["events"], body.get("sent_at"), final=tries > 0))

    @http.route(
        "/field/api/v1/blob/<string:uuid>",
        api_methods=("PUT",),
        auth="field_device",
        max_content_length=MAX_BLOB,
        **API,
    )
    def blob(self, uuid):
        """Take in a file, whole."""
        if not is_uuid(uuid):
            raise ApiError(400, "bad_request")
        http_request = request.httprequest
        sha256 = http_request.headers.get("X-Content-SHA256") or http_request.args.get("sha256")
        if not sha256:
            raise ApiError(400, "missing_hash")
        blob = request.env["field.blob"]._store(
            request.field_device,
            uuid.lower(),
            http_request.get_data(cache=True),
            http_request.mimetype,
            sha256,
        )
        return _json(
            {"uuid": blob.uuid, "state": blob.state, "sha256": blob.sha256, "size": blob.size}
        )

    @http.route(
        "/field/api/v1/enrol", api_methods=("POST",), auth="public", max_content_length=16384, **API
    )
    def enrol(self):
        """Connect a phone: login and password once, a device token from then on."""
        body = parse_body(request.httprequest.get_data(cache=True))
        names = ("login", "password", "device_uuid", "name")
        if not isinstance(body, dict) or not all(isinstance(body.get(n), str) for n in names):
            raise ApiError(400, "bad_request")
        if not is_uuid(body["device_uuid"]) or not body["name"].strip():
            raise ApiError(400, "bad_request")
        user = self._log_in(body["login"], body["password"])
        device, token = request.env["field.device"]._enrol(
            user, body["device_uuid"].lower(), body["name"].strip()[:100]
        )
        return _json(
            {
                "token": token,
                "device": {"id": device.id, "uuid": device.uuid, "name": device.name},
                "user": {
                    "id": user.id,
                    "name": user.name,
                    "lang": user.lang,
                    "tz": user._field_tz(),
                    "company": device.company_id.name,
                },
            }
        )

    @http.route("/field/api/<path:rest>", api_methods=_ANY, auth="none", readonly=True, **API)
    def unknown(self, rest):
        """An address of another version: answered in JSON, not with a web page."""
        raise ApiError(404, "not_found")

    def _log_in(self, login, password):
        """The person; Odoo's own cool-down after failed logins holds here too."""
        credential = {"type": "password", "login": login, "password": password}
        try:
            auth = request.env["res.users"].authenticate(credential, {"interactive": True})
        except AccessDenied as exc:
            if exc.args and exc.args[0] != AccessDenied().args[0]:  # only the cool-down says more
                raise ApiError(429, "too_many_attempts", retry_after=60) from exc
            raise ApiError(401, "bad_login") from exc
        user = request.env["res.users"].sudo().browse(auth["uid"])
        if auth.get("mfa") == "default" and user._mfa_type():
            raise ApiError(403, "needs_second_factor")
        if not user.has_group("field_base.field_base_group_rep"):
            raise ApiError(403, "no_role")
        return user.with_context(lang=user.lang)


def _json(values):
    return request.make_json_response(values, headers=[("Cache-Control", "no-store")])
