from odoo import fields, models


class FieldLeadExtend(models.TransientModel):
    """Ask why somebody needs more time with a lead."""

    _name = "field.lead.extend"
    _description = "Ask for More Time"

    lead_ids = fields.Many2many(
        "crm.lead",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
        string="Leads",
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Ask for more time with the reason given."""
        self.ensure_one()
        self.lead_ids.action_ask_extension(self.reason)
        return {"type": "ir.actions.act_window_close"}
