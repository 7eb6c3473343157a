"""Promises and open matters: activities of the customer that a visit has left or settles."""

from odoo import api, fields, models
from odoo.fields import Domain

_ACTIVITY = "mail.mail_activity_data_todo"


class FieldVisit(models.Model):
    _inherit = "field.visit"

    followup_ids = fields.Many2many(
        "mail.activity",
        compute="_compute_followup_ids",
        string="Open matters",
        help="What has been promised to this customer, or is to be done for him.",
    )

    @api.depends("partner_id")
    @api.depends_context("uid")
    def _compute_followup_ids(self):
        found = self.env["mail.activity"].search(
            Domain("res_model", "=", "res.partner") & Domain("res_id", "in", self.partner_id.ids),
            order="date_deadline, id",
        )
        by_partner = found.grouped("res_id")
        none = found.browse()
        for visit in self:
            visit.followup_ids = by_partner.get(visit.partner_id.id, none)

    def action_add_followup(self):
        """Write down what was promised at this visit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Follow-up"),
            "res_model": "field.followup.add",
            "view_mode": "form",
            "target": "new",
            "context": {"default_visit_id": self.id},
        }

    @api.model
    def _add_followup(self, partner, name, deadline=None, uuid=None, visit=None):
        """Keep a promise; the same uuid again is the same promise.

        :param partner: res.partner the person may read
        :param deadline: date, today without one
        :returns: mail.activity
        """
        Activity = self.env["mail.activity"].sudo().with_context(active_test=False)
        known = uuid and Activity.search([("field_uuid", "=", uuid)])
        if known:
            return known
        partner.check_access("read")
        return (
            partner.sudo()
            .with_context(mail_activity_quick_update=True)
            .activity_schedule(
                _ACTIVITY,
                date_deadline=deadline or fields.Date.context_today(self),
                summary=name,
                user_id=self.env.uid,
                field_uuid=uuid,
                field_visit_id=visit.id if visit else False,
            )
        )
