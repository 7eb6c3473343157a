"""Which policy holds for whom on which day."""

from odoo import api, fields, models
from odoo.fields import Domain

SELECTORS = ("user_id", "job_id", "department_id")


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    @api.model
    def _get_for_users(self, users, date=None):
        """The policy each person works under on a day; most specific wins, then the latest.

        Person before job position before department (the nearest one above counts) before
        company. The company is the current one where the person belongs to it, else his main one.

        :param users: res.users
        :param date: local date, default today
        :returns: ``{user.id: field.policy}`` (sudo), one for every user, in a number of queries
            that does not grow with them
        """
        date = date or fields.Date.context_today(self)
        found = self._get_for_days(users, [date])
        return {user.id: found[user.id, date] for user in users}

    @api.model
    def _get_for_days(self, users, dates, trial=None):
        """The same for several days at once, in as many queries as for one.

        :param trial: a draft to be taken as if it had always been in force
        :returns: ``{(user.id, date): field.policy}`` (sudo)
        """
        users = users.sudo()
        current = self.env.company
        company_of = {u.id: current if current in u.company_ids else u.company_id for u in users}
        companies = self.env["res.company"].browse({c.id for c in company_of.values()})
        index = self._index_candidates(companies, max(dates), trial)
        employees = self._employees_by_key(users, companies) if _names_work(index) else {}
        result = {}
        for user in users:
            company = company_of[user.id]
            employee = employees.get((user.id, company.id))
            keys = [(company.id, key) for key in self._selector_keys(user, employee)]
            for date in dates:
                result[user.id, date] = self._pick(index, keys, date, company)
        return result

    @api.model
    def _pick(self, index, keys, date, company):
        """The first version in force of the most specific key that has one."""
        for key in keys:
            for since, policy in index.get(key, ()):
                if since is None or since <= date:
                    return policy
        return self.sudo()._create_missing_default(company, index)

    @api.model
    def _index_candidates(self, companies, date, trial=None):
        """``{(company_id, (selector, id)): [(since, policy)]}``, the latest version first"""
        domain = (
            Domain("company_id", "in", companies.ids)
            & Domain("effective_from", "<=", date)
            & Domain("state", "=", "active")
        )
        index = {}
        if trial:
            trial = trial.sudo()
            index[trial.company_id.id, trial._selector()] = [(None, trial)]
        policies = self.sudo().search_fetch(domain, order="effective_from desc, id desc")
        for policy in policies:
            key = policy.company_id.id, policy._selector()
            index.setdefault(key, []).append((policy.effective_from, policy))
        return index

    def _selector(self):
        self.ensure_one()
        for name in SELECTORS:
            if self[name]:
                return name, self[name].id
        return "company", 0

    @api.model
    def _selector_keys(self, user, employee):
        yield "user_id", user.id
        if employee:
            if employee.job_id:
                yield "job_id", employee.job_id.id
            path = (employee.department_id.parent_path or "").strip("/").split("/")
            for department_id in reversed([int(i) for i in path if i]):
                yield "department_id", department_id
        yield "company", 0

    @api.model
    def _employees_by_key(self, users, companies):
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search([("user_id", "in", users.ids), ("company_id", "in", companies.ids)])
        )
        return {(e.user_id.id, e.company_id.id): e for e in employees}

    @api.model
    def _create_missing_default(self, company, index):
        """No company-wide policy is in force: the earliest that will be, else (somebody archived
        or deleted them all) a new one. Work must go on."""
        domain = [(name, "=", False) for name in SELECTORS]
        domain += [("company_id", "=", company.id), ("state", "=", "active")]
        policy = self.search(domain, order="effective_from, id", limit=1)
        policy = policy or self._create_defaults(company)
        index.setdefault((company.id, ("company", 0)), []).append((None, policy))
        return policy


def _names_work(index):
    """Whether any policy is for a job position or a department: only then is the work of the
    people looked up."""
    return any(kind in ("job_id", "department_id") for _company, (kind, _id) in index)
