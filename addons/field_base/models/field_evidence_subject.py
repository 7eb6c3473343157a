from odoo import models
from odoo.fields import Domain


class FieldEvidenceSubject(models.AbstractModel):
    """A record that evidence can be handed out about: a visit, a workday, an event."""

    _name = "field.evidence.subject"
    _description = "Subject of evidence"

    def _field_evidence(self):
        """``(field.event, field.blob)`` that prove this record, as the caller may see them."""
        events = self.env["field.event"].search(self._field_evidence_domain(), order="id")
        return events, events._named_blobs()

    def _field_evidence_domain(self):
        """Hook: the journal entries about this record."""
        return Domain([("res_model", "=", self._name), ("res_id", "in", self.ids)])

    def _field_evidence_title(self):
        """What the evidence file is about, in words."""
        self.ensure_one()
        return f"{self.env['ir.model']._get(self._name).name}: {self.display_name}"

    def action_evidence_file(self):
        """Hand out the evidence of this record as a PDF with a code that anybody can verify."""
        proof = self.env["field.proof"]._issue(self)
        return {
            "type": "ir.actions.act_url",
            "url": f"/field/evidence/{proof.code}.pdf",
            "target": "new",
        }
