"""Customers learn by mail who looks after them from now on."""

from odoo import api, fields, models


class FieldHandover(models.Model):
    _inherit = "field.handover"

    tell_customers = fields.Boolean(
        "Write to the customers",
        help="Every customer in the list with an e-mail address learns who looks after him now. "
        "Mails that have left are not called back when the handover is taken back.",
    )

    def _tell_customers(self):
        """One mail to each customer that has passed, in his language."""
        template = self.env.ref("field_base.field_handover_mail_template").sudo()
        for handover in self.filtered("tell_customers"):
            lines = handover.sudo().line_ids.filtered(
                lambda line: line.state == "moved" and line.partner_id.email
            )
            layout = "mail.mail_notification_light"
            template.send_mail_batch(lines.ids, email_layout_xmlid=layout)
            lines.is_told = True


class FieldHandoverLine(models.Model):
    _inherit = "field.handover.line"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_partner_id",
        help="The customer whose salesperson changes.",
    )
    is_told = fields.Boolean("Written to", readonly=True)

    @api.depends("code", "res_id")
    def _compute_partner_id(self):
        for line in self:
            line.partner_id = line.res_id if line.code == "customers" else False
