from odoo import models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _field_log_opening(self):
        """Note who opens a photo or recording of somebody else, through whichever way."""
        for model, attachments in self.sudo().grouped("res_model").items():
            owner = model and self.env.get(model)
            if owner is None or not hasattr(owner, "_field_evidence_subjects"):
                continue
            rows = owner.sudo().browse(set(attachments.mapped("res_id"))).exists()
            subjects = rows._field_evidence_subjects()
            audio = any((a.mimetype or "").startswith("audio/") for a in attachments)
            kind = "recording" if audio else "photo"
            self.env["field.access.log"]._log(subjects.user_id, kind, None, subjects)

    # Logged after the content was read: reading it is what checks the caller's rights, and looking
    # at the attachment as superuser before would leave in the cache what he may not see.

    def _compute_raw(self):
        result = super()._compute_raw()
        if not self.env.su and not self.env.context.get("bin_size"):
            self._field_log_opening()
        return result

    def _to_http_stream(self):
        stream = super()._to_http_stream()
        self._field_log_opening()
        return stream
