from odoo import http
from odoo.http import request, route


class Controller(http.Controller):
    @http.route("/field/a", type="http", auth="public", methods=["POST"])
    def every_parameter(self, partner_id, **values):
        partner = request.env["res.partner"].browse(int(partner_id))
        # ruleid: field-sudo-write-client-values
        partner.sudo().write(values)

    @route("/field/b", type="json", auth="user")
    def one_parameter(self, changes):
        # ruleid: field-sudo-write-client-values
        request.env["res.partner"].sudo().create(changes)

    @http.route("/field/c", auth="user")
    def json_body(self):
        body = request.get_json_data()
        # ruleid: field-sudo-write-client-values
        request.env["res.partner"].sudo().create(dict(body, active=True))

    @http.route("/field/d", auth="user")
    def spread(self, **values):
        # ruleid: field-sudo-write-client-values
        request.env["res.partner"].sudo().create({**values, "active": True})

    @http.route("/field/e", auth="user")
    def named_fields(self, name, **values):
        # ok: field-sudo-write-client-values
        request.env["res.partner"].sudo().create({"name": name})

    @http.route("/field/f", auth="user")
    def rights_are_checked(self, **values):
        # ok: field-sudo-write-client-values
        request.env["res.partner"].create(values)


class Event:
    def _apply_visit_check_in(self, payload):
        # ruleid: field-sudo-write-client-values
        self.env["field.visit"].sudo().create(payload["visit"])

    def _apply_visit_check_out(self, payload):
        # ok: field-sudo-write-client-values
        self.env["field.visit"].sudo().create({"note": payload["note"]})

    def _close(self, values):
        # ok: field-sudo-write-client-values
        self.sudo().write({"state": "done"})
