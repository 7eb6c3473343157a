from werkzeug.exceptions import BadRequest, NotFound

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

from ..tools import labels


class FieldCustomerLabels(http.Controller):
    @http.route("/field/customer-labels.pdf", type="http", auth="user", methods=["GET"])
    def sheet(self, ids=""):
        """Labels with the codes of these customers, for leaders who may read them."""
        try:
            wanted = [int(one) for one in ids.split(",")][:500]
        except ValueError:
            raise BadRequest() from None
        partners = request.env["res.partner"].search([("id", "in", wanted)])
        try:
            partners._check_can_handle_codes()
        except AccessError:
            raise NotFound() from None
        if not partners:
            raise NotFound()
        rows = [
            (one._get_field_code(), one.display_name, one.ref or one.city or "") for one in partners
        ]
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Disposition", content_disposition("labels.pdf")),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(labels.sheet(request.env._("Labels"), rows), headers)
