from odoo import fields, models
from odoo.exceptions import UserError


class FieldJointVisit(models.TransientModel):
    """Several people of a deal go to the customer together: a meeting in the calendar of each, and
    a planned visit where visits are planned."""

    _name = "field.joint.visit"
    _description = "Joint Visit"

    lead_id = fields.Many2one("crm.lead", "Deal", required=True, ondelete="cascade")
    user_ids = fields.Many2many(
        "res.users", string="Who goes", required=True, domain=[("share", "=", False)]
    )
    start = fields.Datetime("When", required=True)
    hours = fields.Float(required=True, default=1)
    purpose = fields.Char("What for")

    def action_plan(self):
        """Plan the meeting and the visits.

        :raises UserError: somebody does not belong to the deal
        """
        self.ensure_one()
        deal = self.lead_id
        deal.check_access("read")
        belong = deal.user_id | deal.sudo().field_member_ids.user_id | self.env.user
        strangers = self.user_ids - belong
        if strangers:
            raise UserError(
                self.env._(
                    "First take into the team of the deal: %(names)s.",
                    names=", ".join(strangers.mapped("name")),
                )
            )
        self.env["calendar.event"].create(self._prepare_meeting_vals())
        deal._field_plan_visits(self.user_ids, self.start)
        return {"type": "ir.actions.act_window_close"}

    def _prepare_meeting_vals(self):
        deal = self.lead_id
        people = self.user_ids.partner_id
        return {
            "name": self.purpose or self.env._("Joint visit: %(deal)s", deal=deal.name),
            "start": self.start,
            "stop": fields.Datetime.add(self.start, minutes=round(self.hours * 60)),
            "partner_ids": [fields.Command.set(people.ids)],
            "opportunity_id": deal.id,
            "location": deal.partner_id.contact_address_inline,
        }
