from odoo import fields, models


class FieldLeadExtend(models.TransientModel):
    """Ask why somebody needs more time with a lead, or what he did that the leader confirms."""

    _name = "field.lead.extend"
    _description = "Ask for More Time"

    lead_ids = fields.Many2many(
        "crm.lead",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
        string="Leads",
    )
    kind = fields.Selection(
        [("time", "More time"), ("note", "Follow-up to confirm")], default="time", required=True
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Ask the leader, with what was written."""
        self.ensure_one()
        if self.kind == "note":
            self.lead_ids.action_ask_confirmation(self.reason)
        else:
            self.lead_ids.action_ask_extension(self.reason)
        return {"type": "ir.actions.act_window_close"}
