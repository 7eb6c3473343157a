from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    field_visit_id = fields.Many2one(
        "field.visit", "From the visit", readonly=True, index="btree_not_null", ondelete="set null"
    )
    field_channel = fields.Selection(
        [("call", "Call"), ("mail", "Mail")],
        "Noted as",
        readonly=True,
        help="A call or a mail that was written down after it.",
    )
    field_result_id = fields.Many2one(
        "field.visit.reason",
        "Result",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What came of the call or the mail.",
    )
    field_uuid = fields.Char("Name on the phone", readonly=True, copy=False, index="btree_not_null")

    _field_uuid_uniq = models.UniqueIndex(
        "(field_uuid) WHERE field_uuid IS NOT NULL", "This follow-up is already known."
    )
