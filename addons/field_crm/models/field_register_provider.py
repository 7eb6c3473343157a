"""Company registers: asked on demand or at night, within a monthly cap, not twice for the same."""

import requests

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import register
from odoo.addons.field_base.tools.company_name import company_key

TIANYANCHA = "https://open.api.tianyancha.com/services/open/ic/baseinfo/normal"
TIMEOUT_S = 15


class FieldRegisterProvider(models.Model):
    """A service that knows companies. A kind is added by extending the selection and writing
    ``_ask_<kind>(query, is_number)``, which answers a dict as in `tools.register`, or None, and
    raises `register.RegisterError`."""

    _name = "field.register.provider"
    _description = "Company Register"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("tianyancha", "Tianyancha (China)"), ("autocomplete", "Odoo's partner autocomplete")],
        default="tianyancha",
        required=True,
    )
    api_key = fields.Char(
        "Key", copy=False, groups="sales_team.group_sale_manager,field_base.field_base_group_admin"
    )
    monthly_cap = fields.Integer(
        "Calls per Month at Most", default=100, help="Then the register is asked no more."
    )
    price = fields.Monetary("Price of a Call")
    cache_days = fields.Integer(
        "Answers Hold for Days",
        default=180,
        help="For so long the same company is not asked again.",
    )
    auto_new = fields.Boolean(
        "New Leads by Night", help="Leads of the last week are looked up by night, within the cap."
    )
    legal_basis = fields.Char(
        "Why People Are Kept",
        help="The reason in law for keeping the name of the legal representative. Empty: the name "
        "is not kept.",
    )
    month = fields.Date("Month Counted", readonly=True, copy=False)
    month_calls = fields.Integer("Calls Counted", readonly=True, copy=False)
    call_count = fields.Integer("Calls This Month", compute="_compute_month")
    month_cost = fields.Monetary("Cost This Month", compute="_compute_month")
    entry_ids = fields.One2many("field.register.entry", "provider_id", "Answers")

    _cap_positive = models.Constraint("CHECK(monthly_cap >= 0)", "A cap cannot be negative.")
    _cache_positive = models.Constraint("CHECK(cache_days >= 0)", "A time cannot be negative.")

    @api.depends("month", "month_calls", "price")
    def _compute_month(self):
        first = fields.Date.context_today(self).replace(day=1)
        for provider in self:
            provider.call_count = provider.month_calls if provider.month == first else 0
            provider.month_cost = provider.call_count * provider.price

    @api.constrains("kind", "api_key", "active")
    def _check_key(self):
        for provider in self.sudo():
            if provider.active and provider.kind == "tianyancha" and not provider.api_key:
                raise ValidationError(self.env._("This register needs a key."))

    # --- asking --------------------------------------------------------------------------------

    def _look_up(self, name, number):
        """What these registers (sudo), asked in their order, know of a company.

        :param name: as written on the lead
        :param number: its tax number, or False
        :returns: field.register.entry, empty where nobody knows it
        :raises UserError: nobody could be asked; the reasons
        """
        problems = []
        for provider in self:
            try:
                entry = provider._find(name, number)
            except register.RegisterError as exc:
                problems.append(f"{provider.name}: {exc.args[0]}")
                continue
            if entry.state == "found":
                return entry
        if len(problems) == len(self) and problems:
            raise UserError("\n".join(problems))
        return self.env["field.register.entry"]

    def _find(self, name, number):
        self.ensure_one()
        query = number or company_key(name) or name.strip()
        entry = self.entry_ids._find_fresh(self, query)
        if entry:
            return entry
        self._count_call()
        facts = getattr(self, f"_ask_{self.kind}")(number or name.strip(), bool(number))
        if facts and not number and company_key(facts["name"]) != company_key(name):
            facts = None  # somebody else with a similar name
        return self.env["field.register.entry"].create(self._prepare_entry_vals(query, facts))

    def _count_call(self):
        """Counted before it is made: of two at once one is repeated and sees the other's."""
        first = fields.Date.context_today(self).replace(day=1)
        if not self.try_lock_for_update():
            text = self.env._("somebody else is asking at this moment. Try again.")
            raise register.RegisterError(text)
        calls = self.month_calls if self.month == first else 0
        if calls >= self.monthly_cap:
            text = self.env._(
                "the calls of this month (%(cap)s) are used up.", cap=self.monthly_cap
            )
            raise register.RegisterError(text, is_credit=True)
        self.write({"month": first, "month_calls": calls + 1})

    def _prepare_entry_vals(self, query, facts):
        vals = {"provider_id": self.id, "query": query, "state": "found" if facts else "none"}
        known = {name: value for name, value in (facts or {}).items() if value}
        if not self.legal_basis:
            known.pop("legal_person", None)
        return {**vals, "cost": self.price, **known}

    # --- adapters ------------------------------------------------------------------------------

    def _ask_tianyancha(self, query, is_number):
        try:
            answer = requests.get(
                TIANYANCHA,
                params={"keyword": query},
                headers={"Authorization": self.sudo().api_key},
                timeout=TIMEOUT_S,
            )
            answer.raise_for_status()
            body = answer.json()
        except (requests.RequestException, ValueError) as exc:
            text = self.env._("it does not answer (%(error)s).", error=type(exc).__name__)
            raise register.RegisterError(text) from exc
        return register.read_tianyancha(body)

    def _ask_autocomplete(self, query, is_number):
        if "iap.autocomplete.api" not in self.env:
            text = self.env._("the app “Partner Autocomplete” is not installed.")
            raise register.RegisterError(text)
        country = self.company_id.country_id.code
        action = "search_by_vat" if is_number else "search_by_name"
        values = {"query": query, "query_country_code": country}
        found = self._ask_odoo(action, values)
        exact = next((one for one in found or [] if self._is_same(one, query, is_number)), None)
        if exact and exact.get("duns"):
            self._count_call()
            exact |= self._ask_odoo("enrich_by_duns", {"duns": exact["duns"]}) or {}
        return register.read_autocomplete(exact)

    def _is_same(self, found, query, is_number):
        if is_number:
            return True
        return company_key(found.get("name") or "") == company_key(query)

    def _ask_odoo(self, action, values):
        Api = self.env["iap.autocomplete.api"].with_company(self.company_id)
        answer, error = Api._request_partner_autocomplete(action, values, timeout=TIMEOUT_S)
        problem = error or (answer or {}).get("error") or (answer or {}).get("credit_error")
        if problem:
            raise register.RegisterError(str(problem), is_credit="redit" in str(problem))
        return (answer or {}).get("data")


