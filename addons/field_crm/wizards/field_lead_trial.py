"""Trial run: what clocks would have taken back in the last 90 days, and whom limits would have
stopped."""

from datetime import timedelta
from functools import partial

from odoo import fields, models
from odoo.tools import SQL

from ..tools.breach import Period, first_breach
from ..tools.caps import try_caps
from odoo.addons.field_base.tools.times import local_date


def _deadline(draft, times, start, **span):
    return draft._after(start, times, **span)


def _period(lead, name, user, start, end, _event, clock, converted, won, _taken, closed):
    return Period(lead, name, user, start, end or closed, converted, won, clock)


MOST = 500  # lines that are listed; all are counted
SOON_HOURS = 24


class FieldLeadTrial(models.TransientModel):
    """Clocks one thinks of, run over who held what in the past; nothing is changed by it."""

    _name = "field.lead.trial"
    _description = "Trial Run of Lead Clocks"
    _rec_name = "pool_id"

    pool_id = fields.Many2one("field.lead.pool", required=True, readonly=True, ondelete="cascade")
    days = fields.Integer("Days Back", required=True, default=90)
    contact_hours = fields.Integer("First Contact within (hours)")
    followup_days = fields.Integer("Real Follow-up within (days)")
    convert_days = fields.Integer("Opportunity within (days)")
    clock_kind = fields.Selection(
        [("calendar", "Calendar time"), ("working", "Working time")],
        "Clocks Run in",
        default="calendar",
        required=True,
    )
    holding_cap = fields.Integer("Leads Held at Once")
    claims_per_day = fields.Integer("Claims per Day")
    period_count = fields.Integer("Times a Lead Was Held", readonly=True)
    summary = fields.Html(readonly=True)
    caps_summary = fields.Html("What the limits would have done", readonly=True)
    line_ids = fields.One2many("field.lead.trial.line", "trial_id", readonly=True)

    _days_range = models.Constraint(
        "CHECK(days BETWEEN 1 AND 366)", "A trial run goes back 1 to 366 days."
    )

    def action_run(self):
        """Run the clocks over the days asked for and list whom they would have hit."""
        self.ensure_one()
        self.pool_id.check_access("write")
        now = fields.Datetime.now()
        periods = self._get_periods(now)
        hits = self._find_hits(periods, now)
        self.line_ids.unlink()
        self.env["field.lead.trial.line"].create([self._prepare_line(*hit) for hit in hits[:MOST]])
        self.write(
            {
                "period_count": len(periods),
                "summary": self._render_summary(hits),
                "caps_summary": self._render_caps(periods),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Trial Run"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _get_periods(self, now):
        """Who held which lead of the pool when, from the history.

        :returns: list of :class:`~..tools.breach.Period`
        """
        self.env["field.lead.claim"].flush_model()
        self.env["crm.lead"].flush_model()
        query = SQL(
            """SELECT * FROM (
                SELECT c.lead_id, c.lead_name, c.user_id, c.claimed_at,
                       lead(c.claimed_at) OVER w, lead(c.event) OVER w, lead(c.clock) OVER w,
                       l.date_conversion, l.won_status = 'won' AND l.user_id = c.user_id, c.event,
                       CASE WHEN NOT l.active OR l.won_status != 'pending' THEN l.date_closed END
                  FROM field_lead_claim c JOIN crm_lead l ON l.id = c.lead_id
                 WHERE c.pool_id = %s
                WINDOW w AS (PARTITION BY c.lead_id ORDER BY c.claimed_at, c.id)) AS held
             WHERE event IN ('claim', 'assign') AND claimed_at >= %s""",
            self.pool_id.id,
            now - timedelta(days=self.days),
        )
        return [_period(*row) for row in self.env.execute_query(query)]

    def _find_hits(self, periods, now):
        """:returns: ``[(period, clock, at, doubt)]``, newest first"""
        rules = self.env["field.lead.touch.rule"].sudo().search([("active", "=", True)])
        touches = rules._collect([(p.lead_id, p.user_id, p.start, p.end) for p in periods])
        users = self.env["res.users"].sudo().browse({p.user_id for p in periods})
        low = min((p.start for p in periods), default=now)
        draft = self._get_draft()
        leave = draft._get_leave_spans(users, low, now)
        planned = draft._get_planned(users, low) if self.clock_kind == "working" else {}
        hits = []
        for index, period in enumerate(periods):
            times = (leave.get(period.user_id, []), planned.get(period.user_id))
            after = partial(_deadline, draft, times)
            done = touches.get(index, [])
            found = first_breach(period, done, now, after, self._get_limits())
            if found:
                hits.append((period, *found, self._get_doubt(period, found[1], done)))
        return sorted(hits, key=lambda hit: hit[2], reverse=True)

    def _get_limits(self):
        return (self.contact_hours, self.followup_days, self.convert_days)

    def _get_draft(self):
        names = ("contact_hours", "followup_days", "convert_days", "clock_kind")
        return self.env["field.lead.pool"].new({name: self[name] for name in names})

    def _get_doubt(self, period, at, touches):
        """Why a hit is perhaps a false alarm."""
        if period.won:
            return self.env._("The same person won it later.")
        if period.converted_at and period.converted_at > at:
            return self.env._("The same person made an opportunity of it later.")
        if any(at < moment <= at + timedelta(hours=SOON_HOURS) for moment, _c, _f in touches):
            return self.env._("Something was done within a day after.")
        return ""

    def _prepare_line(self, period, clock, at, doubt):
        return {
            "trial_id": self.id,
            "lead_id": period.lead_id,
            "lead_name": period.name,
            "user_id": period.user_id,
            "held_from": period.start,
            "at": at,
            "clock": clock,
            "doubt": doubt,
            "is_known": period.recycled_by == clock,
        }

    def _render_summary(self, hits):
        labels = dict(
            self.env["field.lead.trial.line"]._fields["clock"]._description_selection(self.env)
        )
        lines = []
        for clock, label in labels.items():
            own = [hit for hit in hits if hit[1] == clock]
            people = {hit[0].user_id for hit in own}
            lines.append((label, len(own), len(people), sum(bool(hit[3]) for hit in own)))
        titles = [
            self.env._("Clock"),
            self.env._("Leads taken back"),
            self.env._("People"),
            self.env._("Perhaps false alarms"),
        ]
        return self.env["field.policy"]._render_table(lines, titles)

    def _render_caps(self, periods):
        """Who would have been stopped by the limits, most often first."""
        users = self.env["res.users"].sudo().browse({period.user_id for period in periods})
        zones = {user.id: user._field_tz() for user in users}
        uses = try_caps(
            periods,
            self.holding_cap,
            self.claims_per_day,
            lambda period: local_date(period.start, zones[period.user_id]),
        )
        rows = sorted(uses.items(), key=lambda row: (-row[1].refused, -row[1].claims, row[0]))
        names = {user.id: user.name for user in users}
        lines = [
            (names[user_id], use.claims, use.most_held, use.most_in_a_day, use.refused)
            for user_id, use in rows[:MOST]
        ]
        titles = [
            self.env._("Person"),
            self.env._("Claims"),
            self.env._("Held at once, at most"),
            self.env._("Claimed in a day, at most"),
            self.env._("Would have been refused"),
        ]
        return self.env["field.policy"]._render_table(lines, titles)


class FieldLeadTrialLine(models.TransientModel):
    _name = "field.lead.trial.line"
    _description = "Lead a Trial Run Would Have Taken Back"
    _order = "at desc, id"

    trial_id = fields.Many2one(
        "field.lead.trial", required=True, index=True, ondelete="cascade", readonly=True
    )
    lead_id = fields.Many2one("crm.lead", "Open Lead", readonly=True, ondelete="cascade")
    lead_name = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    held_from = fields.Datetime("Taken at", readonly=True)
    at = fields.Datetime("Would Have Gone Back at", readonly=True)
    clock = fields.Selection(
        [("contact", "First contact"), ("followup", "Follow-up"), ("convert", "Opportunity")],
        readonly=True,
    )
    doubt = fields.Char("Perhaps a false alarm because", readonly=True)
    is_known = fields.Boolean("Was Taken back", readonly=True)
