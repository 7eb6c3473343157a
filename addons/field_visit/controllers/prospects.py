from odoo import http
from odoo.http import request

from odoo.addons.field_base.controllers.dispatcher import ApiError, parse_body
from odoo.addons.field_base.tools.payload import is_number

PER_MINUTE = 20
MOST_WORDS = 80


class FieldProspectsApi(http.Controller):
    # nosemgrep: field-csrf-off (the token of the device is checked by its own way to log in)
    @http.route(
        "/field/api/v1/prospects",
        type="field_api",
        api_methods=("POST",),
        auth="field_device",
        csrf=False,
        save_session=False,
        max_content_length=4096,
    )
    def prospects(self):
        """Businesses round a place that are no customers yet. Nothing is kept; the sources learn
        the place, not who asks."""
        asked = self._read(parse_body(request.httprequest.get_data(cache=False)))
        rate = request.env["field.rate"].sudo()
        if not rate._is_allowed("prospects", request.env.uid, PER_MINUTE):
            raise ApiError(429, "too_many_requests", retry_after=60)
        found = request.env["field.prospect.provider"].find_nearby(**asked)
        return request.make_json_response(found, [("Cache-Control", "no-store")])

    def _read(self, body):
        """:raise ApiError: 400"""
        if not isinstance(body, dict):
            raise ApiError(400, "bad_request")
        lat, lng = body.get("lat"), body.get("lng")
        radius, words = body.get("radius", 500), body.get("words", "")
        numbers = all(is_number(value) for value in (lat, lng, radius))
        text = isinstance(words, str) and len(words) <= MOST_WORDS and "\0" not in words
        if not (numbers and text and abs(lat) <= 90 and abs(lng) <= 180):
            raise ApiError(400, "bad_request")
        return {"lat": lat, "lng": lng, "radius_m": radius, "words": words}
