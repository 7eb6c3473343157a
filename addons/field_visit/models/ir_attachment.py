from odoo import models

_PLAIN = object()


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _to_http_stream(self):
        """Photos of visits are shown and downloaded with their watermark, whichever way."""
        stream = super()._to_http_stream()  # asks for the rights, and notes who opens it
        photo = self._field_visit_photo()
        if not photo or not photo._wants_stamp():
            return stream
        if kept := photo._get_stamped_file():
            return super(IrAttachment, kept)._to_http_stream()
        stream.type, stream.path = "data", None
        stream.data = photo._get_shown()
        stream.size, stream.mimetype = len(stream.data), "image/jpeg"
        stream.etag = f"{stream.etag}-stamped"
        return stream

    def _field_visit_photo(self):
        """The photo of a visit this file is (sudo), if it is one and not asked for as it came."""
        Photo = self.env["field.visit.photo"].sudo()
        is_photo = self.res_model == "field.visit.step" and not self.res_field
        if not is_photo or self.env.context.get("field_as_it_came") is _PLAIN:
            return Photo
        return Photo.search([("attachment_id", "=", self.id)], limit=1)

    def _field_as_it_came(self):
        """This file without watermark: the very bytes whose hash is in the evidence."""
        return self.with_context(field_as_it_came=_PLAIN)
