from odoo import models


class CrmLead2opportunity(models.TransientModel):
    _inherit = "crm.lead2opportunity.partner"

    def _convert_and_allocate(self, leads, user_ids, team_id=False):
        """Who converts a lead of a pool for himself claims it first: only then is there a
        contact to make a customer of."""
        free = leads.filtered(lambda lead: lead._is_contact_hidden())
        if free and user_ids == self.env.user.ids:
            free.action_claim()
        return super()._convert_and_allocate(leads, user_ids, team_id=team_id)
