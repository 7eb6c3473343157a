from odoo import api, models

from odoo.addons.field_base.tools.resource import Resource


class FieldOpenApi(models.AbstractModel):
    """Visits: what was planned, what was done. The place of a check-in is not told, only whether
    it was at the customer."""

    _inherit = "field.open.api"

    @api.model
    def _resources(self):
        return [
            *super()._resources(),
            Resource(
                name="visits",
                model="field.visit",
                fields={
                    "id": "id",
                    "uuid": "uuid",
                    "customer_id": "partner_id",
                    "person": "user_id.login",
                    "channel": "channel",
                    "date": "plan_date",
                    "is_unplanned": "is_unplanned",
                    "state": "state",
                    "check_in_at": "check_in_at",
                    "check_in_fence": "check_in_verdict",
                    "check_out_at": "check_out_at",
                    "ended_by": "end_source",
                    "minutes": "duration_min",
                    "verdict": "verdict",
                    "note": "note",
                },
            ),
        ]


class FieldVisit(models.Model):
    _name = "field.visit"
    _inherit = ["field.visit", "field.webhook.mixin"]

    @api.model
    def _get_webhook_topics(self):
        topics = {"in_progress": "visit.started", "done": "visit.done"}
        return super()._get_webhook_topics() | topics
