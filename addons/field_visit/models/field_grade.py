from odoo import fields, models


class FieldGrade(models.Model):
    """How much a customer matters: A, B, C, D."""

    _name = "field.grade"
    _description = "Customer grade"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to offer the grade to every company."
    )
    color = fields.Integer()
    allowed_days = fields.Integer(
        "Days between visits",
        required=True,
        default=30,
        help="A customer that was not visited for longer is overdue.",
    )
    visit_minutes = fields.Integer(
        "Minutes of a visit", help="0 takes what is usual for the representative."
    )
    threshold = fields.Float(
        "From a value of",
        help="Proposals put a customer into the best grade whose value he reaches.",
    )

    _positive = models.Constraint(
        "CHECK(allowed_days > 0 AND visit_minutes >= 0)",
        "A grade allows at least one day between visits.",
    )
    _name_uniq = models.UniqueIndex(
        "(name, COALESCE(company_id, 0))", "There is already a grade of this name."
    )
