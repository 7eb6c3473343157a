from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

_BIGGEST = 2**31 - 1  # of an id


class FieldSecondLook(http.Controller):
    @http.route("/field/second-look/<int:look_id>/photo/<int:photo_id>", type="http", auth="user")
    def photo(self, look_id, photo_id):
        """A photo of a visit, for who was drawn to look at it; noted like every look at a photo."""
        known = max(look_id, photo_id) <= _BIGGEST
        look = known and request.env["field.second.look"].search([("id", "=", look_id)])
        photo = look and look._get_photos().filtered(lambda one: one.id == photo_id)
        if not photo:
            raise NotFound()
        request.env["field.access.log"]._log(look.rep_id, "photo", None, look)
        stream = request.env["ir.binary"].sudo()._get_stream_from(photo.attachment_id)
        return stream.get_response()
