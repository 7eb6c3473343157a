from odoo import models
from odoo.fields import Domain


class CrmTeam(models.Model):
    """Odoo's automatic assignment leaves alone what lies in a pool: it is there to be claimed."""

    _inherit = "crm.team"

    def _get_lead_to_assign_domain(self):
        domain = super()._get_lead_to_assign_domain()
        return list(Domain(domain) & Domain("field_in_pool", "=", False))

    def _allocate_leads(self, creation_delta_days=7):
        # Also keeps pool leads out of the search for duplicates, which merges what it finds.
        teams = self.with_context(field_skip_pool_leads=True)
        return super(CrmTeam, teams)._allocate_leads(creation_delta_days=creation_delta_days)
