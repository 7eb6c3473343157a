from odoo import http
from odoo.http import request

from .api import API, _json
from .dispatcher import ApiError, parse_body


class FieldPush(http.Controller):
    @http.route(
        "/field/api/v1/push",
        api_methods=("PUT", "DELETE"),
        auth="field_device",
        max_content_length=8192,
        **API,
    )
    def push(self):
        """Let messages wake this phone, or no more. No event: an address of a browser is no
        evidence."""
        device = request.field_device
        if request.httprequest.method == "DELETE":
            device._drop_push()
            return _json({"ok": True})
        body = parse_body(request.httprequest.get_data(cache=True))
        if not isinstance(body, dict):
            raise ApiError(400, "bad_request")
        device._set_push(body)
        return _json({"ok": True})
