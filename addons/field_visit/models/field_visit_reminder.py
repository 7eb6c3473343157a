"""What reminds people of their visits, and what follows from missing one. All of it is off until a
policy says otherwise."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.field_base.tools.times import local_date

#: No policy reminds earlier than this before a visit.
_EARLIEST = timedelta(minutes=240)
#: A missed visit is carried to a working day within so many days, or not at all.
_CARRY_DAYS = 14


class FieldVisit(models.Model):
    _inherit = "field.visit"

    reminded_at = fields.Datetime("Reminded", readonly=True, copy=False)
    carried_from_id = fields.Many2one(
        "field.visit",
        "Missed before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The missed visit this one was planned for.",
    )

    # ---------------------------------------------------------------- reminders

    def write(self, vals):
        """A visit at another time, or of another person, is to be reminded of again."""
        told = self.browse()
        if {"plan_date", "plan_time", "user_id"} & vals.keys():
            told = self.filtered(lambda v: v.reminded_at and v.state == "planned")
        before = {visit: visit._get_appointment() for visit in told}
        result = super().write(vals)
        moved = told.filtered(lambda visit: visit._get_appointment() != before[visit])
        if moved:
            moved._with_evidence().write({"reminded_at": False})
        return result

    def _get_appointment(self):
        return (self.plan_date, self.plan_time, self.user_id)

    @api.model
    def _cron_remind(self):
        """Tell people in the evening about tomorrow, and shortly before a fixed time."""
        self._remind_of_times(fields.Datetime.now())
        self._remind_of_tomorrow(fields.Datetime.now())

    @api.model
    def _remind_of_times(self, now):
        domain = Domain("state", "=", "planned") & Domain("plan_time", ">", 0)
        domain &= Domain("start_at", ">", now) & Domain("start_at", "<=", now + _EARLIEST)
        visits = self.search(domain & Domain("reminded_at", "=", False), order="start_at, id")
        visits = visits.try_lock_for_update()
        policies = self._get_reminding_policies(visits)
        for visit in visits:
            ahead = policies[visit.company_id.id, visit.user_id.id].remind_before_min
            if ahead and visit.start_at - timedelta(minutes=ahead) <= now:
                visit._remind_of_time()

    @api.model
    def _get_reminding_policies(self, visits):
        """``{(company id, user id): field.policy}``, in a few queries a company."""
        found = {}
        for company, some in visits.grouped("company_id").items():
            policies = self.env["field.policy"].with_company(company)
            by_user = policies._get_for_users(some.user_id)
            found |= {(company.id, user): policy for user, policy in by_user.items()}
        return found

    def _remind_of_time(self):
        self.ensure_one()
        visit = self.with_context(lang=self.user_id.sudo().lang)
        visit._notify_person(
            self.user_id,
            visit.env._(
                "%(time)s: %(customer)s",
                time=visit._format_time(visit.start_at),
                customer=visit.partner_id.sudo().display_name,
            ),
            visit.partner_address or "",
            urgent=True,
        )
        self._with_evidence().write({"reminded_at": fields.Datetime.now()})

    def _notify_person(self, user, subject, body, urgent=False):
        """By the way the person has chosen for reminders; it stands in the app too.

        :param bool urgent: later is too late
        """
        self.ensure_one()
        self.env["field.notice"].sudo()._notify(
            "visit_reminder", user, subject, body or subject, record=self, urgent=urgent
        )

    @api.model
    def _remind_of_tomorrow(self, now):
        today = fields.Date.today()
        soon = [today + timedelta(days=n) for n in range(3)]
        domain = [("state", "=", "planned"), ("plan_date", "in", soon)]
        visits = self.search(domain, order="plan_time, route_sequence, id")
        policies = self._get_reminding_policies(visits)
        for (company, user), own in visits.grouped(lambda v: (v.company_id, v.user_id)).items():
            day = local_date(now, user._field_tz())
            ahead = own.filtered(lambda v, day=day: v.plan_date == day + timedelta(days=1))
            if ahead and policies[company.id, user.id]._is_evening(user, day, now):
                ahead._remind_of_day(user)
                user.sudo().field_evening_date = day

    def _remind_of_day(self, user):
        """``self`` are all visits of somebody's tomorrow, the first one first."""
        visits = self.with_context(lang=user.sudo().lang)
        first = (visits.filtered("plan_time") or visits)[0]
        said = visits.env._("Tomorrow: %(count)s visits", count=len(visits))
        name = first.partner_id.sudo().display_name
        hour = first._format_time(first.start_at) if first.plan_time else ""
        begins = visits.env._("First: %s", f"{hour} {name}".strip())
        first._notify_person(user, said, begins)
        first._plan_evening_activity(user, said, begins)

    def _plan_evening_activity(self, user, summary, note):
        """Among the person's activities too, until the evening of the next working day."""
        kind = self.env.ref("field_visit.mail_activity_type_evening")
        Activity = self.env["mail.activity"].sudo()
        domain = [("activity_type_id", "=", kind.id), ("user_id", "=", user.id)]
        Activity.search(domain).unlink()
        self.sudo().with_context(mail_activity_quick_update=True).activity_schedule(
            activity_type_id=kind.id,
            date_deadline=self.plan_date,
            summary=summary,
            note=note,
            user_id=user.id,
            automated=True,
        )

    # ---------------------------------------------------------------- missed visits

    def _do_miss(self):
        missed = self.filtered(lambda visit: visit.state == "planned")
        super()._do_miss()
        policies = self._get_reminding_policies(missed)
        for visit in missed:
            visit._follow_miss(policies[visit.company_id.id, visit.user_id.id])

    def _follow_miss(self, policy):
        self.ensure_one()
        if policy.missed_mode == "carry":
            self._carry()
        elif policy.missed_mode == "ask":
            self._ask_about_miss()
        if policy.missed_limit and self._count_misses(policy.missed_limit) == policy.missed_limit:
            self._tell_leader_of_misses(policy.missed_limit)

    def _carry(self):
        """Plan the visit again on the person's next working day, once."""
        day = self._get_next_working_day()
        if not day or self.search_count([("carried_from_id", "=", self.id)], limit=1):
            return
        values = {"plan_date": day, "carried_from_id": self.id, "plan_time": 0.0}
        works = self.env["field.task.work"].sudo().search([("visit_id", "=", self.id)])
        if works:
            values |= {"source": self.source, "note": self.note}
        works._with_step().visit_id = self._with_planner().copy(values)

    def _get_next_working_day(self):
        """The first day from the person's today on his calendar has hours for; None within two
        weeks of leave."""
        user = self.user_id
        today = local_date(fields.Datetime.now(), user._field_tz())
        days = [today + timedelta(days=n) for n in range(_CARRY_DAYS)]
        Policy = self.env["field.policy"].sudo().with_company(self.company_id)
        planned = Policy._get_planned_days(user, days, Policy._get_for_days(user, days))
        return next((day for day in days if _has_hours(planned[user.id, day])), None)

    def _ask_about_miss(self):
        """An open matter of the customer asks the person when he goes instead."""
        visit = self.with_user(self.user_id).with_context(lang=self.user_id.sudo().lang)
        name = visit.env._("Not visited on %(day)s: plan again?", day=visit.plan_date)
        visit.sudo()._add_followup(self.partner_id, name, visit=self)

    def _count_misses(self, limit):
        """How many of the customer's last visits by this person were missed, without a break."""
        domain = [
            ("partner_id", "=", self.partner_id.id),
            ("user_id", "=", self.user_id.id),
            ("state", "in", ("missed", "done", "cancelled")),
        ]
        count = 0
        for visit in self.search(domain, order="plan_date desc, id desc", limit=limit + 1):
            if visit.state != "missed":
                break
            count += 1
        return count

    def _tell_leader_of_misses(self, count):
        leader = self.user_id.sudo()._field_leader_chain(self.company_id)[:1]
        if not leader:
            return
        visit = self.with_context(lang=leader.lang)
        visit._notify_person(
            leader,
            visit.env._(
                "%(person)s has missed %(customer)s %(count)s times in a row",
                person=self.user_id.sudo().name,
                customer=self.partner_id.sudo().display_name,
                count=count,
            ),
            "",
        )


def _has_hours(day):
    return bool(day.spans or day.flexible)
