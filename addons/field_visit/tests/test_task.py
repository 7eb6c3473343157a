from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AT_CUSTOMER, VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestTask(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dragon.user_id = cls.rita
        cls.lucky.user_id = cls.ravi

    def _task(self, **vals):
        values = {
            "name": "New display",
            "goal": "Two shelves",
            "instructions": "<p>Left of the door</p>",
            "deadline": "2026-11-27",
            "user_id": self.lea.id,
            "partner_ids": [(6, 0, (self.dragon | self.lucky).ids)],
            **vals,
        }
        return self.env["field.task"].with_user(self.lea).create(values)

    def _work(self, task, user):
        return task.sudo().work_ids.filtered(lambda w: w.user_id == user).with_user(user)

    def test_campaign_goes_to_who_looks_after_each_customer(self):
        task = self._task()
        task.type_id = self.env["field.visit.type"].create({"name": "Display", "sequence": 99})
        task.action_give_out()
        self.assertEqual(task.work_count, 2)
        work = self._work(task, self.rita)
        self.assertEqual((work.state, work.partner_id), ("accepted", self.dragon))
        visit = work.visit_id
        self.assertEqual((visit.user_id, visit.source), (self.rita, "task"))
        self.assertEqual(visit.type_id, task.sudo().type_id)
        self.assertLessEqual(visit.plan_date, date(2026, 11, 27))
        self.assertIn("Two shelves", visit.note)
        task.action_give_out()
        self.assertEqual(task.work_count, 2, "giving out again doubles nothing")
        visit.action_check_in(AT_CUSTOMER)
        self.assertEqual(work.state, "in_progress")
        with freeze_time("2026-11-23 02:00:00"):
            visit.action_check_out(AT_CUSTOMER)
        self.assertEqual(work.state, "done")
        self.assertEqual((task.done_count, task.progress), (1, 50))

    def _team(self, *people):
        team = self.env["hr.department"].create({"name": "North"})
        part = self.env["hr.department"].create({"name": "Centre", "parent_id": team.id})
        for user in people:
            user.sudo().employee_id.department_id = part
        return team

    def test_team_shares_the_customers(self):
        self.lucky.user_id = self.olga  # of another team
        task = self._task(department_id=self._team(self.rita, self.ravi).id)
        task.action_give_out()
        given = {work.partner_id: work.user_id for work in task.sudo().work_ids}
        self.assertEqual(given, {self.dragon: self.rita, self.lucky: self.ravi})
        self.dragon.user_id = self.ravi
        task.action_give_out()
        self.assertEqual(task.work_count, 2, "what is given out stays where it is")

    def test_everybody_in_a_team(self):
        task = self._task(partner_ids=[], department_id=self._team(self.rita, self.ravi).id)
        task.action_give_out()
        self.assertEqual(task.sudo().work_ids.user_id, self.rita | self.ravi)
        nobody = self.env["hr.department"].create({"name": "Empty"})
        with self.assertRaisesRegex(UserError, "Empty"):
            self._task(department_id=nobody.id).action_give_out()

    def test_person_or_team(self):
        team = self._team(self.ravi)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._task(department_id=team.id, assignee_id=self.rita.id)

    def test_acceptance_versions_and_acceptance_again(self):
        task = self._task(needs_acceptance=True)
        task.action_give_out()
        work = self._work(task, self.rita)
        self.assertEqual((work.state, bool(work.visit_id)), ("new", False))
        work.action_accept()
        self.assertEqual((work.state, work.accepted_version), ("accepted", 1))
        self.assertTrue(work.accepted_at and work.visit_id)
        task.goal = "Three shelves"
        self.assertEqual(task.version, 2)
        self.assertEqual(work.state, "new", "who had accepted the old version is asked again")
        visit = work.visit_id
        work.action_accept()
        self.assertEqual((work.accepted_version, work.visit_id), (2, visit))
        task.name = "Display"
        self.assertEqual(task.version, 2, "a new name is no other work")

    def test_refusal_needs_a_reason_and_takes_the_visit_back(self):
        task = self._task()
        task.action_give_out()
        work = self._work(task, self.rita)
        visit = work.visit_id
        with self.assertRaises(UserError):
            work.action_refuse("  ")
        work.action_refuse("On leave")
        self.assertEqual((work.state, work.refuse_reason), ("refused", "On leave"))
        self.assertFalse(visit.exists())
        self.assertTrue(task.message_ids.filtered(lambda m: "On leave" in (m.body or "")))
        with self.assertRaises(UserError):
            work.action_refuse("again")

    def test_deadline(self):
        task = self._task()
        task.action_give_out()
        work = self._work(task, self.rita)
        with freeze_time("2026-11-28 01:30:00"), self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_task_expire").method_direct_trigger()
        self.assertEqual(work.state, "expired")
        task.deadline = "2026-12-10"
        self.assertEqual(work.state, "accepted", "a later deadline wakes it")
        work.visit_id.sudo().plan_date = date(2026, 12, 9)
        task.deadline = "2026-12-05"
        self.assertEqual(work.visit_id.plan_date, date(2026, 12, 5))

    def _expire(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_task_expire").method_direct_trigger()

    def test_deadline_during_the_visit(self):
        """What is in progress stays so; the job comes to its end, whoever calls it."""
        task = self._task()
        task.action_give_out()
        work = self._work(task, self.rita)
        work.visit_id.action_check_in(AT_CUSTOMER)
        other = self._work(task, self.ravi)
        self._expire("2026-11-28 01:30:00")
        self.assertEqual((work.state, work.is_expired), ("in_progress", True))
        self.assertEqual(other.state, "expired")

    def test_deadline_ends_where_the_person_is(self):
        self.rita.tz = "America/New_York"
        task = self._task()
        task.action_give_out()
        work = self._work(task, self.rita)
        self._expire("2026-11-28 01:30:00")
        self.assertEqual(work.state, "accepted", "it is Friday evening there")
        self._expire("2026-11-28 05:30:00")
        self.assertEqual(work.state, "expired")
        self.lucky.user_id.tz = "Asia/Shanghai"
        late = self._task(deadline="2026-12-01")
        late.action_give_out()
        self._expire("2026-12-01 16:30:00")
        self.assertEqual(self._work(late, self.ravi).state, "expired")

    def test_given_out_again_after_a_handover(self):
        """What somebody has or has done stays his; only the new customer is given out."""
        task = self._task()
        task.action_give_out()
        self.dragon.user_id = self.lucky.user_id = self.olga
        self.nowhere.user_id = self.olga
        task.sudo().partner_ids |= self.nowhere
        task.sudo().action_give_out()
        works = task.sudo().work_ids
        given = {work.partner_id: work.user_id for work in works}
        wanted = {self.dragon: self.rita, self.lucky: self.ravi, self.nowhere: self.olga}
        self.assertEqual((len(works), given), (3, wanted))

    def test_what_is_refused_can_be_given_to_another(self):
        task = self._task()
        task.action_give_out()
        self._work(task, self.rita).action_refuse("On leave")
        self.dragon.user_id = self.ravi
        task.action_give_out()
        pieces = task.sudo().work_ids.filtered(lambda work: work.partner_id == self.dragon)
        states = {work.user_id: work.state for work in pieces}
        self.assertEqual(states, {self.rita: "refused", self.ravi: "accepted"})

    def test_nobody_writes_how_far_a_work_is(self):
        task = self._task()
        task.action_give_out()
        work = self._work(task, self.rita)
        for vals in ({"state": "done"}, {"deadline": "2030-01-01"}, {"company_id": 1}):
            with self.assertRaises(UserError):
                work.write(vals)

    def test_work_without_a_customer(self):
        task = self._task(partner_ids=False, assignee_id=self.rita.id)
        task.action_give_out()
        work = self._work(task, self.rita)
        self.assertFalse(work.visit_id)
        work.action_done()
        self.assertEqual(work.state, "done")

    def test_nobody_to_give_it_to(self):
        self.dragon.user_id = False
        with self.assertRaisesRegex(UserError, "Golden Dragon"):
            self._task().action_give_out()
        with self.assertRaises(UserError):
            self._task(partner_ids=False).action_give_out()

    def test_only_the_person_himself_answers(self):
        task = self._task(needs_acceptance=True)
        task.action_give_out()
        work = self._work(task, self.rita)
        with self.assertRaises(UserError):
            work.with_user(self.lea).action_accept()
        with self.assertRaises(UserError):
            work.write({"accepted_at": "2026-11-23 00:00:00"})
        for user, seen in (
            (self.rita, 1),
            (self.lea, 1),
            (self.audra, 1),
            (self.ravi, 0),
            (self.otis, 0),
        ):
            found = self.env["field.task.work"].with_user(user).search([("id", "=", work.id)])
            self.assertEqual(len(found), seen, user.name)
        with self.assertRaises(AccessError):
            self.env["field.task"].with_user(self.rita).search([])
        with self.assertRaises(AccessError):
            work.with_user(self.audra).action_accept()
        self.assertIn("Left of the door", work.instructions)
        self.assertEqual(
            self.env["field.task.work"].search_count(task.action_open_works()["domain"]), 2
        )
