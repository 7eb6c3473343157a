from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase


@tagged("post_install", "-at_install")
class TestJobs(VisitCase):
    def _run(self, xmlid):
        with self.enter_registry_test_mode():
            self.env.ref(f"field_visit.{xmlid}").method_direct_trigger()
        self.env.invalidate_all()

    @freeze_time("2026-11-22 17:00:00")
    def test_plans_of_past_days_are_missed_in_their_own_time_zone(self):
        """17:00 UTC: in Shanghai it is the 23rd already, in New York still the 22nd."""
        self.ravi.tz = "America/New_York"
        shanghai = self._plan(plan_date="2026-11-22")
        new_york = self._plan(user=self.ravi, plan_date="2026-11-22")
        today = self._plan(plan_date="2026-11-23")
        cancelled = self._plan(plan_date="2026-11-20")
        cancelled.action_cancel("away")
        self._run("ir_cron_mark_missed")
        self.assertEqual(shanghai.state, "missed")
        self.assertEqual(new_york.state, "planned")
        self.assertEqual(today.state, "planned")
        self.assertEqual(cancelled.state, "cancelled")

    @freeze_time("2026-11-23 12:00:00")
    def test_missing_goes_on_until_nothing_is_left(self):
        plans = [self._plan(plan_date="2026-11-20") for _index in range(7)]
        claimed = self.env["field.visit"]._claim_missed(3)
        self.assertEqual(len(claimed), 3)
        self._run("ir_cron_mark_missed")
        self.assertEqual({plan.state for plan in plans}, {"missed"})

    def _open_since(self, moment):
        visit = self._plan()
        visit._do_check_in(AT_CUSTOMER, at=moment)
        return visit

    @freeze_time("2026-11-23 13:00:00")
    def test_forgotten_check_out_ends_at_the_policy_hour(self):
        self._policy(day_end_hour=20.5)
        visit = self._open_since(datetime(2026, 11, 23, 6, 0))
        self._run("ir_cron_close_forgotten")
        self.assertEqual((visit.state, visit.end_source), ("done", "auto"))
        self.assertEqual(visit.check_out_at, datetime(2026, 11, 23, 12, 30))
        self.assertIn("forgotten", visit.check_out_summary)

    @freeze_time("2026-11-23 12:00:00")
    def test_open_visit_is_left_alone_before_the_hour(self):
        self._policy(day_end_hour=20.5)
        visit = self._open_since(datetime(2026, 11, 23, 6, 0))
        self._run("ir_cron_close_forgotten")
        self.assertEqual(visit.state, "in_progress")

    @freeze_time("2026-11-23 17:00:00")
    def test_evening_visit_ends_at_midnight(self):
        self._policy(day_end_hour=18)
        visit = self._open_since(datetime(2026, 11, 23, 13, 0))
        self._run("ir_cron_close_forgotten")
        self.assertEqual(visit.check_out_at, datetime(2026, 11, 23, 16, 0))

    @freeze_time("2026-11-24 03:00:00")
    def test_forgotten_visit_is_closed_whatever_steps_are_open(self):
        self.sop.block_check_out = True
        visit = self._open_since(datetime(2026, 11, 23, 6, 0))
        self._run("ir_cron_close_forgotten")
        self._run("ir_cron_close_forgotten")
        self.assertEqual(visit.state, "done")

    @freeze_time("2026-11-24 03:00:00")
    def test_late_check_out_replaces_the_assumed_end(self):
        visit = self._open_since(datetime(2026, 11, 23, 6, 0))
        self._run("ir_cron_close_forgotten")
        visit._do_check_out(AT_CUSTOMER, at=datetime(2026, 11, 23, 6, 40), source="app")
        self.assertEqual((visit.end_source, visit.duration_min), ("user", 40))
