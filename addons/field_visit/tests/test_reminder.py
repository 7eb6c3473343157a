from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase

DAY = date(2026, 11, 26)  # a Thursday


@tagged("post_install", "-at_install")
class TestReminder(VisitCase):
    def _get_told(self, moment):
        """What people are told when the job runs: ``[(user, subject, body)]``"""
        told = []

        def notify(_thread, **values):
            user = self.env["res.users"].search([("partner_id", "in", values["partner_ids"])])
            told.append((user, values["subject"], values["body"]))

        patched = patch.object(type(self.env["mail.thread"]), "message_notify", notify)
        with patched, freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_remind").method_direct_trigger()
        return told

    def test_nobody_is_told_until_the_policy_says_so(self):
        self._plan(plan_date=DAY, plan_time=9.5)
        self.assertEqual(self._get_told("2026-11-25 12:00:00"), [])
        self.assertEqual(self._get_told("2026-11-26 01:15:00"), [])

    def test_shortly_before_a_fixed_time_once(self):
        self._policy(remind_before_min=30)
        self._plan(plan_date=DAY, plan_time=9.5)
        self._plan(plan_date=DAY, partner=self.lucky)
        self.assertEqual(self._get_told("2026-11-26 00:55:00"), [])
        ((user, said, _body),) = self._get_told("2026-11-26 01:02:00")
        self.assertEqual(user, self.rita)
        self.assertIn("9:30", said)
        self.assertIn("Golden Dragon", said)
        self.assertEqual(self._get_told("2026-11-26 01:07:00"), [])

    def test_visit_that_was_moved_is_reminded_of_again(self):
        self._policy(remind_before_min=30)
        self._policy(self.ravi, remind_before_min=30)
        visit = self._plan(plan_date=DAY, plan_time=9.5)
        self.assertEqual(len(self._get_told("2026-11-26 01:02:00")), 1)
        visit.write({"plan_date": str(DAY), "plan_time": 9.5, "note": "The same again"})
        self.assertEqual(self._get_told("2026-11-26 01:07:00"), [])
        visit.plan_time = 11
        self.assertEqual(len(self._get_told("2026-11-26 02:35:00")), 1)
        visit.with_user(self.lea).user_id = self.ravi
        ((user, _said, _body),) = self._get_told("2026-11-26 02:40:00")
        self.assertEqual(user, self.ravi)
        visit.with_user(self.lea).action_move("2026-11-27")
        ((_user, said, _body),) = self._get_told("2026-11-27 02:35:00")
        self.assertIn("11:00", said)

    def test_evening_before_once_a_day(self):
        self._policy(remind_evening=18)
        self._plan(plan_date=DAY, partner=self.lucky)
        self._plan(plan_date=DAY, plan_time=9.5)
        self._plan(user=self.olga, plan_date=date(2026, 11, 27))
        self.assertEqual(self._get_told("2026-11-25 09:50:00"), [], "ten to six")
        told = self._get_told("2026-11-25 10:05:00")
        self.assertEqual([one[:2] for one in told], [(self.rita, "Tomorrow: 2 visits")])
        self.assertIn("09:30 Golden Dragon", told[0][2])
        self.assertEqual(self._get_told("2026-11-25 10:10:00"), [])
        # it stands in the app and among the activities, once for each evening
        notice = self.env["field.notice"].search([("user_id", "=", self.rita.id)])
        self.assertEqual((notice.kind, notice.subject), ("visit_reminder", "Tomorrow: 2 visits"))
        kind = self.env.ref("field_visit.mail_activity_type_evening")
        domain = [("activity_type_id", "=", kind.id), ("user_id", "=", self.rita.id)]
        activity = self.env["mail.activity"].search(domain)
        self.assertEqual((activity.summary, activity.date_deadline), ("Tomorrow: 2 visits", DAY))
        self._get_told("2026-11-26 10:05:00")
        self.assertEqual(self.env["mail.activity"].search(domain), activity, "nothing on Friday")
        self._plan(plan_date=date(2026, 11, 27))
        self._get_told("2026-11-26 10:10:00")
        self.assertEqual(self.env["mail.activity"].search(domain).date_deadline, date(2026, 11, 27))

    def test_digest_comes_too_late_for_a_fixed_time(self):
        self._policy(remind_before_min=30)
        self.env["field.notice.choice"].create(
            {"user_id": self.rita.id, "kind": "visit_reminder", "channel": "digest"}
        )
        self._plan(plan_date=DAY, plan_time=9.5)
        ((user, _said, _body),) = self._get_told("2026-11-26 01:02:00")
        self.assertEqual(user, self.rita)

    # ---------------------------------------------------------------- missed

    def _miss(self, moment="2026-11-26 18:00:00", **values):
        visit = self._plan(plan_date=DAY, **values)
        with freeze_time(moment):
            visit.sudo()._do_miss()
        return visit

    def _planned(self):
        return self.env["field.visit"].search(
            [("user_id", "=", self.rita.id), ("state", "=", "planned")]
        )

    def test_missed_visit_is_dropped_at_first(self):
        self._miss()
        self.assertFalse(self._planned())

    def test_missed_visit_is_carried_to_the_next_working_day_once(self):
        self._policy(missed_mode="carry")
        visit = self._miss("2026-11-27 18:00:00")  # Saturday in Shanghai
        again = self._planned()
        self.assertEqual(again.carried_from_id, visit)
        self.assertEqual(again.plan_date, date(2026, 11, 30), "Monday")
        visit.sudo()._carry()
        self.assertEqual(self._planned(), again)

    def test_carried_visit_keeps_its_work(self):
        self._policy(missed_mode="carry")
        self.dragon.user_id = self.rita
        task = self.env["field.task"].create(
            {
                "name": "New display",
                "goal": "Two shelves",
                "date_from": "2026-11-27",
                "deadline": "2026-12-04",
                "user_id": self.lea.id,
                "partner_ids": [(6, 0, self.dragon.ids)],
            }
        )
        with freeze_time("2026-11-27 01:30:00"):
            task.action_give_out()
        work = task.work_ids
        missed = work.visit_id
        with freeze_time("2026-11-27 18:00:00"):  # Saturday in Shanghai
            missed.sudo()._do_miss()
        self.assertEqual(work.visit_id, self._planned())
        self.assertEqual(work.visit_id.carried_from_id, missed)
        self.assertEqual((work.visit_id.source, work.visit_id.note), ("task", "Two shelves"))
        with freeze_time("2026-11-30 01:30:00"):
            again = work.visit_id.with_user(self.rita)
            again.action_check_in(AT_CUSTOMER)
            again.action_check_out(AT_CUSTOMER)
        self.assertEqual(work.state, "done")

    def test_person_is_asked_by_an_open_matter_of_the_customer(self):
        self._policy(missed_mode="ask")
        visit = self._miss()
        activity = self.env["mail.activity"].search([("field_visit_id", "=", visit.id)])
        self.assertEqual((activity.user_id, activity.res_id), (self.rita, self.dragon.id))
        self.assertIn("plan again?", activity.summary)

    def test_leader_is_told_of_the_third_miss_in_a_row_only(self):
        self._policy(missed_limit=3)
        told = []
        with patch.object(
            type(self.env["mail.thread"]), "message_notify", lambda _t, **v: told.append(v)
        ):
            for day in (2, 3):
                self._plan(plan_date=date(2026, 11, day)).sudo()._do_miss()
            with freeze_time("2026-11-04 02:00:00"):
                done = self._plan(plan_date=date(2026, 11, 4))
                done.action_check_in(AT_CUSTOMER)
                done.action_check_out(AT_CUSTOMER)
            for day in (5, 6):
                self._plan(plan_date=date(2026, 11, day)).sudo()._do_miss()
            self.assertEqual(told, [])
            with freeze_time("2026-11-10 10:00:00"):  # no quiet hours
                for day in (9, 10):
                    self._plan(plan_date=date(2026, 11, day)).sudo()._do_miss()
        (one,) = told
        self.assertEqual(one["partner_ids"], self.lea.partner_id.ids)
        self.assertIn("Rita has missed Golden Dragon 3 times", one["subject"])