class FieldRegisterEntry(models.Model):
    """What a register said of a company: the cache, the log of calls, and what leads link to."""

    _name = "field.register.entry"
    _description = "Entry of a Company Register"
    _order = "id desc"

    provider_id = fields.Many2one(
        "field.register.provider",
        "Register",
        readonly=True,
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="provider_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    query = fields.Char("Asked for", readonly=True, required=True)
    state = fields.Selection(
        [("found", "Found"), ("none", "Not known")], readonly=True, required=True
    )
    cost = fields.Monetary(readonly=True)
    name = fields.Char("Registered Name", readonly=True)
    tax_id = fields.Char("Credit Code or Tax Number", readonly=True)
    legal_person = fields.Char("Legal Representative", readonly=True)
    capital = fields.Char("Registered Capital", readonly=True)
    capital_amount = fields.Float("Capital as a Number", readonly=True)
    founded = fields.Date(readonly=True)
    scope = fields.Text("Business Scope", readonly=True)
    status = fields.Char("Status in the Register", readonly=True)
    staff = fields.Char(readonly=True)
    staff_from = fields.Integer("Staff at Least", readonly=True)
    industry = fields.Char(readonly=True)
    street = fields.Char("Registered Address", readonly=True)
    city = fields.Char(readonly=True)
    website = fields.Char(readonly=True)
    risk = fields.Char("Warning", readonly=True)

    _query_idx = models.Index("(provider_id, query, id DESC)")

    @api.depends("name", "query")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = entry.name or entry.query

    @api.model
    def _find_fresh(self, provider, query):
        """The answer we have and need not ask for again."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=provider.cache_days)
        domain = [("provider_id", "=", provider.id), ("query", "=", query)]
        return self.search([*domain, ("create_date", ">", since)], limit=1)
