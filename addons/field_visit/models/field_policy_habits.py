from odoo import fields, models


class FieldPolicy(models.Model):
    """From when on a habit is worth a word; the person reads it first (see ``truth_hours``)."""

    _inherit = "field.policy"

    habit_copied = fields.Integer(
        "Same note in so many visits",
        default=5,
        help="Within 30 days; 0 does not look. The person sees it first.",
    )
    habit_at_once = fields.Integer(
        "Steps answered in the same second", default=4, help="0 does not look."
    )
    habit_fruitless = fields.Integer(
        "Visits in a row without an outcome",
        default=20,
        help="No order, collection, signature, productive result or promise; 0 does not look.",
    )

    _habit_range = models.Constraint(
        "CHECK(COALESCE(habit_copied, 0) BETWEEN 0 AND 100"
        " AND COALESCE(habit_at_once, 0) BETWEEN 0 AND 100"
        " AND COALESCE(habit_fruitless, 0) BETWEEN 0 AND 500)",
        "Up to 100 notes or steps and 500 visits; 0 for none. One is no habit.",
    )
