"""What happens to leads and orders, told to other systems."""

from odoo import api, models

TOPICS = ("lead.assigned", "lead.recycled", "lead.won")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        self.env["field.webhook"]._queue("lead.created", leads)
        return leads

    def write(self, vals):
        hook = self.env["field.webhook"]
        watched = vals.keys() & {"user_id", "stage_id", "probability", "active"}
        if not watched or hook._topics_in_use().isdisjoint(TOPICS):
            return super().write(vals)
        leads = self.sudo()
        owners = {lead.id: lead.user_id.id for lead in leads}
        # Only asked where it can change: Odoo works out its probability anew for the answer.
        closing = watched != {"user_id"}
        open_ = leads.filtered(lambda le: closing and le.won_status != "won")
        result = super().write(vals)
        moved = leads.filtered(lambda lead: lead.user_id.id != owners[lead.id])
        hook._queue("lead.assigned", moved.filtered("user_id"))
        hook._queue("lead.recycled", moved.filtered("field_in_pool"))
        hook._queue("lead.won", open_.filtered(lambda lead: lead.won_status == "won"))
        return result

    def _after_recycling(self, gone):
        super()._after_recycling(gone)
        self.env["field.webhook"]._queue("lead.recycled", self)


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "field.webhook.mixin"]

    @api.model
    def _get_webhook_topics(self):
        return super()._get_webhook_topics() | {"sale": "order.confirmed"}
