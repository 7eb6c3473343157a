from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request


class FieldVisitPhotoController(http.Controller):
    @http.route("/field/photo/<int:photo_id>/original", type="http", auth="user", methods=["GET"])
    def original(self, photo_id):
        """A photo as the camera gave it, for those who may read the visit."""
        photo = request.env["field.visit.photo"].browse(photo_id).exists()
        if not photo or not photo.has_access("read") or not photo.attachment_id:
            raise NotFound()
        file = photo.attachment_id._field_as_it_came()
        stream = request.env["ir.binary"]._get_stream_from(file)
        return stream.get_response(as_attachment=True)
