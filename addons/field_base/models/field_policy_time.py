"""Working time: hours of the calendar, leave, the open workday, pauses, grace.

Everything takes many people and days at once. The number of queries grows with the calendars in
use, not with the people.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import spans
from ..tools.times import local_date, local_hour


@dataclass
class PlannedDay:
    """One person's day as the calendar has it; ``spans`` are naive UTC."""

    kind: str = "work"  # work · off (no working day) · holiday (for all) · leave (his own)
    spans: list = field(default_factory=list)
    flexible: bool = False  # no fixed hours: any time of the day is as good

    @property
    def hours(self):
        return spans.minutes(self.spans) / 60


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    # --- calendar ------------------------------------------------------------------------------

    @api.model
    def _get_planned_days(self, users, dates, policies=None):
        """Hours, leave and holidays of people's days, from Odoo's working calendars.

        :returns: ``{(user.id, date): PlannedDay}``
        """
        users = users.sudo()
        policies = policies or self._get_for_days(users, dates)
        tz_of = {user.id: user._field_tz() for user in users}
        companies = self.env["res.company"].browse({p.company_id.id for p in policies.values()})
        employees = self._employees_by_key(users, companies)
        low, high = min(dates) - timedelta(days=1), max(dates) + timedelta(days=2)
        leaves = self._get_leaves(employees.values(), companies, low, high)
        cache, result = {}, {}
        for (user_id, date), policy in policies.items():
            employee = employees.get((user_id, policy.company_id.id))
            calendar = self._get_calendar(policy, employee)
            tz = tz_of[user_id]
            bounds = [(local_hour(date, 0, tz), local_hour(date, 24, tz))]
            if calendar and (calendar.id, tz) not in cache:
                cache[calendar.id, tz] = self._get_attendance_spans(calendar, tz, low, high)
            hours = cache[calendar.id, tz] if calendar else None
            planned = bounds if hours is None else spans.intersect(hours, bounds)
            result[user_id, date] = self._take_leave(
                PlannedDay("work" if planned else "off", planned, flexible=hours is None),
                [leave for leave in leaves if self._concerns(leave, employee, calendar, policy)],
            )
        return result

    @api.model
    def _get_calendar(self, policy, employee):
        """The policy's own calendar, else the employee's (none is fully flexible), else the
        company's."""
        if policy.calendar_id or not employee:
            return policy.calendar_id or policy.company_id.resource_calendar_id
        return employee.resource_calendar_id

    @api.model
    def _get_attendance_spans(self, calendar, tz, low, high):
        """Working hours of the calendar read in the zone ``tz``; None when it has no fixed ones."""
        if calendar.flexible_hours:
            return None
        zone = pytz.timezone(tz)
        start, end = (zone.localize(datetime(d.year, d.month, d.day)) for d in (low, high))
        found = calendar._attendance_intervals_batch(start, end, tz=zone)[False]
        return spans.merge((_naive(begin), _naive(stop)) for begin, stop, _attendance in found)

    @api.model
    def _get_leaves(self, employees, companies, low, high):
        resources = [employee.resource_id.id for employee in employees]
        domain = (
            Domain("time_type", "=", "leave")
            & Domain("resource_id", "in", [False, *resources])
            & Domain("company_id", "in", [False, *companies.ids])
            & Domain("date_from", "<", fields.Datetime.to_datetime(high))
            & Domain("date_to", ">", fields.Datetime.to_datetime(low))
        )
        return self.env["resource.calendar.leaves"].sudo().search(domain)

    @api.model
    def _concerns(self, leave, employee, calendar, policy):
        if leave.resource_id:
            return bool(employee) and leave.resource_id == employee.resource_id
        return leave.company_id in (policy.company_id, leave.company_id.browse()) and (
            not leave.calendar_id or leave.calendar_id == calendar
        )

    @api.model
    def _take_leave(self, day, leaves):
        touching = {
            leave: spans.intersect(day.spans, [(leave.date_from, leave.date_to)])
            for leave in leaves
        }
        left = spans.subtract(day.spans, [span for parts in touching.values() for span in parts])
        if day.spans and not left:
            own = any(parts and leave.resource_id for leave, parts in touching.items())
            return PlannedDay("leave" if own else "holiday", [], day.flexible)
        return PlannedDay(day.kind, left, day.flexible)

    # --- locks ---------------------------------------------------------------------------------

    @api.model
    def _get_working_times(self, users, start, end):
        """When positions of these people may be kept and shown, between two moments.

        :param start: naive UTC datetime; so is ``end``
        :returns: ``{user.id: [(start, end)]}``; everything for who has no such lock
        """
        users = users.sudo()
        tz_of = {user.id: user._field_tz() for user in users}
        dates = self._get_local_dates(tz_of.values(), start, end)
        policies = self._get_for_days(users, dates) if users else {}
        locks = {policy.working_time_lock for policy in policies.values()}
        planned = locks & {"calendar", "both"} and self._get_planned_days(users, dates, policies)
        opened = locks & {"workday", "both"} and self.env["field.workday"]._get_open_spans(
            users, start, end
        )
        result = {user.id: [] for user in users}
        for (user_id, date), policy in policies.items():
            tz = tz_of[user_id]
            kept = [(local_hour(date, 0, tz), local_hour(date, 24, tz))]
            if policy.working_time_lock in ("calendar", "both"):
                kept = policy._get_calendar_lock(planned[user_id, date], kept)
            if policy.working_time_lock in ("workday", "both"):
                kept = spans.intersect(kept, opened.get(user_id, []))
            result[user_id] += kept
        return {
            key: spans.intersect(spans.merge(kept), [(start, end)]) for key, kept in result.items()
        }

    @api.model
    def _get_local_dates(self, zones, start, end):
        zones = set(zones) or {"UTC"}
        first = min(local_date(start, tz) for tz in zones)
        last = max(local_date(end, tz) for tz in zones)
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def _get_calendar_lock(self, day, bounds):
        """Hours of the day with the grace before and after."""
        if day.flexible:
            return day.spans
        return spans.intersect(
            spans.widen(day.spans, self.grace_start_min, self.grace_end_min), bounds
        )

    @api.model
    def _is_working_time(self, users, intervals):
        """Whether moments or stretches of time are working time under everybody's own policy.

        :param dict intervals: ``{user.id: [(start, end)]}``, naive UTC; both the same for a moment
        :returns: ``{user.id: [bool]}``, in the same order
        """
        asked = [span for user in users for span in intervals.get(user.id, ())]
        if not asked:
            return {user.id: [] for user in users}
        start, end = min(span[0] for span in asked), max(span[1] for span in asked)
        second = timedelta(seconds=1)  # a moment has no length of its own
        times = self._get_working_times(users, start - second, end + second)
        return {
            user.id: [spans.covers(times[user.id], *span) for span in intervals.get(user.id, ())]
            for user in users
        }

    # --- app -----------------------------------------------------------------------------------

    @api.model
    def _get_app_values(self, user, days=8):
        """What the phone needs to keep the rules: they, and the working times of the next days.

        :returns: dict of ``policy`` (all rules), ``policy_name``, ``policy_rev`` (changes with
            them) and ``working_times``: ``[[start, end]]`` in ISO 8601, or None when positions are
            taken at any hour; whether the workday is open the phone judges by itself
        """
        policy = self._get_for_users(user)[user.id]
        return {
            "policy": policy._snapshot(),
            "policy_name": policy.with_context(lang=user.lang).name,
            "policy_rev": f"{policy.id}.{int(policy.write_date.timestamp())}",
            "working_times": policy._get_app_times(user, days),
        }

    def _get_app_times(self, user, days):
        self.ensure_one()
        if self.working_time_lock not in ("calendar", "both"):
            return None
        tz = user._field_tz()
        today = local_date(fields.Datetime.now(), tz)
        dates = [today + timedelta(days=n) for n in range(days)]
        planned = self._get_planned_days(user, dates)
        found = []
        for date in dates:
            bounds = [(local_hour(date, 0, tz), local_hour(date, 24, tz))]
            found += self._get_calendar_lock(planned[user.id, date], bounds)
        return [[f"{start.isoformat()}Z", f"{end.isoformat()}Z"] for start, end in found]


def _naive(moment):
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
