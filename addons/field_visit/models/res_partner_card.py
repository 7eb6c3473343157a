"""Who may change a customer's card, and who says what is otherwise."""

from odoo import api, fields, models

from ..tools.customer_card import CONTACT


class ResPartner(models.Model):
    _inherit = "res.partner"

    field_is_mine_to_write = fields.Boolean(compute="_compute_field_is_mine_to_write")

    @api.depends_context("uid")
    def _compute_field_is_mine_to_write(self):
        """Who may write the card needs no button to propose something."""
        may = self._filtered_access("write")
        for partner in self:
            partner.field_is_mine_to_write = partner in may

    def _field_as_contact(self):
        """What is known of a contact person, as tools/customer_card.py reads it."""
        return {key: self[key] for key in CONTACT if self[key]}

    def action_field_propose(self):
        """Say what is otherwise than on the card."""
        return self._field_open_dialog("field.partner.propose", self.env._("Propose a change"))

    def action_field_note_contact(self):
        """Note a call or a mail, its result and what is next."""
        return self._field_open_dialog("field.contact.add", self.env._("Note a call or mail"))

    def _field_open_dialog(self, model, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.id},
        }
