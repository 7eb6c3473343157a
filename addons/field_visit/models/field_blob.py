from odoo import models

#: Models of files that prove a visit.
FILES = ("field.visit.photo", "field.visit.recording")


class FieldBlob(models.Model):
    _inherit = "field.blob"

    def _on_complete(self):
        """A photo or recording has arrived: give it to the visit step that waits for it."""
        result = super()._on_complete()
        domain = [("blob_uuid", "in", self.mapped("uuid")), ("attachment_id", "=", False)]
        for model in FILES:
            self.env[model].sudo().search(domain)._link(self.sudo())
        self.env["res.partner"]._field_take_signs(self.sudo())
        self.env["field.partner.change"]._take_proofs(self.sudo())
        return result

    def _erase_evidence(self, reason):
        """The visit keeps that there was a photo or recording, not the file."""
        domain = [("blob_uuid", "in", self.mapped("uuid"))]
        for model in FILES:
            self.env[model].sudo().search(domain).attachment_id = False
        return super()._erase_evidence(reason)
