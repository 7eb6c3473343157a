from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache

# What decides to which of his teams somebody's claims go.
CHOSEN_BY = {"active", "company_id", "member_ids", "crm_team_member_ids", "sequence", "user_id"}
CHOSEN_BY |= {"use_leads", "use_opportunities"}


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

    @api.model
    def _get_claim_team_id(self, user_id, kind):
        """The id of the team a lead of somebody without one goes to, or False."""
        user = self.env["res.users"].sudo().browse(user_id)
        companies = sorted(set(user._get_company_ids()) & set(self.env.companies.ids))
        if self.env.context.get("default_team_id"):
            return self._find_claim_team_id(user_id, kind)
        return self._get_cached_team_id(user_id, kind, tuple(companies))

    @api.model
    @ormcache("user_id", "kind", "companies")
    def _get_cached_team_id(self, user_id, kind, companies):
        return self._find_claim_team_id(user_id, kind)

    @api.model
    def _find_claim_team_id(self, user_id, kind):
        domain = [("use_leads" if kind == "lead" else "use_opportunities", "=", True)]
        return self.sudo()._get_default_team_id(user_id=user_id, domain=domain).id

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & CHOSEN_BY:
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & {"active", "user_id", "crm_team_id"}:
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
