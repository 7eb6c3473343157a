from uuid import uuid4

from odoo import fields, models


class FieldContactAdd(models.TransientModel):
    """A call or a mail, noted on the desk as on the phone: what came of it, and what is next."""

    _name = "field.contact.add"
    _description = "Note a Call or Mail"

    uuid = fields.Char(required=True, default=lambda self: str(uuid4()))
    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    channel = fields.Selection([("call", "Call"), ("mail", "Mail")], required=True, default="call")
    result_id = fields.Many2one("field.visit.reason", domain=[("usage", "=", "contact")])
    note = fields.Text("What it was about")
    next = fields.Char("What is next")
    date = fields.Date("Until", default=fields.Date.context_today)

    def action_add(self):
        """Keep the contact, done, and the next step as an open matter; twice keeps it once."""
        self.ensure_one()
        Visit = self.env["field.visit"]
        note = (self.note or "").strip()
        Visit._log_contact(self.partner_id, self.channel, self.uuid, self.result_id, note)
        if step := (self.next or "").strip():
            name = f"{self.uuid}-next"
            Visit._add_followup(self.partner_id, step, self.date, name)
        return {"type": "ir.actions.act_window_close"}
