from odoo import http
from odoo.exceptions import AccessDenied
from odoo.http import request

from ..models.field_blob_piece import MAX_BLOB
from ..tools.blob_meta import read_range
from ..tools.payload import is_uuid
from .dispatcher import ApiError, parse_body

MAX_EVENTS = 100
MAX_BODY = 1024 * 1024
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
            raise ApiError(413, "too_many_events", limit=MAX_EVENTS)
        device = request.field_device
        if body.get("device") not in (None, device.uuid):
            raise ApiError(400, "wrong_device")
        # Odoo runs this again when two requests meet; from the second time on a taken unique
        # key is no accident any more.
        tries = request.httprequest.environ.get("field.sync.tries", 0)
        request.httprequest.environ["field.sync.tries"] = tries + 1
        Event = request.env["field.event"]
        answer = Event._sync(device, body["events"], body.get("sent_at"), tries > 0, extra=body)
        token = device._renew_token(request.field_token)
        return _json(answer | ({"token": token} if token else {}))

    @http.route("/field/api/v1/pull", api_methods=("GET",), auth="field_device", **API)
    def pull(self):
        """What is new for this phone; see docs/sync-protocol.md."""
        query = request.httprequest.args
        names = query.get("collections")
        names = {name for name in names.split(",") if name} if names else None
        App = request.env["field.app"]
        return _json(App._pull(request.field_device, query.get("since"), names))

    @http.route(
        "/field/api/v1/blob/<string:uuid>",
        api_methods=("PUT", "GET", "HEAD"),
        auth="field_device",
        max_content_length=MAX_BLOB,
        **API,
    )
    def blob(self, uuid):
        """Take in a file, whole or a piece of it, or say how much of it has arrived."""
        if not is_uuid(uuid):
            raise ApiError(400, "bad_request")
        Blob, device = request.env["field.blob"], request.field_device
        if request.httprequest.method == "PUT":
            return self._put_blob(Blob, device, uuid.lower())
        return _blob_answer(Blob._state(device, uuid.lower()))

    def _put_blob(self, Blob, device, uuid):
        http_request = request.httprequest
        headers = http_request.headers
        sha256 = headers.get("X-Content-SHA256") or http_request.args.get("sha256")
        if not sha256:
            raise ApiError(400, "missing_hash")
        content = http_request.get_data(cache=True)
        described = (content, http_request.mimetype, sha256, headers.get("X-Field-Meta"))
        if "Content-Range" not in headers:
            blob = Blob._store(device, uuid, *described)
            return _json(
                {"uuid": blob.uuid, "state": blob.state, "sha256": blob.sha256, "size": blob.size}
            )
        try:
            span = read_range(headers["Content-Range"])
        except ValueError as exc:
            raise ApiError(400, "bad_request") from exc
        return _blob_answer(Blob._store_piece(device, uuid, span, *described))

    @http.route(
        "/field/api/v1/home",
        api_methods=("PUT", "DELETE"),
        auth="field_device",
        max_content_length=4096,
        **API,
    )
    def home(self):
        """Name the own home, or forget it. No event: the journal keeps what it is told."""
        Home, user = request.env["field.home"], request.field_device.user_id
        if request.httprequest.method == "DELETE":
            Home._forget(user)
            return _json({"ok": True})
        body = parse_body(request.httprequest.get_data(cache=True))
        if not isinstance(body, dict):
            raise ApiError(400, "bad_request")
        Home._set(user, body.get("position"))
        return _json({"ok": True})

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
                "recovery": device._recovery_key(),
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


def _blob_answer(state):
    """State of an upload, in the body and for HEAD in the headers."""
    if state["state"] == "damaged":
        response = request.dispatcher.handle_error(ApiError(422, "hash_mismatch"))
    else:
        response = _json(state)
    response.headers["Upload-Offset"] = str(state["offset"])
    response.headers["Upload-State"] = state["state"]
    return response
