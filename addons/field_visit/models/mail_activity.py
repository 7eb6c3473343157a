from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    field_visit_id = fields.Many2one(
        "field.visit", "From the visit", readonly=True, index="btree_not_null", ondelete="set null"
    )
    field_uuid = fields.Char("Name on the phone", readonly=True, copy=False, index="btree_not_null")

    _field_uuid_uniq = models.UniqueIndex(
        "(field_uuid) WHERE field_uuid IS NOT NULL", "This follow-up is already known."
    )
