from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime


class CrmLead(models.Model):
    """Region and segment of a lead, and whether a person is fit to claim it."""

    _inherit = "crm.lead"

    # No company check: a lead may have no company yet, its region has one.
    field_region_id = fields.Many2one(
        "field.lead.region",
        "Region",
        compute="_compute_field_region_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="set null",
    )
    field_segment_id = fields.Many2one(
        "field.lead.segment",
        "Segment",
        index="btree_not_null",
        ondelete="set null",
    )

    @api.depends("state_id", "city", "field_lat", "field_lng", "company_id")
    def _compute_field_region_id(self):
        Region = self.env["field.lead.region"].sudo()
        regions = Region.search([("active", "=", True)]) if Region._is_used() else Region
        for company, leads in self.grouped("company_id").items():
            own = regions.filtered(lambda r, c=company: not c or r.company_id == c)
            found = own._get_of_leads(leads) if own else {}
            for lead in leads:
                # What was chosen by hand stays while nothing better is known.
                lead.field_region_id = found.get(lead.id) or lead.field_region_id

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads.sudo()._set_segments()
        return leads

    def _set_segments(self):
        Segment = self.env["field.lead.segment"]
        if not Segment._is_used():
            return
        leads = self.filtered(lambda lead: not lead.field_segment_id)
        segments = leads and Segment.search([("lead_domain", "!=", False)])
        for company, own in leads.grouped("company_id").items() if segments else ():
            fitting = segments.filtered(lambda s, c=company: not c or s.company_id == c)
            for lead_id, segment in fitting._get_of_leads(own).items():
                if segment:
                    self.browse(lead_id).field_segment_id = segment

    # --- claiming ------------------------------------------------------------------------------

    def _get_unfit_reasons(self, pool, user):
        reasons = super()._get_unfit_reasons(pool, user)
        reasons |= self._get_cooldown_reasons(pool, user)
        if not pool.own_region_only and not self.field_segment_id:
            return reasons
        seller = self.env["field.lead.seller"]._get_for(user, pool.company_id)[user.id]
        for lead in self:
            needed = lead.field_segment_id.level_min
            if needed and seller._get_level() < needed:
                reasons[lead.id] = self._get_level_reason(lead)
            elif pool.own_region_only and not seller._fits_region(lead):
                reasons[lead.id] = self._get_region_reason(lead)
        return reasons

    def _get_level_reason(self, lead):
        message = self.env._(
            "“%(lead)s” is a lead of the segment “%(segment)s”, which asks for more experience. "
            "Choose another lead.",
            lead=lead.name,
            segment=lead.field_segment_id.name,
        )
        return ("level_needed", message)

    def _get_region_reason(self, lead):
        message = self.env._(
            "“%(lead)s” lies in the region “%(region)s”, which is not yours. Choose another lead.",
            lead=lead.name,
            region=lead.field_region_id.name,
        )
        return ("other_region", message)

    def _get_cooldown_reasons(self, pool, user):
        if not pool.cooldown_days and not pool.team_cooldown_days:
            return {}
        returns = self._get_last_returns()
        mates = self._get_mates(user, pool.company_id) if pool.team_cooldown_days else set()
        now, reasons = fields.Datetime.now(), {}
        for lead in self:
            holder_id, at = returns.get(lead.id, (None, None))
            if not at:
                continue
            days = pool.cooldown_days if holder_id == user.id else 0
            if holder_id in mates:
                days = pool.team_cooldown_days
            until = at + timedelta(days=days)
            if now < until:
                reasons[lead.id] = self._get_cooldown_reason(lead, holder_id == user.id, until)
        return reasons

    def _get_cooldown_reason(self, lead, own, until):
        values = {"lead": lead.name, "until": format_datetime(self.env, until, dt_format="short")}
        if own:
            message = self.env._(
                "You held “%(lead)s” last. You can claim it again from %(until)s; until then it "
                "is for the others.",
                **values,
            )
        else:
            message = self.env._(
                "“%(lead)s” was last held in your team. Your team can claim it from %(until)s.",
                **values,
            )
        return ("cooldown", message)

    def _get_last_returns(self):
        """Who gave each lead back last, and when.

        :returns: ``{lead.id: (user.id, datetime)}``
        """
        query = SQL(
            """SELECT DISTINCT ON (lead_id) lead_id, user_id, claimed_at FROM field_lead_claim
                WHERE lead_id = ANY(%s) AND event IN ('return', 'recycle')
                ORDER BY lead_id, claimed_at DESC, id DESC""",
            self.ids,
            to_flush=self.env["field.lead.claim"]._fields["event"],
        )
        return {lead: (user, at) for lead, user, at in self.env.execute_query(query)}

    @api.model
    def _get_mates(self, user, company):
        """Ids of the people who share a leader or a sales team with this one, without himself."""
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [
                    ("user_id", "=", user.id),
                    ("company_id", "=", company.id),
                    ("parent_id", "!=", False),
                ]
            )
        )
        siblings = employees.parent_id.child_ids.user_id if employees else user.browse()
        members = (
            self.env["crm.team.member"]
            .sudo()
            .search(
                Domain("user_id", "=", user.id)
                & Domain("crm_team_id.company_id", "in", [False, company.id])
            )
        )
        return set((siblings | members.crm_team_id.member_ids).ids) - {user.id}
