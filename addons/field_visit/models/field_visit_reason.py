from odoo import fields, models


class FieldVisitReason(models.Model):
    """What people choose instead of writing it: why not, and what came of it."""

    _name = "field.visit.reason"
    _description = "Reason or Result of a Visit"
    _order = "usage, sequence, id"

    name = fields.Char(required=True, translate=True)
    usage = fields.Selection(
        [
            ("cancel", "Visit called off"),
            ("missed", "Visit missed"),
            ("cannot", "Step not possible"),
            ("result", "Result of a visit"),
            ("goal", "Goal of a visit"),
            ("contact", "Result of a call or mail"),
        ],
        "Used for",
        required=True,
        default="cancel",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_success = fields.Boolean(
        "Productive", help="With this result a visit is never marked as too short."
    )
    reached_by_ids = fields.Many2many(
        "field.visit.reason",
        "field_visit_goal_result_rel",
        "goal_id",
        "result_id",
        "Reached with",
        domain=[("usage", "=", "result")],
        help="The results that reach this goal. A goal without any is reached when something came "
        "of the visit: an order, a collection, a signature or a productive result.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to offer it to every company."
    )

    def write(self, vals):
        result = super().write(vals)
        if "reached_by_ids" in vals:  # no column: the log does not see it
            self.env["field.change"].sudo()._touch(self)
        return result
