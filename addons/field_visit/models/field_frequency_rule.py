from ast import literal_eval
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import periods
from ..tools.priority import PRIORITIES
from odoo.addons.field_base.tools.times import local_date

WEEKDAY_FIELDS = ("on_mon", "on_tue", "on_wed", "on_thu", "on_fri", "on_sat", "on_sun")


class FieldFrequencyRule(models.Model):
    """Which customers are visited how often. Visits of the next weeks are planned from it."""

    _name = "field.frequency.rule"
    _description = "Visit frequency"
    _inherit = ["mail.thread", "field.visit.mould.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    domain = fields.Char(
        "Customers", required=True, default="[]", tracking=True, help="Who is visited so often."
    )
    times = fields.Integer("Visits", required=True, default=1, tracking=True)
    period = fields.Selection(
        [
            ("week", "a week"),
            ("fortnight", "in two weeks"),
            ("month", "a month"),
            ("quarter", "a quarter"),
            ("days", "in so many days"),
        ],
        "Per",
        required=True,
        default="month",
        tracking=True,
    )
    every_days = fields.Integer("Days", default=10, tracking=True)
    min_gap = fields.Integer(
        "Days between two visits", default=3, help="Two visits lie at least so many days apart."
    )
    on_mon = fields.Boolean("Monday", default=True)
    on_tue = fields.Boolean("Tuesday", default=True)
    on_wed = fields.Boolean("Wednesday", default=True)
    on_thu = fields.Boolean("Thursday", default=True)
    on_fri = fields.Boolean("Friday", default=True)
    on_sat = fields.Boolean("Saturday")
    on_sun = fields.Boolean("Sunday")
    priority = fields.Selection(PRIORITIES, required=True, default="1")
    sop_id = fields.Many2one("field.sop", "Standard procedure", check_company=True)
    plan_minutes = fields.Integer(
        "Expected minutes", help="0 takes those of the grade, else what is usual for the person."
    )
    date_from = fields.Date("Valid from", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Valid until")
    days_ahead = fields.Integer(
        "Planned ahead (days)", required=True, default=14, help="How far visits are planned."
    )
    partner_count = fields.Integer("Number of customers", compute="_compute_counts")
    visit_count = fields.Integer("Planned visits", compute="_compute_counts")
    missing_count = fields.Integer("Visits without room", compute="_compute_counts")

    _range = models.Constraint(
        "CHECK(times BETWEEN 1 AND 31 AND min_gap BETWEEN 0 AND 365 AND days_ahead BETWEEN 1 AND 92"
        " AND plan_minutes BETWEEN 0 AND 600 AND COALESCE(every_days, 10) BETWEEN 2 AND 365"
        " AND (date_to IS NULL OR date_to >= date_from))",
        "Up to 31 visits in a period of up to 365 days, planned up to 92 days ahead; the rule ends "
        "after it begins.",
    )

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            try:
                self.env["res.partner"].search(rule._get_partner_domain(), limit=1)
            except (ValueError, SyntaxError, KeyError, TypeError) as error:
                raise ValidationError(
                    self.env._("The choice of customers cannot be read: %(error)s", error=error)
                ) from error

    @api.constrains(*WEEKDAY_FIELDS)
    def _check_weekdays(self):
        if any(not any(rule[name] for name in WEEKDAY_FIELDS) for rule in self):
            raise ValidationError(self.env._("Choose at least one day of the week."))

    def _compute_counts(self):
        today = fields.Date.context_today(self)
        Visit, Gap = self.env["field.visit"], self.env["field.plan.gap"]
        planned = [("rule_id", "in", self.ids), ("state", "=", "planned")]
        visits = dict(
            Visit._read_group([*planned, ("plan_date", ">=", today)], ["rule_id"], ["__count"])
        )
        gaps = dict(
            Gap._read_group([("rule_id", "in", self.ids)], ["rule_id"], ["visits_missing:sum"])
        )
        for rule in self:
            rule.partner_count = self.env["res.partner"].search_count(rule._get_partner_domain())
            rule.visit_count = visits.get(rule, 0)
            rule.missing_count = gaps.get(rule, 0)

    def _get_partner_domain(self):
        """The customers of the rule that somebody of its company looks after."""
        self.ensure_one()
        return (
            Domain(literal_eval(self.domain or "[]"))
            & self.env["res.partner"]._field_visited_domain()
            & Domain("company_id", "in", (False, self.company_id.id))
            & Domain("user_id.active", "=", True)
            & Domain("user_id.company_ids", "in", self.company_id.ids)
        )

    def _get_today(self):
        """The latest day that somebody of the company has; in the west it begins a little later."""
        now = fields.Datetime.now()
        zones = {user._field_tz() for user in self.company_id.sudo().user_ids}
        return max(local_date(now, zone) for zone in zones or {"UTC"})

    def _get_horizon(self, today):
        """``(first day, last day)`` that this rule plans for."""
        last = today + timedelta(days=self.days_ahead - 1)
        return max(today, self.date_from), min(last, self.date_to or last)

    def _get_targets(self, start, end):
        """What each period between two days asks for.

        :returns: list of dicts: ``index``, ``first`` and ``last`` day of the period, ``until``
            (last day to plan for), ``due`` (visits there should be by then)
        """
        if end < start:
            return []
        targets = []
        period = self._get_period()
        for index in periods.between(period, start, end):
            first, last = periods.bounds_of(period, index)
            until = min(end, last)
            due = periods.due_by(self.times, first, last, until)
            targets.append(
                {"index": index, "first": first, "last": last, "until": until, "due": due}
            )
        return targets

    def _get_period(self):
        """Its name, or how many days it has."""
        return self.every_days if self.period == "days" else self.period

    def _get_gap(self):
        """Fewest days between two visits; who comes every ten days is not there twice in five."""
        if self.period != "days":
            return self.min_gap
        return max(self.min_gap, self.every_days // (2 * self.times))

    def _is_allowed(self, day):
        return self[WEEKDAY_FIELDS[day.weekday()]]

    # ---------------------------------------------------------------- buttons

    def action_generate(self):
        """Plan what the rules ask for, now; also done every night."""
        self.check_access("write")
        made, dropped = self._do_generate()
        text = self.env._(
            "%(made)s visits planned, %(dropped)s taken back.", made=made, dropped=dropped
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_partners(self):
        """The customers of the rule."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_base.res_partner_action_customers"
        )
        return {**action, "domain": list(self._get_partner_domain())}

    def action_open_visits(self):
        """The visits that the rule has planned."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("field_visit.field_visit_action")
        return {**action, "domain": [("rule_id", "=", self.id)], "context": {}}

    def action_open_gaps(self):
        """What there is no room for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("field_visit.field_plan_gap_action")
        return {**action, "domain": [("rule_id", "=", self.id)]}
