"""Trial run: whom a draft would have hit, had it been in force in the past."""

from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate, format_duration

from ..tools.times import local_hour

_lt = LazyTranslate(__name__)


@dataclass
class TrialHit:
    """One record the draft would have touched.

    ``known``: the rules of that day hit it as well, so nothing changes for it. ``doubt``: why it is
    perhaps a false alarm.
    """

    record: models.BaseModel
    date: object
    note: str
    known: bool = False
    doubt: str = ""


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    @api.model
    def _trial_checks(self):
        """Hook: ``{code: title}``; a module adds its codes and the method ``_trial_<code>``.

        The method gets ``(users, first, last)``, reads as the person who asks (so a leader meets
        his own people only) and returns TrialHit objects.
        """
        return {
            "late_end": _lt("Days that end after the closing hour"),
            "missing_end": _lt("Days nobody ended"),
            "late_start": _lt("Days that begin late"),
            "pauses": _lt("Pauses over the limit"),
            "day_off": _lt("Days on which no position would be kept"),
        }

    def _get_trial_people(self):
        """Everybody this version would hold for, as far as the person who asks leads them."""
        self.ensure_one()
        group = self.env.ref("field_base.field_base_group_rep")
        domain = Domain("all_group_ids", "in", group.ids) & Domain(
            "company_ids", "in", self.company_id.ids
        )
        if not self.env.user.has_groups(
            "field_base.field_base_group_admin,field_base.field_base_group_auditor"
        ):
            domain &= Domain("field_leader_ids", "in", self.env.uid)
        users = self.env["res.users"].sudo().search(domain)
        Policy = self.with_company(self.company_id)
        day = self.effective_from
        found = Policy._get_for_days(users, [day], trial=self) if users else {}
        return users.filtered(lambda user: found[user.id, day].id == self.id)

    def _run_trial(self, first, last):
        """All hits of all checks between two dates.

        :returns: ``{code: [TrialHit]}``
        """
        users = self._get_trial_people()
        return {
            code: getattr(self, f"_trial_{code}")(users, first, last)
            for code in self._trial_checks()
        }

    def action_trial(self):
        """Open the trial run of this version over the last 90 days."""
        self.ensure_one()
        self.check_access("read")
        trial = self.env["field.policy.trial"].create({"policy_id": self.id})
        trial.action_run()
        return trial._get_form_action()

    # --- checks on workdays --------------------------------------------------------------------

    def _search_trial_days(self, users, first, last, domain):
        domain = Domain(domain) & Domain("user_id", "in", users.ids)
        domain &= Domain("date", ">=", first) & Domain("date", "<=", last)
        domain &= Domain("company_id", "=", self.company_id.id)
        return self.env["field.workday"].search(domain)

    def _trial_late_end(self, users, first, last):
        days = self._search_trial_days(users, first, last, [("state", "=", "closed")])
        hour = format_duration(self.day_end_hour)
        hits = []
        for day in days:
            if day.close_at > local_hour(day.date, self.day_end_hour, day.tz):
                before = (day.policy_snapshot or {}).get("day_end_hour") or 24
                note = self.env._("Would have closed itself at %(hour)s.", hour=hour)
                known = day.close_at > local_hour(day.date, before, day.tz)
                hits.append(TrialHit(day, day.date, note, known))
        return hits

    def _trial_missing_end(self, users, first, last):
        """Forgotten days; a new closing hour gives them other hours."""
        sources = ("auto", "next_day", "late")
        days = self._search_trial_days(users, first, last, [("end_source", "in", sources)])
        note = self.env._(
            "Would have closed itself at %(hour)s.", hour=format_duration(self.day_end_hour)
        )
        return [
            TrialHit(day, day.date, note, known=self._has_same(day, "day_end_hour")) for day in days
        ]

    def _trial_late_start(self, users, first, last):
        days = self._search_trial_days(users, first, last, [("planned_start", "!=", False)])
        hits = []
        for day in days:
            late = int((day.open_at - day.planned_start).total_seconds() // 60)
            if late > self.grace_start_min:
                note = self.env._("%(minutes)s minutes late.", minutes=late)
                hits.append(TrialHit(day, day.date, note, known=bool(day.late_min)))
        return hits

    def _trial_pauses(self, users, first, last):
        limit = self.pause_limit_min
        if not limit:
            return []
        days = self._search_trial_days(users, first, last, [("pause_min", ">", limit)])
        hits = []
        for day in days:
            before = (day.policy_snapshot or {}).get("pause_limit_min")
            note = self.env._(
                "%(minutes)s minutes of pauses; %(limit)s are allowed.",
                minutes=round(day.pause_min),
                limit=limit,
            )
            known = bool(before) and day.pause_min > before
            hits.append(TrialHit(day, day.date, note, known))
        return hits

    def _trial_day_off(self, users, first, last):
        if self.working_time_lock not in ("calendar", "both"):
            return []
        days = self._search_trial_days(users, first, last, [("day_kind", "!=", "work")])
        kinds = dict(days._fields["day_kind"]._description_selection(self.env))
        return [
            TrialHit(
                day,
                day.date,
                kinds.get(day.day_kind, ""),
                known=(day.policy_snapshot or {}).get("working_time_lock") in ("calendar", "both"),
            )
            for day in days
        ]

    def _has_same(self, row, name):
        """Whether the rules the row was made under had the same value."""
        return (row.policy_snapshot or {}).get(name) == self[name]
