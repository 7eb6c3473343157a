from odoo import http
from odoo.http import request, route


class Controller(http.Controller):
    # ruleid: field-csrf-off
    @http.route("/field/a", type="http", auth="public", methods=["POST"], csrf=False)
    def nobody_asks(self, **values):
        return "done"

    # ruleid: field-csrf-off
    @route("/field/b", auth="none", csrf=False)
    def nobody_asks_either(self):
        return "done"

    # ruleid: field-csrf-off
    @http.route("/field/c", auth="user", csrf=False)
    def cookie_is_not_enough(self):
        return "done"

    # ok: field-csrf-off
    @http.route("/field/d", auth="field_device", csrf=False, methods=["POST"])
    def device(self):
        return "done"

    # ok: field-csrf-off
    @http.route("/field/track/<token>", auth="public", csrf=False, methods=["GET", "POST"])
    def token_is_checked(self, token):
        device = request.env["field.device"]._authenticate(token)
        if not device:
            return "unknown"
        return "done"

    # ok: field-csrf-off
    @http.route("/field/e", auth="user", methods=["POST"])
    def csrf_is_on(self):
        return "done"
