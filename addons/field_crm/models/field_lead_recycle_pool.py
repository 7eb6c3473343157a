"""The clocks of a pool: how long one may hold a lead without looking after it."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.clocks import add_hours, add_working_hours, after_rule_change, nth_working_day_end
from odoo.addons.field_base.tools import spans
from odoo.addons.field_base.tools.times import local_date

RULES = frozenset({"recycle_on", "contact_hours", "followup_days", "convert_days", "clock_kind"})
RULES |= {"convert_stage_id"}
CLOCKS = ("contact", "followup", "convert")
LEAVE_DAYS = 200  # how far leave is looked ahead
BATCH = 1000


class FieldLeadPool(models.Model):
    _inherit = "field.lead.pool"

    recycle_on = fields.Boolean(
        "Take Leads Back",
        tracking=True,
        help="A lead nobody looks after goes back to the pool when one of its clocks runs out.",
    )
    contact_hours = fields.Integer(
        "First Contact within (hours)",
        default=24,
        tracking=True,
        help="0: this clock does not run.",
    )
    followup_days = fields.Integer(
        "Real Follow-up within (days)",
        default=15,
        tracking=True,
        help="Since the lead was taken or last followed up. 0: this clock does not run.",
    )
    convert_days = fields.Integer(
        "Opportunity within (days)", default=30, tracking=True, help="0: this clock does not run."
    )
    convert_stage_id = fields.Many2one(
        "crm.stage",
        "Stage That Counts as Opportunity",
        tracking=True,
        ondelete="set null",
        help="Empty: the conversion of the lead counts.",
    )
    clock_kind = fields.Selection(
        [("calendar", "Calendar time"), ("working", "Working time")],
        "Clocks Run in",
        default="calendar",
        required=True,
        tracking=True,
        help="Working time: hours and days of the person's working calendar. Approved leave stops "
        "the clocks in both cases.",
    )
    extension_days = fields.Integer("Extension by (days)", default=7, tracking=True)
    extension_max = fields.Integer(
        "Extensions at Most",
        default=1,
        tracking=True,
        help="How often one owner may ask for more time with one lead, whatever the answer was.",
    )
    grace_hours = fields.Integer(
        "Grace after a Change of Rules (hours)",
        default=48,
        tracking=True,
        help="New rules take no lead away before this time has passed. At least 48.",
    )
    due_count = fields.Integer("Due within 24 Hours", compute="_compute_due_count")

    _clocks_positive = models.Constraint(
        "CHECK(contact_hours >= 0 AND followup_days >= 0 AND convert_days >= 0 "
        "AND extension_days >= 0 AND extension_max >= 0)",
        "A time cannot be negative.",
    )
    _grace_min = models.Constraint(
        "CHECK(grace_hours >= 48)", "The grace after a change of rules is at least 48 hours."
    )

    def _compute_due_count(self):
        domain = Domain("field_pool_id", "in", self.ids) & self.env["crm.lead"]._clock_domain()
        domain &= Domain("field_recycle_at", "<=", fields.Datetime.now() + timedelta(days=1))
        groups = self.env["crm.lead"]._read_group(domain, ["field_pool_id"], ["__count"])
        counts = {pool.id: count for pool, count in groups}
        for pool in self:
            pool.due_count = counts.get(pool.id, 0)

    # --- deadlines -----------------------------------------------------------------------------

    def _get_deadlines(self, leads, fresh=None):
        """When each clock of held leads of this pool runs out, by the rules of now.

        Starts at the change of owner; leave of the owner does not count.

        :param fresh: the moment these leads have just changed hands, before it is written on them
        :returns: ``{lead.id: {clock: datetime or None}}``; None: does not run, or is met
        """
        self.ensure_one()
        if not self.recycle_on:
            return {lead.id: dict.fromkeys(CLOCKS) for lead in leads}
        times = self._get_times(leads, fresh)
        return {
            lead.id: self._get_lead_deadlines(lead, times[lead.user_id], fresh) for lead in leads
        }

    def _get_lead_deadlines(self, lead, times, fresh):
        start = fresh or lead.field_clock_start
        extra = 0 if fresh else lead.field_extensions * self.extension_days
        found = dict.fromkeys(CLOCKS)
        if lead._is_converted_for_pool():
            return found
        if self.contact_hours and (fresh or not lead.field_contact_at):
            found["contact"] = self._after(start, times, hours=self.contact_hours, extra=extra)
        if self.followup_days:
            since = start if fresh else max(lead.field_followup_at or start, start)
            found["followup"] = self._after(since, times, days=self.followup_days, extra=extra)
        if self.convert_days and lead._can_convert_for_pool():
            found["convert"] = self._after(start, times, days=self.convert_days, extra=extra)
        return found

    def _after(self, start, times, hours=0, days=0, extra=0):
        leave, planned = times
        if self.clock_kind == "working" and planned:
            at = (
                add_working_hours(start, hours, [s for _day, found in planned for s in found])
                if hours
                else nth_working_day_end(start, days, planned)
            )
            if at:
                return add_hours(at, extra * 24, leave) if extra else at
        return add_hours(start, hours + (days + extra) * 24, leave)

    def _get_times(self, leads, fresh=None):
        """Leave and, for clocks in working time, the working hours of the owners.

        :returns: ``{res.users: ([(start, end)] of leave, [(date, [(start, end)])] or None)}``
        """
        users = leads.user_id
        starts = [lead.field_clock_start for lead in leads if lead.field_clock_start]
        if not starts and not fresh:
            return {user: ([], None) for user in users}
        low = fresh or min(starts)
        high = fields.Datetime.now() + timedelta(days=LEAVE_DAYS)
        leave = self.env["field.lead.pool"]._get_leave_spans(users, low, high)
        planned = {}
        if self.clock_kind == "working":
            planned = self._get_planned(users, low)
        return {user: (leave.get(user.id, []), planned.get(user.id)) for user in users}

    def _get_planned(self, users, low):
        longest = max(self.followup_days, self.convert_days, self.contact_hours // 4) * 2 + 20
        found = defaultdict(list)
        for user in users:
            first = local_date(low, user._field_tz())
            count = (fields.Date.today() - first).days + longest
            dates = [first + timedelta(days=n) for n in range(count)]
            days = self.env["field.policy"].sudo()._get_planned_days(user, dates)
            found[user.id] = [(day, days[user.id, day].spans) for day in dates]
        return found

    @api.model
    def _get_leave_spans(self, users, low, high):
        """Approved personal leave: that of the calendars, where approval puts it.

        :returns: ``{user.id: [(start, end)]}``
        """
        query = SQL(
            """SELECT r.user_id, l.date_from, l.date_to
                 FROM resource_calendar_leaves l JOIN resource_resource r ON r.id = l.resource_id
                WHERE r.user_id = ANY(%s) AND l.date_to > %s AND l.date_from < %s
                  AND COALESCE(l.time_type, 'leave') = 'leave'
                ORDER BY l.date_from""",
            users.ids,
            low,
            high,
        )
        self.env["resource.calendar.leaves"].flush_model()
        found = defaultdict(list)
        for user_id, begin, end in self.env.execute_query(query):
            found[user_id].append((begin, end))
        return {user_id: spans.merge(leaves) for user_id, leaves in found.items()}

    # --- a change of rules ---------------------------------------------------------------------

    def write(self, vals):
        """New rules hold for leads already held as well, after a grace; switching off and on again
        gives nobody new time, since the clocks start at the change of owner."""
        changed = self.browse()
        if vals.keys() & RULES:
            plain = {name: vals[name] for name in vals.keys() & RULES}
            changed = self.filtered(lambda pool: pool._differs(plain))
        result = super().write(vals)
        for pool in changed:
            pool._apply_rule_change()
        return result

    def _differs(self, vals):
        current = self.read(list(vals), load=None)[0]
        return any(current[name] != value for name, value in vals.items())

    def _apply_rule_change(self):
        now = fields.Datetime.now()
        Lead = self.env["crm.lead"].sudo().with_context(active_test=False)
        domain = Domain("field_pool_id", "=", self.id) & Domain("user_id", "!=", False)
        last = 0
        while leads := Lead.search(domain & Domain("id", ">", last), order="id", limit=BATCH):
            last = leads[-1].id
            leads._ensure_clock_start()
            leads._count_touches()
            found = self._get_deadlines(leads)
            leads._store_deadlines(
                {
                    lead.id: {
                        clock: after_rule_change(
                            lead[f"field_{clock}_deadline"], new, now, self.grace_hours
                        )
                        for clock, new in found[lead.id].items()
                    }
                    for lead in leads
                }
            )
            leads.flush_recordset()
            leads.invalidate_recordset()
