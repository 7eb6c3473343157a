from odoo import fields, models


class FieldCompetitor(models.Model):
    """Somebody who wants the same deals."""

    _name = "field.competitor"
    _description = "Competitor"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    website = fields.Char()
    strengths = fields.Text()
    weaknesses = fields.Text()
    company_id = fields.Many2one("res.company", index=True, default=lambda self: self.env.company)
    lead_ids = fields.Many2many(
        "crm.lead", "field_competitor_lead_rel", "competitor_id", "lead_id", "Deals"
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, lower(name))", "There is a competitor of this name already."
    )
