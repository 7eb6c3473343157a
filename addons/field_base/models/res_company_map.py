from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    field_map_provider_id = fields.Many2one(
        "field.map.provider",
        "Map provider",
        ondelete="set null",
        index="btree_not_null",
        help="Where the streets on all maps come from; empty for the built-in map, which needs no "
        "internet.",
    )
