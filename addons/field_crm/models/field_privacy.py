from odoo import models

from odoo.addons.field_base.tools.data_part import DataPart


class FieldPrivacy(models.AbstractModel):
    _inherit = "field.privacy"

    def _get_data_parts(self):
        return [
            *super()._get_data_parts(),
            DataPart(
                "lead_claims",
                "field.lead.claim",
                ("claimed_at", "event", "lead_name", "reason"),
                self.env._("Claimed leads"),
            ),
            DataPart(
                "lead_extensions",
                "field.lead.extension",
                ("create_date", "lead_name", "kind", "reason", "state", "decided_at"),
                self.env._("Time asked for"),
            ),
            DataPart(
                "lead_draws",
                "field.lead.draw.entry",
                ("create_date", "weight", "claims", "kept", "converted"),
                self.env._("Draws of leads"),
            ),
            DataPart(
                "lead_swaps",
                "field.lead.swap",
                ("found_at", "lead_name", "turns", "state", "note"),
                self.env._("Leads passed to and fro"),
            ),
            DataPart(
                "lead_profile",
                "field.lead.seller",
                ("level", "open_cap"),
                self.env._("Seller profile"),
            ),
        ]
