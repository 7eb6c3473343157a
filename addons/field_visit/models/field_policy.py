from odoo import fields, models


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    visit_block_check_out = fields.Boolean(
        "Required steps before check-out",
        help="A representative can end a visit only after every required step is done "
        "or has a reason why it could not be done.",
    )
