from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.field_visiting_hours import WEEKDAYS
from ..tools.customer_card import CONTACT

#: Lines of the card one sees and types over.
LINES = (
    *("name", "phone", "email", "street", "street2", "field_place_hint", "zip", "city", "vat"),
    *("user_id", "field_channel_id"),
)


class FieldPartnerPropose(models.TransientModel):
    """What is otherwise with a customer, said by somebody who may not write the card."""

    _name = "field.partner.propose"
    _description = "Propose a Change of a Customer"

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    name = fields.Char()
    phone = fields.Char()
    email = fields.Char()
    street = fields.Char()
    street2 = fields.Char("Street 2")
    field_place_hint = fields.Char("Floor and shop number")
    zip = fields.Char()
    city = fields.Char()
    vat = fields.Char("Tax number")
    user_id = fields.Many2one("res.users", "Salesperson", domain=[("share", "=", False)])
    field_channel_id = fields.Many2one("field.channel", "Channel")
    is_closed = fields.Boolean("Closed for good")
    change_hours = fields.Boolean("Other visiting hours")
    hours_ids = fields.One2many("field.partner.propose.hours", "wizard_id", "Visiting hours")
    contact_name = fields.Char("Contact person")
    contact_function = fields.Char("Job position")
    contact_phone = fields.Char("Phone of the person")
    contact_email = fields.Char("Email of the person")
    reason = fields.Char()
    attachment_ids = fields.Many2many("ir.attachment", string="Proof")

    @api.model
    def default_get(self, fields):
        """What the card says now, to be typed over."""
        values = super().default_get(fields)
        partner = self.env["res.partner"].browse(values.get("partner_id"))
        if partner:
            partner.check_access("read")
            card = partner.sudo().read(LINES, load=None)[0]
            values |= {name: card[name] for name in LINES if name in fields}
            values["hours_ids"] = [
                Command.create({"weekday": day, "hour_from": start, "hour_to": end})
                for day, start, end in partner.sudo().field_visiting_hours_ids._as_windows()
            ]
        return values

    def action_propose(self):
        """Keep what differs from the card as a proposal, and say what became of it."""
        self.ensure_one()
        values = self._get_changes()
        if not values:
            raise UserError(self.env._("That is what the card says already."))
        Change = self.env["field.partner.change"]
        change = Change.action_propose(self.partner_id.id, values, self.reason)
        change._take_files(self.attachment_ids)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._get_thanks(change),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_thanks(self, change):
        if change.state == "applied":
            return self.env._("The card of %(name)s is changed.", name=self.partner_id.name)
        return self.env._("Your leader decides about it.")

    def _get_changes(self):
        card = self.partner_id.sudo()
        values = {}
        for name in LINES:
            new, old = (record[name] for record in (self, card))
            if (new or False) != (old or False):
                values[name] = new.id if isinstance(new, models.BaseModel) else new
        if self.is_closed:
            values["field_life"] = "closed"
        if self.change_hours:
            values["visiting_hours"] = [
                [one.weekday, one.hour_from, one.hour_to] for one in self.hours_ids
            ]
        if self.contact_name:
            values["contact"] = {key: self[f"contact_{key}"] or "" for key in CONTACT}
        return values


class FieldPartnerProposeHours(models.TransientModel):
    _name = "field.partner.propose.hours"
    _description = "Proposed Visiting Hours"
    _order = "weekday, hour_from"

    wizard_id = fields.Many2one("field.partner.propose", required=True, ondelete="cascade")
    weekday = fields.Selection(WEEKDAYS, required=True, default="0")
    hour_from = fields.Float("From", required=True, default=9.0)
    hour_to = fields.Float("To", required=True, default=17.0)
