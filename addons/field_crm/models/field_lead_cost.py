from odoo import api, fields, models
from odoo.exceptions import ValidationError


class FieldLeadCost(models.Model):
    """What leads of a source have cost in a month."""

    _name = "field.lead.cost"
    _description = "Cost of a Lead Source"
    _order = "month desc, id desc"

    month = fields.Date(
        required=True, default=lambda self: fields.Date.context_today(self).replace(day=1)
    )
    source_id = fields.Many2one("utm.source", required=True, index=True, ondelete="restrict")
    medium_id = fields.Many2one("utm.medium", ondelete="restrict")
    campaign_id = fields.Many2one("utm.campaign", ondelete="restrict")
    amount = fields.Monetary(required=True, aggregator="sum")
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    note = fields.Char()

    _amount_positive = models.Constraint("CHECK(amount >= 0)", "A cost cannot be negative.")

    @api.constrains("month")
    def _check_month(self):
        if any(cost.month.day != 1 for cost in self):
            raise ValidationError(self.env._("Costs are entered for the first day of a month."))
