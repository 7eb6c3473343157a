from odoo import fields, models


class FieldFollowupAdd(models.TransientModel):
    """A promise to a customer. A representative may note one, though the customer's card is not
    his to change."""

    _name = "field.followup.add"
    _description = "Note a Follow-up"

    visit_id = fields.Many2one("field.visit", required=True, ondelete="cascade")
    name = fields.Char("What", required=True)
    date = fields.Date("Until", required=True, default=fields.Date.context_today)

    def action_add(self):
        """Keep it as an activity of the customer."""
        self.ensure_one()
        visit = self.visit_id
        visit.check_access("read")
        visit._add_followup(visit.partner_id, self.name, self.date, visit=visit)
        return {"type": "ir.actions.act_window_close"}
