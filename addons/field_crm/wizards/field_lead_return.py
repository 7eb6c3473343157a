from odoo import fields, models


class FieldLeadReturn(models.TransientModel):
    """Ask why before leads go back to their pool."""

    _name = "field.lead.return"
    _description = "Return Leads to the Pool"

    lead_ids = fields.Many2many(
        "crm.lead",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
        string="Leads",
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Return the leads with the reason given.

        :return: close the dialog, or leave for the list when the user no longer sees the lead
        """
        self.ensure_one()
        leads = self.lead_ids
        leads.action_return_to_pool(self.reason)
        if leads.has_access("read"):
            return {"type": "ir.actions.act_window_close"}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_crm.crm_lead_action_held_mine"
        )
        return dict(action, target="main")
