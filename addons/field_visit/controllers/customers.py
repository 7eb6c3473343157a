from odoo import http
from odoo.http import request

from odoo.addons.field_base.controllers.dispatcher import ApiError, parse_body
from odoo.addons.field_base.tools.payload import is_number

TEXTS = ("name", "phone", "vat")
_BIGGEST = 2**31 - 1  # of an id


class FieldCustomersApi(http.Controller):
    # nosemgrep: field-csrf-off (the token of the device is checked by its own way to log in)
    @http.route(
        "/field/api/v1/customers/<int:partner_id>/glance",
        type="field_api",
        api_methods=("GET",),
        auth="field_device",
        csrf=False,
        save_session=False,
    )
    def glance(self, partner_id):
        """What the person may see of a customer, for the copy on the phone."""
        known = partner_id <= _BIGGEST
        partner = known and request.env["res.partner"].search([("id", "=", partner_id)])
        if not partner:
            raise ApiError(404, "not_found")
        answer = partner._field_360_copy()
        return request.make_json_response(answer, [("Cache-Control", "no-store")])

    # nosemgrep: field-csrf-off (the token of the device is checked by its own way to log in)
    @http.route(
        "/field/api/v1/customers/same",
        type="field_api",
        api_methods=("POST",),
        auth="field_device",
        csrf=False,
        save_session=False,
        max_content_length=4096,
    )
    def same(self):
        """Is the customer somebody is about to add there already? Nothing is kept."""
        body = parse_body(request.httprequest.get_data(cache=False))
        if not isinstance(body, dict):
            raise ApiError(400, "bad_request")
        values = {name: body.get(name) or "" for name in TEXTS}
        if not all(isinstance(value, str) and "\0" not in value for value in values.values()):
            raise ApiError(400, "bad_request")
        lat, lng = body.get("lat"), body.get("lng")
        placed = is_number(lat) and is_number(lng) and abs(lat) <= 90 and abs(lng) <= 180
        position = {"lat": lat, "lng": lng} if placed else None
        found = request.env["res.partner"].field_find_duplicates(values, position)
        return request.make_json_response({"found": found}, [("Cache-Control", "no-store")])
