from odoo import fields, models


class CrmLeadLost(models.TransientModel):
    """Whom the deal was lost to, asked where Odoo asks why."""

    _inherit = "crm.lead.lost"

    field_competitor_id = fields.Many2one("field.competitor", "Lost to")

    def action_lost_reason_apply(self):
        """Mark as lost, and keep the competitor who won."""
        if self.field_competitor_id:
            self.lead_ids.write({"field_lost_competitor_id": self.field_competitor_id.id})
        return super().action_lost_reason_apply()
