"""Leads that are given out by themselves are looked after like claimed ones, or they come back."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmTeam(models.Model):
    _inherit = "crm.team"

    field_pool_id = fields.Many2one(
        "field.lead.pool",
        "Goes Back to",
        domain="[('company_id', 'in', company_id and [company_id] or allowed_company_ids)]",
        index="btree_not_null",
        ondelete="restrict",
        help="The clocks of this pool run for leads that automatic assignment gives out; who does "
        "not look after one loses it to the pool.",
    )

    @api.constrains("field_pool_id")
    def _check_pool_has_a_stage(self):
        for pool in self.sudo().field_pool_id:
            if not pool.convert_stage_id:
                raise ValidationError(
                    self.env._(
                        "Assignment makes an opportunity of each lead at once. Say in “%(pool)s” "
                        "which stage counts as opportunity, so that its clocks know when to end.",
                        pool=pool.name,
                    )
                )

    def _assign_and_convert_leads(self, force_quota=False):
        result = super()._assign_and_convert_leads(force_quota=force_quota)
        for member, given in result.items():
            if pool := member.crm_team_id.field_pool_id:
                given["assigned"]._put_under_clocks(pool)
        return result


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _put_under_clocks(self, pool):
        """The clocks of a pool begin for leads that somebody holds; its history says since when."""
        leads = self.sudo().filtered(
            lambda le: (
                le.user_id
                and not le.field_pool_id
                and le.company_id in (le.company_id.browse(), pool.company_id)
            )
        )
        if not leads:
            return
        leads.field_pool_id = pool.sudo()
        self.env["field.lead.claim"]._insert(
            [lead._prepare_claim_vals("assign", pool.id, lead.user_id.id) for lead in leads]
        )
