from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

#: What the person adds in his own words; everything else comes from the records.
OWN_WORDS = frozenset({"blockers", "tomorrow"})
KINDS = [("day", "Day"), ("week", "Week"), ("month", "Month")]


class FieldWorkReport(models.Model):
    """What somebody did in a day, a week or a month. It writes itself from the records, so there is
    nothing to make up; the person adds what stood in the way and what comes next."""

    _name = "field.work.report"
    _description = "Work report"
    _inherit = ["field.scope.mixin", "mail.thread"]
    _order = "date_from desc, kind, user_id"
    _mail_post_access = "read"

    kind = fields.Selection(KINDS, required=True, readonly=True, default="day")
    date_from = fields.Date("From day", required=True, readonly=True, index=True)
    date_to = fields.Date("To day", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    # --- what the records say
    planned_count = fields.Integer("Planned", readonly=True)
    done_count = fields.Integer("Done", readonly=True)
    missed_count = fields.Integer("Missed", readonly=True)
    unplanned_count = fields.Integer("Not planned", readonly=True)
    customer_count = fields.Integer("Customers", readonly=True)
    valid_count = fields.Integer("Valid", readonly=True)
    visit_min = fields.Integer("At customers (min)", readonly=True)
    work_min = fields.Integer("At work (min)", readonly=True)
    joint_count = fields.Integer("With colleagues", readonly=True)
    joint_min = fields.Integer("With colleagues (min)", readonly=True)
    photo_count = fields.Integer("Photos", readonly=True)
    followup_count = fields.Integer("Promises noted", readonly=True)
    new_customer_count = fields.Integer("New customers", readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    order_amount = fields.Monetary("Ordered", readonly=True)
    received_amount = fields.Monetary("Received", readonly=True)
    promised_amount = fields.Monetary("Promised", readonly=True)
    lead_count = fields.Integer("New leads", readonly=True)
    opportunity_count = fields.Integer("New opportunities", readonly=True)
    won_count = fields.Integer("Opportunities won", readonly=True)
    has_leads = fields.Boolean("Knows leads", compute="_compute_has_leads")
    distance_m = fields.Integer("Distance (m)", readonly=True)
    # --- what stands against it: a figure alone invites to serve the figure
    outcome_count = fields.Integer("With an outcome", readonly=True)
    note_count = fields.Integer("With a note", readonly=True)
    new_words_count = fields.Integer("Notes that say something new", readonly=True)
    second_order_count = fields.Integer("Second orders", readonly=True)
    returned_amount = fields.Monetary("Given back", readonly=True)
    distance_km = fields.Float("Distance (km)", digits=(10, 1), compute="_compute_distance_km")
    # --- what the person says
    blockers = fields.Text("What stood in the way")
    tomorrow = fields.Text("What comes next")
    is_own = fields.Boolean("My own", compute="_compute_is_own")
    comment_count = fields.Integer("Comments", compute="_compute_comment_count")

    _person_period_uniq = models.Constraint(
        "UNIQUE(user_id, company_id, kind, date_from)",
        "There is one report per person and period.",
    )
    _dates = models.Constraint("CHECK(date_to >= date_from)", "A report ends after it begins.")

    def _compute_has_leads(self):
        self.has_leads = "crm.lead" in self.env

    @api.depends("distance_m")
    def _compute_distance_km(self):
        for report in self:
            report.distance_km = report.distance_m / 1000

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_is_own(self):
        for report in self:
            report.is_own = report.user_id == self.env.user

    @api.depends("message_ids")
    def _compute_comment_count(self):
        Message = self.env["mail.message"].sudo()  # of reports one may read
        count = dict(Message._read_group(self._get_comment_domain(), ["res_id"], ["__count"]))
        for report in self:
            report.comment_count = count.get(report.id, 0)

    def _get_comment_domain(self):
        return [
            ("model", "=", self._name),
            ("res_id", "in", self.ids),
            ("message_type", "=", "comment"),
        ]

    @api.depends("kind", "date_from", "user_id")
    def _compute_display_name(self):
        for report in self:
            report.display_name = f"{report.user_id.sudo().name}, {report._get_period_name()}"

    def _get_period_name(self):
        """The day, the week or the month in words of the reader."""
        self.ensure_one()
        if self.kind == "month":
            return format_date(self.env, self.date_from, date_format="MMMM y")
        day = format_date(self.env, self.date_from)
        if self.kind == "week":
            return self.env._("week of %(day)s", day=day)
        return day

    @api.model
    def _get_period(self, kind, day):
        """First and last day of the period of that kind which a day lies in; weeks begin on Monday.

        :returns: ``(date, date)``
        """
        if kind == "week":
            first = day - relativedelta(days=day.weekday())
            return first, first + relativedelta(days=6)
        if kind == "month":
            first = day.replace(day=1)
            return first, first + relativedelta(months=1, days=-1)
        return day, day

    def write(self, vals):
        """Nobody writes a figure, and nobody but the person his words.

        :raise AccessError: on anything else
        """
        if not self.env.su and not vals.keys().isdisjoint(self._fields):
            self._check_own_words(vals)
        return super().write(vals)

    def _check_own_words(self, vals):
        if vals.keys() - OWN_WORDS:
            raise AccessError(self.env._("A report is made from the records; nobody writes it."))
        if any(report.user_id != self.env.user for report in self.sudo()):
            raise AccessError(
                self.env._("Only the person himself adds to a report. Use a comment.")
            )

    def action_refresh(self):
        """Work the figures out anew, for records that came later than a week."""
        self.check_access("read")
        self.sudo()._refresh()
        return True

    # ---------------------------------------------------------------- from the phone

    @api.model
    def _take_words(self, user, company, day, blockers, tomorrow):
        """What a person adds to the report of his day; makes the report when there is none.

        :returns: field.work.report
        """
        report = self.sudo()._make("day", company, day, user)
        report.write({"blockers": blockers, "tomorrow": tomorrow})
        return report.with_env(self.env)
