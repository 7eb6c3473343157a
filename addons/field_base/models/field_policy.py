from datetime import date as date_type

from odoo import api, fields, models
from odoo.fields import Domain

# What a workday or visit keeps a copy of, so that a later change rewrites nothing.
RULE_FIELDS = (
    "tracking_level",
    "fence_mode",
    "fence_radius",
    "fence_accuracy_cap",
    "min_visit_minutes",
    "day_end_hour",
)


class FieldPolicy(models.Model):
    """Which rules hold for whom, from which day on."""

    _name = "field.policy"
    _description = "Field policy"
    _order = "company_id, effective_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    department_id = fields.Many2one("hr.department", index="btree_not_null", check_company=True)
    job_id = fields.Many2one("hr.job", "Job position", index="btree_not_null", check_company=True)
    user_id = fields.Many2one(
        "res.users", "Person", index="btree_not_null", check_company=True, ondelete="cascade"
    )
    effective_from = fields.Date(required=True, default=fields.Date.context_today)
    scope = fields.Selection(
        [
            ("company", "Whole company"),
            ("department", "Department"),
            ("job", "Job position"),
            ("user", "Person"),
        ],
        compute="_compute_scope",
        string="Holds for",
    )
    tracking_level = fields.Selection(
        [
            ("none", "None"),
            ("check_in", "At check-in only"),
            ("app", "While the app is open"),
            ("continuous", "Continuous during the workday"),
        ],
        required=True,
        default="continuous",
        help="How much of the way is recorded. Nothing is stored beyond this level.",
    )
    fence_mode = fields.Selection(
        [("none", "No check"), ("soft", "Warn and mark"), ("hard", "Refuse outside")],
        required=True,
        default="soft",
        help="What happens when somebody checks in away from the customer.",
    )
    fence_radius = fields.Integer("Fence radius (m)", required=True, default=300)
    fence_accuracy_cap = fields.Integer(
        "Accuracy allowance (m)",
        required=True,
        default=100,
        help="A poor fix is given at most this benefit of the doubt, so that a position good to "
        "two kilometres is no free pass.",
    )
    min_visit_minutes = fields.Integer("Shortest visit (min)", required=True, default=5)
    day_end_hour = fields.Float(
        "Day closes at",
        required=True,
        default=22.0,
        help="Local hour at which a day that was not closed closes itself; 24:00 is midnight.",
    )

    _one_selector = models.Constraint(
        "CHECK(num_nonnulls(user_id, job_id, department_id) <= 1)",
        "A policy holds for one person, one job position, one department or the whole company.",
    )
    _fence_range = models.Constraint(
        "CHECK(fence_radius BETWEEN 10 AND 20000 AND fence_accuracy_cap BETWEEN 0 AND 5000)",
        "The fence radius must be between 10 and 20,000 m, the allowance between 0 and 5,000 m.",
    )
    _minutes_range = models.Constraint(
        "CHECK(min_visit_minutes BETWEEN 0 AND 1440)",
        "The shortest visit must be between 0 minutes and a day.",
    )
    _day_end_range = models.Constraint(
        "CHECK(day_end_hour > 0 AND day_end_hour <= 24)",
        "The day must close between 00:01 and 24:00.",
    )
    _selector_uniq = models.UniqueIndex(
        "(company_id, effective_from, COALESCE(user_id, 0), COALESCE(job_id, 0),"
        " COALESCE(department_id, 0)) WHERE active",
        "There is already a policy for the same people from the same day on.",
    )

    @api.depends("user_id", "job_id", "department_id")
    def _compute_scope(self):
        for policy in self:
            policy.scope = (
                (policy.user_id and "user")
                or (policy.job_id and "job")
                or (policy.department_id and "department")
                or "company"
            )

    @api.model
    def _create_defaults(self, companies):
        """The company-wide policy every company starts with."""
        return self.create(
            [
                {
                    "name": self.env._("Default policy"),
                    "company_id": company.id,
                    "effective_from": date_type(2000, 1, 1),
                }
                for company in companies
            ]
        )

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
        users = users.sudo()
        date = date or fields.Date.context_today(self)
        current = self.env.company
        company_of = {u.id: current if current in u.company_ids else u.company_id for u in users}
        companies = self.env["res.company"].browse({c.id for c in company_of.values()})
        index = self._index_candidates(companies, date)
        employees = self._employees_by_key(users, companies)
        result = {}
        for user in users:
            company = company_of[user.id]
            employee = employees.get((user.id, company.id))
            keys = self._selector_keys(user, employee)
            result[user.id] = next(
                (index[company.id, key] for key in keys if (company.id, key) in index),
                None,
            ) or self.sudo()._create_missing_default(company, index)
        return result

    @api.model
    def _index_candidates(self, companies, date):
        """``{(company_id, (selector, id)): latest policy in force}``"""
        domain = Domain("company_id", "in", companies.ids) & Domain("effective_from", "<=", date)
        index = {}
        for policy in self.sudo().search(domain, order="effective_from desc, id desc"):
            selector = policy._selector()
            index.setdefault((policy.company_id.id, selector), policy)
        return index

    def _selector(self):
        self.ensure_one()
        for name in ("user_id", "job_id", "department_id"):
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
        domain = [(name, "=", False) for name in ("user_id", "job_id", "department_id")]
        domain.append(("company_id", "=", company.id))
        policy = self.search(domain, order="effective_from, id", limit=1)
        policy = policy or self._create_defaults(company)
        index[company.id, ("company", 0)] = policy
        return policy

    def _snapshot(self):
        """Copy of the rules, to be kept with what happened under them."""
        self.ensure_one()
        return {"policy_id": self.id, **{name: self[name] for name in RULE_FIELDS}}
