from odoo import models
from odoo.fields import Domain


class FieldVisit(models.Model):
    """What proves a visit: the journal entries about it and its steps, and their photos."""

    _name = "field.visit"
    _inherit = ["field.visit", "field.evidence.subject"]

    def _field_evidence_domain(self):
        steps = Domain(
            [("res_model", "=", "field.visit.step"), ("res_id", "in", self.step_ids.ids)]
        )
        return super()._field_evidence_domain() | steps
