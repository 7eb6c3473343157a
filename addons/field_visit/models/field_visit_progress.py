"""How long the steps of a visit take, what each of them weighs, and how far the visit has come."""

from odoo import api, fields, models

from ..tools.progress import progress_of

MOST_WEIGHT = 100
_WEIGHT = "How much the step counts in the visit's progress, beside the others; 0 for nothing."


class FieldSopStep(models.Model):
    _inherit = "field.sop.step"

    expected_min = fields.Integer("Minutes expected", help="How long the step usually takes.")
    weight = fields.Integer(default=1, required=True, help=_WEIGHT)

    _weight_range = models.Constraint(
        f"CHECK(weight BETWEEN 0 AND {MOST_WEIGHT})", "A step weighs between 0 and 100."
    )
    _expected_range = models.Constraint(
        "CHECK(expected_min IS NULL OR expected_min BETWEEN 0 AND 600)",
        "A step takes between 0 and 600 minutes.",
    )

    def _prepare_copy(self, visit, is_due):
        copy = super()._prepare_copy(visit, is_due)
        return copy | {"weight": self.weight, "expected_min": self.expected_min}


class FieldVisitStep(models.Model):
    _inherit = "field.visit.step"

    expected_min = fields.Integer("Minutes expected", readonly=True)
    weight = fields.Integer(default=1, readonly=True, aggregator=None, help=_WEIGHT)


class FieldVisit(models.Model):
    _inherit = "field.visit"

    progress = fields.Integer(
        "Progress (%)",
        compute="_compute_progress",
        help="The weight of the steps that are done, of all that are asked for. A step that was "
        "not possible is answered, but not done.",
    )
    expected_min = fields.Integer(
        "Minutes expected",
        compute="_compute_progress",
        help="How long the steps of the procedure usually take.",
    )

    @api.depends("step_ids.state", "step_ids.weight", "step_ids.expected_min", "step_ids.required")
    def _compute_progress(self):
        for visit in self:
            steps = [(step.state, step.weight, step.required) for step in visit.step_ids]
            visit.progress = progress_of(steps)
            visit.expected_min = sum(visit.step_ids.mapped("expected_min"))
