from odoo import api, fields, models
from odoo.exceptions import UserError

# An object, not a value: no RPC context can carry it.
_ANSWERED = object()


class FieldVisitRowMixin(models.AbstractModel):
    """A row that a step has left, for lists, pivots and graphs. It stays as it was answered."""

    _name = "field.visit.row.mixin"
    _description = "Row of an answered step"
    _order = "observed_at desc, id desc"

    step_id = fields.Many2one(
        "field.visit.step", required=True, readonly=True, index=True, ondelete="cascade"
    )
    visit_id = fields.Many2one(related="step_id.visit_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="visit_id.partner_id", store=True, index=True, string="Customer"
    )
    user_id = fields.Many2one(related="visit_id.user_id", store=True, index=True, string="Person")
    company_id = fields.Many2one(related="visit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    observed_at = fields.Datetime("Seen on", required=True, readonly=True, index=True)

    def write(self, vals):
        """:raise UserError: a row of an answer is no field to type in"""
        if self.env.context.get("field_visit_row") is not _ANSWERED:
            raise UserError(self.env._("Answers are kept as they were given."))
        return super().write(vals)

    @api.model
    def _replace(self, step, rows):
        """The rows of a step's answer, in place of those it had."""
        Row = self.sudo().with_context(field_visit_row=_ANSWERED)
        Row.search([("step_id", "=", step.id)]).unlink()
        at = step.answered_at
        return Row.create([{"step_id": step.id, "observed_at": at, **row} for row in rows])
