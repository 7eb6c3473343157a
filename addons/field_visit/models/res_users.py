from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    field_digest_date = fields.Date(
        "Last digest of work reports", readonly=True, copy=False, groups="base.group_system"
    )
    field_evening_date = fields.Date(
        "Last told of tomorrow", readonly=True, copy=False, groups="base.group_system"
    )
