from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase

MORNING = "2026-11-23 02:00:00"  # 10:00 in Shanghai


@tagged("post_install", "-at_install")
class TestVisitSafety(VisitCase):
    """Who stays somewhere for long is asked; who does not answer is looked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policy = cls.env["field.policy"].search([("company_id", "=", cls.env.company.id)], limit=1)
        policy.write({"safety_visit_min": 60, "safety_answer_min": 10})

    def _check_in(self):
        with freeze_time(MORNING):
            visit = self._plan(plan_date="2026-11-23")
            visit.with_user(self.rita).action_check_in(AT_CUSTOMER)
        return visit

    def _watch(self, minutes):
        with freeze_time(fields.Datetime.to_datetime(MORNING) + timedelta(minutes=minutes)):
            self.env["field.alarm"]._cron_watch()
        return self.env["field.alarm"].search([("user_id", "=", self.rita.id)])

    def test_nobody_is_asked_before_it_is_time(self):
        self._check_in()
        self.assertFalse(self._watch(59))
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("field_base.field_alarm_cron_watch").id)]
        )
        self.assertIn("2026-11-23 03:00:00", [str(one.call_at) for one in triggers])

    def test_asked_then_the_leader_is_told(self):
        visit = self._check_in()
        alarm = self._watch(60)
        self.assertEqual((alarm.state, alarm.kind), ("asked", "check"))
        self.assertEqual((alarm.res_model, alarm.res_id), ("field.visit", visit.id))
        self.assertIn("Golden Dragon", alarm.subject)
        self.assertEqual(self._watch(70), alarm)
        self.assertEqual((alarm.state, alarm.activity_ids.user_id), ("open", self.lea))

    def test_a_check_out_answers(self):
        visit = self._check_in()
        alarm = self._watch(60)
        with freeze_time("2026-11-23 03:05:00"):
            visit.with_user(self.rita).action_check_out(AT_CUSTOMER)
        self.assertEqual(alarm.state, "ok")
        self.assertEqual(self._watch(200), alarm)

    def test_asked_again_after_the_same_time(self):
        self._check_in()
        first = self._watch(60)
        at = fields.Datetime.to_datetime("2026-11-23 03:02:00")
        self.env["field.alarm"]._all_right(self.rita, at)
        self.assertEqual(self._watch(121), first)
        self.assertEqual(len(self._watch(122)), 2)

    def test_off_unless_the_policy_of_the_check_in_says_so(self):
        self.env["field.policy"].search([]).safety_visit_min = 0
        self._check_in()
        self.assertFalse(self._watch(600))
