"""The same customer visited by several of us within a few days. Nobody is kept from it: who plans
it, or checks in, is told. Off until a policy says how many days that is."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

#: What was called off or missed has troubled nobody.
LIVE = ("planned", "in_progress", "done")
HELD = ("in_progress", "done")


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    duplicate_days = fields.Integer(
        "Warn of visits within (days)",
        default=0,
        help="Somebody of us visits the same customer so few days before or after: the board, the "
        "check-in and the frequencies say so. 0 says nothing.",
    )

    _duplicate_range = models.Constraint(
        "CHECK(COALESCE(duplicate_days, 0) BETWEEN 0 AND 60)",
        "Visits are compared over at most 60 days.",
    )

    @api.model
    def _get_widest_guard(self, company):
        """The most days that any policy of the company looks at."""
        domain = Domain("company_id", "in", (False, company.id)) & Domain("duplicate_days", ">", 0)
        return self.sudo()._read_group(domain, [], ["duplicate_days:max"])[0][0] or 0


class FieldVisit(models.Model):
    _inherit = "field.visit"

    def _get_near_visits(self, states=LIVE):
        """``{visit.id: the nearest other visit at its customer}``, whoever's it is, as superuser;
        visits with none near by the policy of their person are left out."""
        policies = self._get_reminding_policies(self)
        days = {v.id: policies[v.company_id.id, v.user_id.id].duplicate_days for v in self}
        guarded = self.filtered(lambda visit: days[visit.id])
        if not guarded:
            return {}
        others = guarded._find_visits_around(max(days.values()), states)
        found = {}
        for visit in guarded:
            rivals = others.get((visit.partner_id.id, visit.company_id.id), ())
            near = [(abs((one.plan_date - visit.plan_date).days), one) for one in rivals]
            near = [pair for pair in near if pair[0] <= days[visit.id] and pair[1].id != visit.id]
            if near:
                found[visit.id] = min(near, key=lambda pair: (pair[0], pair[1].id))[1]
        return found

    def _find_visits_around(self, days, states):
        """``{(customer id, company id): visits}`` of anybody, so many days around these."""
        dates = self.mapped("plan_date")
        domain = Domain("partner_id", "in", self.partner_id.ids) & Domain("state", "in", states)
        domain &= Domain("plan_date", ">=", min(dates) - timedelta(days=days))
        domain &= Domain("plan_date", "<=", max(dates) + timedelta(days=days))
        names = ["partner_id", "company_id", "user_id", "plan_date"]
        visits = self.sudo().search_fetch(domain, names)
        return visits.grouped(lambda visit: (visit.partner_id.id, visit.company_id.id))

    def _describe_near(self, other):
        return self.env._(
            "%(customer)s is visited on %(day)s too, by %(person)s.",
            customer=self.partner_id.sudo().display_name,
            day=format_date(self.env, other.plan_date),
            person=other.user_id.name,
        )

    def _get_near_warnings(self):
        """``{visit.id: sentence}`` of what is still planned here."""
        ahead = self.filtered(lambda visit: visit.state == "planned")
        near = ahead._get_near_visits()
        return {v.id: v._describe_near(near[v.id]) for v in ahead if v.id in near}

    def _get_double_warnings(self):
        """Also those of the days before and after; one sentence says enough of one customer."""
        told = super()._get_double_warnings()
        return told or list(self._get_near_warnings().values())

    def get_check_in_preview(self, position=None):
        """Also ``near``: who was there a few days ago, in a sentence, or False."""
        found = super().get_check_in_preview(position)
        near = self._get_near_visits(HELD).get(self.id)
        return {**found, "near": (near and self._describe_near(near)) or False}
