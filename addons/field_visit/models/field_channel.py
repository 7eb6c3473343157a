from odoo import fields, models


class FieldChannel(models.Model):
    """What kind of business a customer is: supermarket, pharmacy, distributor."""

    _name = "field.channel"
    _description = "Channel"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to offer the channel to every company."
    )
