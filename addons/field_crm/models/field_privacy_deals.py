from odoo import models

from odoo.addons.field_base.tools.data_part import DataPart


class FieldPrivacy(models.AbstractModel):
    _inherit = "field.privacy"

    def _get_data_parts(self):
        return [
            *super()._get_data_parts(),
            DataPart(
                "deal_moves",
                "field.stage.history",
                ("at", "event", "lead_id", "from_stage_id", "stage_id", "days"),
                self.env._("Steps of my deals"),
            ),
            DataPart(
                "gate_overrides",
                "field.stage.override",
                ("create_date", "lead_id", "missing", "reason"),
                self.env._("Deals moved despite missing conditions"),
            ),
            DataPart(
                "coach_notes",
                "field.coach.note",
                ("create_date", "lead_id", "kind", "body", "answer"),
                self.env._("Coach notes to me"),
            ),
            DataPart(
                "deal_help",
                "field.deal.request",
                ("create_date", "lead_id", "purpose", "state", "hours_used", "cost_used"),
                self.env._("Requests for my help with deals"),
            ),
        ]
