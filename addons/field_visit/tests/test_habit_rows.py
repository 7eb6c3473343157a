"""What stands out: found by night, read by the person first, closed by the leader."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase

NIGHT = "2026-11-23 19:00:00"
SAME = "Owner is content, all is well"


@tagged("post_install", "-at_install")
class TestHabitRows(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Habit = cls.env["field.visit.habit"]
        cls._policy(habit_copied=3, habit_at_once=3, habit_fruitless=4, truth_hours=2)

    def _visits(self, count, note=None, user=None, day=23, **vals):
        made = self.env["field.visit"]
        for number in range(count):
            at = datetime(2026, 11, day, 1) + timedelta(hours=number)
            visit = self._plan(user=user, plan_date=f"2026-11-{day}", **vals)
            visit._do_check_in(AT_CUSTOMER, at=at)
            visit._do_check_out(AT_CUSTOMER, at=at + timedelta(minutes=20), note=note)
            made |= visit
        return made

    def _run(self, moment=NIGHT):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_habits").method_direct_trigger()
        self.env.invalidate_all()

    def _habits(self, kind=None, user=None, viewer=None):
        domain = [("user_id", "=", (user or self.rita).id)]
        domain += [("kind", "=", kind)] if kind else []
        return self.Habit.with_user(viewer or self.rita).search(domain)

    @freeze_time(NIGHT)
    def test_copied_notes_are_found_once_and_grow(self):
        visits = self._visits(3, SAME)
        self._run()
        habit = self._habits()
        self.assertEqual((habit.kind, habit.visit_count, habit.sample), ("copied", 3, SAME))
        self.assertEqual(habit.visit_ids, visits)
        self.assertEqual(str(habit.date_from), "2026-11-23")
        more = self._visits(1, SAME, day=24)
        self._run("2026-11-24 19:00:00")
        self.assertEqual(self._habits("copied").visit_ids, visits | more)
        self.assertEqual(self._habits("copied"), habit)

    @freeze_time(NIGHT)
    def test_same_day_again_changes_nothing_and_looks_at_nobody(self):
        self._visits(3, SAME)
        self._run()
        self.assertEqual(self.rita.sudo().field_habit_date, fields.Date.today())
        habit = self._habits()
        stamp = habit.write_date
        self._run()
        self.assertFalse(self.Habit._find_people(fields.Date.today()) & self.rita)
        self.Habit._find_for(self.rita)
        self.assertEqual((self._habits(), habit.write_date), (habit, stamp))

    @freeze_time(NIGHT)
    def test_goal_of_a_work_package_is_not_the_persons_note(self):
        task = self.env["field.task"].create(
            {
                "name": "Autumn posters",
                "goal": "Hang up the autumn poster",
                "deadline": "2026-11-23",
                "partner_ids": [(6, 0, (self.dragon | self.lucky | self.nowhere).ids)],
                "assignee_id": self.rita.id,
            }
        )
        task.action_give_out()
        for number, visit in enumerate(task.work_ids.visit_id.with_user(self.rita)):
            at = datetime(2026, 11, 23, 1 + number)
            visit._do_check_in(AT_CUSTOMER, at=at, reason="inside")
            visit._do_check_out(AT_CUSTOMER, at=at + timedelta(minutes=9))
        self.assertEqual(len(task.work_ids.visit_id), 3)
        self._run()
        self.assertFalse(self._habits("copied"))

    @freeze_time(NIGHT)
    def test_steps_of_one_second(self):
        visit = self._visits(1)
        steps = visit.step_ids.sudo()._with_evidence()
        steps.write({"state": "done", "answered_at": "2026-11-23 01:05:00"})
        self._run()
        self.assertEqual(self._habits().kind, "at_once")
        steps[0].answered_at = "2026-11-23 01:04:00"
        steps[1].answered_at = "2026-11-23 01:02:00"
        self.Habit._find_for(self.rita)
        self.assertFalse(self._habits(), "what the records do not say any more goes")

    @freeze_time(NIGHT)
    def test_visits_without_an_outcome_until_one_comes_late(self):
        visits = self._visits(4)
        self._run()
        self.assertEqual(self._habits("fruitless").visit_ids, visits)
        visits[1]._with_evidence().is_productive = True
        self.Habit._find_for(self.rita)
        self.assertFalse(self._habits("fruitless"))

    @freeze_time(NIGHT)
    def test_promise_is_an_outcome(self):
        visits = self._visits(4)
        visits._add_followup(self.dragon.with_user(self.rita), "Bring samples", visit=visits[2])
        self._run()
        self.assertFalse(self._habits("fruitless"))

    @freeze_time(NIGHT)
    def test_nothing_is_looked_for_where_the_policy_says_0(self):
        self._policy(habit_copied=0, habit_at_once=0, habit_fruitless=0)
        self._visits(5, SAME)
        self._run()
        self.assertFalse(self._habits())

    @freeze_time(NIGHT)
    def test_person_reads_it_first_and_alone(self):
        self._visits(3, SAME)
        self._run()
        habit = self._habits()
        self.assertTrue(habit)
        for other in (self.lea, self.dora, self.audra, self.ravi, self.otis):
            self.assertFalse(self._habits(viewer=other), other.name)
            with self.assertRaises(AccessError):
                habit.with_user(other).action_open_visits()
        notice = self.env["field.notice"].search([("user_id", "=", self.rita.id)])
        self.assertEqual(notice.filtered(lambda one: one.kind == "habit").res_id, habit.id)
        habit.action_explain("They all said so")
        self._run("2026-11-23 20:30:00")
        self.assertFalse(self._habits(viewer=self.lea), "his two hours are not over")
        self._run("2026-11-23 21:05:00")
        for other in (self.lea, self.dora, self.audra):
            self.assertEqual(self._habits(viewer=other).explanation, "They all said so")
        for other in (self.ravi, self.otis):
            self.assertFalse(self._habits(viewer=other), other.name)
        with self.assertRaises(AccessError):
            self._habits(viewer=self.nina)

    @freeze_time(NIGHT)
    def test_number_opens_the_visits(self):
        visits = self._visits(3, SAME)
        self._run()
        action = self._habits().action_open_visits()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), visits)

    def _shown(self):
        self._visits(3, SAME)
        self._run()
        self._run("2026-11-23 21:05:00")
        return self._habits()

    @freeze_time(NIGHT)
    def test_leader_closes_it_and_the_same_visits_do_not_come_again(self):
        habit = self._shown()
        habit.with_user(self.lea).action_close("He writes more from now on")
        self.assertEqual((habit.state, habit.closed_by_id), ("closed", self.lea))
        self.assertEqual(habit.note, "He writes more from now on")
        self.Habit._find_for(self.rita)
        self.assertEqual(self._habits("copied"), habit)
        with self.assertRaises(UserError):
            habit.with_user(self.lea).action_close()
        self._visits(2, SAME, day=24)
        with freeze_time("2026-11-24 19:00:00"):
            self.Habit._find_for(self.rita)
            self.assertEqual(self._habits("copied"), habit, "two are no habit")
            self._visits(1, SAME, day=25)
            self.Habit._find_for(self.rita)
        again = self._habits("copied") - habit
        self.assertEqual((again.visit_count, again.is_shown), (3, False))

    @freeze_time(NIGHT)
    def test_who_writes_what(self):
        habit = self._shown()
        habit.explanation = "They all said so"
        habit.with_user(self.lea).note = "We talked"
        for user, vals in (
            (self.rita, {"note": "fine"}),
            (self.rita, {"state": "closed"}),
            (self.lea, {"explanation": "He is lazy"}),
            (self.lea, {"visit_count": 99}),
            (self.audra, {"note": "x"}),
            (self.ravi, {"explanation": "x"}),
        ):
            with self.assertRaises(AccessError):
                habit.with_user(user).write(vals)
        for user in (self.rita, self.audra, self.otis):
            with self.assertRaises(AccessError):
                habit.with_user(user).action_close()
        self._visits(3, SAME, user=self.lea)
        with freeze_time("2026-11-24 19:00:00"):
            self.Habit._find_for(self.lea)
        with self.assertRaises(AccessError):
            self._habits(user=self.lea, viewer=self.lea).action_close()

    @freeze_time(NIGHT)
    def test_phone_reads_and_explains(self):
        self._visits(3, SAME)
        self._run()
        habit = self._habits()
        App = self.env["field.app"].with_user(self.rita)
        (row,) = App._habits(habit)
        self.assertEqual((row["kind"], row["visit_count"]), ("copied", 3))
        self.assertEqual(row["customers"], ["Golden Dragon"] * 3)
        domain = App._collections()["habits"].domain
        self.assertEqual(self.Habit.with_user(self.rita).search(domain), habit)
        Event = self.env["field.event"].with_user(self.rita)
        Event._apply_habit_explain({"habit_id": habit.id, "text": "They all said so"})
        self.assertEqual(habit.explanation, "They all said so")
        payload = {"habit_id": habit.id, "text": "mine"}
        other = Event.with_user(self.ravi)._apply_habit_explain
        self.assertRejected("not_found", other, payload)

    @freeze_time(NIGHT)
    def test_queries_do_not_grow_with_people(self):
        def count(users):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Habit._find_for(users)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self._visits(3, SAME)
        self._visits(3, SAME, user=self.ravi)
        self.Habit._find_for(self.rita | self.ravi)
        alone = count(self.rita)
        self.assertLessEqual(count(self.rita | self.ravi), alone + 2)
