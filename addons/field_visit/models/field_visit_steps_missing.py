"""Required steps that are open when a visit ends, where policy or procedure demand them."""

from odoo import fields, models

from .field_visit_flow import PROVISIONAL_ENDS
from odoo.addons.field_base.tools.errors import FieldRejected


class FieldVisit(models.Model):
    _inherit = "field.visit"

    steps_missing = fields.Boolean(
        "Steps missing", readonly=True, copy=False, help="Required steps were open at its end."
    )

    def _check_steps_answered(self, end_source):
        """Values of a check-out. An end the system assumes is marked, never refused: who has left
        cannot do the steps any more, and his next visit must not be lost for them.

        :raise FieldRejected: steps_missing, when policy or procedure demand the steps
        """
        missing = self._get_demanded_steps()
        if missing and end_source == "user":
            raise FieldRejected(
                "steps_missing",
                self.env._(
                    "Still open at %(customer)s: %(steps)s. Do them, or say why it is not "
                    "possible; then check out.",
                    customer=self.partner_id.display_name,
                    steps=", ".join(missing.mapped("name")),
                ),
            )
        return {"steps_missing": bool(missing) and end_source in PROVISIONAL_ENDS}

    def _get_demanded_steps(self):
        if not (self.policy_id.sudo().visit_block_check_out or self.block_check_out):
            return self.step_ids.browse()
        return self.step_ids.filtered(lambda step: step._is_due())

    def _refresh_steps_missing(self):
        """Answers that come late, of the time when the visit lasted."""
        for visit in self.sudo().filtered("steps_missing"):
            if not visit._get_demanded_steps():
                visit._with_evidence().steps_missing = False


class FieldVisitStep(models.Model):
    _inherit = "field.visit.step"

    def _do_done(self, *args, **kwargs):
        result = super()._do_done(*args, **kwargs)
        self.visit_id._refresh_steps_missing()
        return result

    def _do_cannot(self, *args, **kwargs):
        result = super()._do_cannot(*args, **kwargs)
        self.visit_id._refresh_steps_missing()
        return result
