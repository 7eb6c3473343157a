from odoo import api, fields, models


class FieldPlanGap(models.Model):
    """Visits that the rules ask for and that somebody has no hours for."""

    _name = "field.plan.gap"
    _description = "Visits without room"
    _inherit = ["field.scope.mixin"]
    _order = "minutes_missing desc, id"

    rule_id = fields.Many2one(
        "field.frequency.rule", required=True, readonly=True, index=True, ondelete="cascade"
    )
    grade_id = fields.Many2one("field.grade", readonly=True, ondelete="cascade")
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("To", readonly=True)
    visits_missing = fields.Integer("Visits without room", readonly=True)
    near_missing = fields.Integer(
        "Of them close to others'",
        readonly=True,
        help="Somebody else of us visits the customer so shortly before or after that the policy "
        "would warn.",
    )
    minutes_missing = fields.Integer("Minutes missing", readonly=True)
    hours_missing = fields.Float(
        "Hours missing", compute="_compute_hours_missing", store=True, digits=(10, 1)
    )

    _key_uniq = models.UniqueIndex("(rule_id, user_id, COALESCE(grade_id, 0))")

    @api.depends("minutes_missing")
    def _compute_hours_missing(self):
        for gap in self:
            gap.hours_missing = gap.minutes_missing / 60
