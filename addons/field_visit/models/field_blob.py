from odoo import models


class FieldBlob(models.Model):
    _inherit = "field.blob"

    def _on_complete(self):
        """A picture has arrived: give it to the visit step that waits for it."""
        result = super()._on_complete()
        self.env["field.visit.photo"].sudo().search(
            [("blob_uuid", "in", self.mapped("uuid")), ("attachment_id", "=", False)]
        )._link(self.sudo())
        return result
