"""What colleagues plan at one's customers, on the phone: who plans a visit there is told, without a
network too. As long as no policy asks for it, phones keep nothing of it, and need not be told."""

from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.fields import Domain

from odoo.addons.field_base.tools.collection import plain

PLAN_FIELDS = {"partner_id", "plan_date", "state", "user_id"}
#: Of these a phone need not be told: a plan of today holds today, one of a day before is over.
OVER = ("in_progress", "done", "missed")


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    @api.model
    @tools.ormcache()
    def _guards_visits(self):
        """Whether any policy, in force or not, of whatever company, asks for ``duplicate_days``."""
        policies = self.sudo().with_context(active_test=False)
        return bool(policies.search_count([("duplicate_days", ">", 0)], limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        guarded = self._guards_visits()
        policies = super().create(vals_list)
        policies._begin_guard(guarded)
        return policies

    def write(self, vals):
        if "duplicate_days" not in vals:
            return super().write(vals)
        guarded = self._guards_visits()
        result = super().write(vals)
        self._begin_guard(guarded)
        return result

    def _begin_guard(self, guarded):
        """With the first policy that asks for it, phones learn what is planned by then."""
        if not guarded and any(self.mapped("duplicate_days")):
            self.env.registry.clear_cache()
            Visit = self.env["field.visit"].sudo()
            Visit.search_fetch(Visit._get_ahead_domain(), ["partner_id"])._tell_ahead()


class FieldVisit(models.Model):
    _inherit = "field.visit"

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        visits._filter_ahead()._tell_ahead()
        return visits

    def write(self, vals):
        if not PLAN_FIELDS & vals.keys() or vals.get("state") in OVER:
            return super().write(vals)
        before = self._filter_ahead().partner_id
        result = super().write(vals)
        self._filter_ahead()._tell_ahead(before)
        return result

    def unlink(self):
        before = self._filter_ahead().partner_id
        result = super().unlink()
        self.browse()._tell_ahead(before)
        return result

    @api.model
    def _get_ahead_domain(self):
        """Planned for today or later, wherever on earth today is."""
        since = fields.Date.today() - timedelta(days=1)
        return Domain("state", "=", "planned") & Domain("plan_date", ">=", since)

    def _filter_ahead(self):
        if not self.env["field.policy"]._guards_visits():
            return self.browse()
        return self.sudo().filtered_domain(self._get_ahead_domain())

    def _tell_ahead(self, partners=None):
        """The phones keep plans with their customer.

        :param partners: customers of plans that were somewhere else before, or are gone
        """
        self.env["field.change"]._touch(self.partner_id | (partners or self.partner_id))


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _customers(self, partners):
        """``ahead`` is what colleagues plan there, the next first, whoever's team they are of; left
        out where there is nothing."""
        rows = super()._customers(partners)
        ahead = self._get_plans_of_others(partners)
        for row in rows:
            if row["id"] in ahead:
                row["ahead"] = ahead[row["id"]]
        return rows

    @api.model
    def _get_plans_of_others(self, partners):
        """``{customer id: [{"date", "by"}]}``, in as many queries for many as for one."""
        if not self.env["field.policy"]._guards_visits():
            return {}
        Visit = self.env["field.visit"].sudo()
        domain = Visit._get_ahead_domain() & Domain("partner_id", "in", partners.ids)
        domain &= Domain("user_id", "!=", self.env.uid)
        domain &= Domain("company_id", "=", self.env.company.id)
        names = ["partner_id", "plan_date", "user_id"]
        found = {}
        for visit in Visit.search_fetch(domain, names, order="plan_date, id"):
            plan = {"date": plain(visit.plan_date), "by": visit.user_id.name}
            found.setdefault(visit.partner_id.id, []).append(plan)
        return found
