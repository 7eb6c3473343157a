"""The night's look at habits: each person once a day, a few people at a time."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..tools import habits
from odoo.addons.field_base.tools.times import local_date

#: So far back one looks: what lies longer ago tells nothing about today.
_WINDOW = timedelta(days=30)
#: People with no visit for so long have nothing new to look at; so long reports follow, too.
_RECENT = timedelta(days=8)


class FieldVisitHabit(models.Model):
    _inherit = "field.visit.habit"

    @api.model
    def _cron_find(self, batch=20):
        """Look at everybody who had visits lately, then show leaders what had its time."""
        cron = self.env["ir.cron"]
        today = fields.Date.today()
        people = self._find_people(today)
        cron._commit_progress(remaining=len(people))
        for start in range(0, len(people), batch):
            part = people[start : start + batch]
            part._find_habits()
            part.write({"field_habit_date": today})
            if not cron._commit_progress(len(part)):
                return
        self.search([("due_at", "<=", fields.Datetime.now())]).write(
            {"is_shown": True, "due_at": False}
        )

    @api.model
    def _find_people(self, today):
        """Those with visits lately whom nobody has looked at today.

        :returns: res.users
        """
        recent = [("state", "=", "done"), ("check_in_at", ">=", fields.Datetime.now() - _RECENT)]
        groups = self.env["field.visit"]._read_group(recent, ["user_id"])
        people = self.env["res.users"].union(*(user for (user,) in groups))
        return people.filtered(lambda user: user.field_habit_date != today)

    @api.model
    def _find_for(self, users):
        """Bring what stands out up to date for these people; the same data change nothing."""
        since = fields.Datetime.now() - _WINDOW
        seen = self._read_seen(users, since)
        self._mark_newly_said(seen)
        known = self.search([("user_id", "in", users.ids), ("date_to", ">=", since.date())])
        known = known.grouped(lambda habit: (habit.user_id.id, habit.company_id.id))
        policies = {}
        for (user_id, company_id), visits in seen.items():
            if company_id not in policies:
                Policy = self.env["field.policy"].with_company(company_id)
                policies[company_id] = Policy._get_for_users(users)
            here = self.with_company(company_id)
            own = known.get((user_id, company_id), self.browse())
            own._take(here.env["res.users"].browse(user_id), policies[company_id][user_id], visits)

    @api.model
    def _read_seen(self, users, since):
        """``{(user id, company id): [tools.habits.Seen]}`` in one query."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT visit.user_id, visit.company_id, visit.id, visit.check_in_at,
                          visit.note, given.goal, step.notes, step.moments,
                          COALESCE(visit.is_productive, false) OR EXISTS (
                              SELECT FROM mail_activity
                               WHERE mail_activity.field_visit_id = visit.id)
                     FROM field_visit visit
                     LEFT JOIN LATERAL (
                          SELECT array_agg(note) AS notes, array_agg(answered_at) AS moments
                            FROM field_visit_step
                           WHERE visit_id = visit.id AND state = 'done') step ON true
                     LEFT JOIN LATERAL (
                          SELECT COALESCE(task.goal, task.name) AS goal
                            FROM field_task_work work
                            JOIN field_task task ON task.id = work.task_id
                           WHERE work.visit_id = visit.id LIMIT 1) given ON true
                    WHERE visit.state = 'done' AND visit.user_id IN %s
                      AND visit.check_in_at >= %s""",
                tuple(users.ids),
                since,
            )
        )
        seen = {}
        for user_id, company_id, visit_id, at, note, goal, notes, moments, outcome in rows:
            # a work package writes its goal there before the person says a word
            own = (note or "").removeprefix(goal or "")
            visit = habits.Seen(
                id=visit_id,
                at=at,
                notes=tuple(filter(None, [own.strip(), *(notes or ())])),
                answered=tuple(filter(None, moments or ())),
                outcome=outcome,
            )
            seen.setdefault((user_id, company_id), []).append(visit)
        return seen

    @api.model
    def _mark_newly_said(self, seen):
        """Which notes of the last days say something new; older ones keep what they are."""
        recent = fields.Datetime.now() - _RECENT
        fresh, stale = set(), set()
        for visits in seen.values():
            new = set(habits.newly_said(visits))
            for visit in visits:
                if visit.at >= recent:
                    (fresh if visit.id in new else stale).add(visit.id)
        Visit = self.env["field.visit"]
        for ids, value in ((fresh, True), (stale, False)):
            wrong = Visit.search([("id", "in", list(ids)), ("has_new_words", "!=", value)])
            if wrong:
                wrong._with_evidence().write({"has_new_words": value})

    # ---------------------------------------------------------------- one person

    def _take(self, user, policy, visits):
        """``self`` is what is known of this person already."""
        closed = self.filtered(lambda habit: habit.state == "closed")
        left = self - closed
        for found, least in self._find(policy, visits):
            done = closed.filtered(lambda habit, kind=found.kind: habit.kind == kind).visit_ids.ids
            ids = [one for one in found.ids if one not in done]
            if len(ids) < least:
                continue
            same = left.filtered(
                lambda habit, kind=found.kind, ids=ids: (
                    habit.kind == kind and set(ids) & set(habit.visit_ids.ids)
                )
            )[:1]
            left -= same
            same._keep(user, policy, found, ids, visits)
        left._forget({visit.id for visit in visits})

    @api.model
    def _find(self, policy, visits):
        """``[(tools.habits.Habit, visits it takes)]``"""
        return [
            *((one, policy.habit_copied) for one in habits.copied(visits, policy.habit_copied)),
            *((one, 1) for one in habits.at_once(visits, policy.habit_at_once)),
            *(
                (one, policy.habit_fruitless)
                for one in habits.fruitless(visits, policy.habit_fruitless)
            ),
        ]

    def _keep(self, user, policy, found, ids, visits):
        """Write down what was found, or what has come to it since."""
        seen = {visit.id for visit in visits}
        older = [one for one in self.visit_ids.ids if one not in seen]
        ids = [*older, *ids]
        if set(ids) == set(self.visit_ids.ids):
            return
        vals = self._prepare_found(user, found, ids)
        if self:
            self.write(vals)
            return
        vals["due_at"] = fields.Datetime.now() + timedelta(hours=policy.truth_hours)
        self.create(vals)._tell()

    @api.model
    def _prepare_found(self, user, found, ids):
        visits = self.env["field.visit"].browse(ids)
        days = [local_date(visit.check_in_at, user._field_tz()) for visit in visits]
        return {
            "user_id": user.id,
            "company_id": self.env.company.id,
            "kind": found.kind,
            "visit_ids": [Command.set(ids)],
            "visit_count": len(ids),
            "date_from": min(days),
            "date_to": max(days),
            "sample": found.sample or False,
        }

    def _forget(self, seen):
        """What the records do not say any more goes, as long as it was not explained: a late
        order has come, or a note was the last of its kind."""
        self.filtered(
            lambda habit: not habit.explanation and set(habit.visit_ids.ids) <= seen
        ).unlink()

    def _tell(self):
        """The person reads it, and until when he is the only one."""
        self.ensure_one()
        own = self.with_context(lang=self.user_id.lang)
        self.env["field.notice"]._notify(
            "habit",
            self.user_id,
            own._get_words(),
            own.env._(
                "Only you see this now. If there is a reason, say it under “What stands out”: "
                "your leader will read both together."
            ),
            record=self,
        )


class FieldNotice(models.Model):
    _inherit = "field.notice"

    @api.model
    def _get_kinds(self):
        return super()._get_kinds() | {"habit": self.env._("What stands out in my visits")}


class ResUsers(models.Model):
    _inherit = "res.users"

    field_habit_date = fields.Date(
        "Habits looked at", readonly=True, copy=False, groups="base.group_system"
    )

    def _find_habits(self):
        self.env["field.visit.habit"]._find_for(self)


class FieldVisit(models.Model):
    _inherit = "field.visit"

    has_new_words = fields.Boolean(
        "Says something new",
        readonly=True,
        copy=False,
        help="The notes have words that those of the 30 days before had not. Looked at by night.",
    )
    has_words = fields.Boolean(
        "Has a note", compute="_compute_has_words", search="_search_has_words"
    )

    @api.depends("note", "step_ids.note")
    def _compute_has_words(self):
        for visit in self:
            visit.has_words = bool(visit.note or any(visit.step_ids.mapped("note")))

    @api.model
    def _search_has_words(self, operator, value):
        if operator != "in":
            return NotImplemented
        said = Domain("note", "not in", (False, ""))
        said |= Domain("step_ids.note", "not in", (False, ""))
        if set(value) == {True, False}:
            return Domain.TRUE
        return said if True in value else ~said
