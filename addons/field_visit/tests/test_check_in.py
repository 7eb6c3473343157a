from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AT_CUSTOMER, FAR, NEARBY, PIN, VisitCase, north

NOW = "2026-11-23 01:31:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCheckIn(VisitCase):
    def test_check_in_keeps_place_time_and_policy(self):
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        self.assertEqual(visit.state, "in_progress")
        self.assertEqual(visit.check_in_at, datetime(2026, 11, 23, 1, 31))
        self.assertEqual(visit.check_in_verdict, "inside")
        self.assertAlmostEqual(visit.check_in_distance_m, 24, delta=0.1)
        self.assertEqual(visit.check_in_accuracy, 8)
        self.assertEqual(visit.check_in_radius_m, 300)
        self.assertAlmostEqual(visit.check_in_lat, AT_CUSTOMER["lat"], 7)
        self.assertEqual(visit.policy_id.company_id, self.env.company)
        self.assertEqual(visit.policy_snapshot["fence_radius"], 300)
        self.assertEqual(visit.check_in_source, "web")

    def test_check_in_copies_the_procedure_in_all_languages(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.sop.step_ids[0].with_context(lang="zh_CN").name = "看一看"
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        self.assertEqual(visit.step_ids.mapped("key"), ["look", "shelf", "talk", "extra"])
        self.assertEqual(set(visit.step_ids.mapped("state")), {"todo"})
        step = visit.step_ids[0]
        self.assertEqual(step.name, "Look")
        self.assertEqual(step.with_context(lang="zh_CN").name, "看一看")
        self.sop.step_ids[0].name = "Changed later"
        self.assertEqual(step.name, "Look")

    def test_second_check_in_changes_nothing(self):
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        with freeze_time("2026-11-23 02:00:00"):
            visit.action_check_in(FAR, reason="again")
        self.assertEqual(visit.check_in_at, datetime(2026, 11, 23, 1, 31))
        self.assertEqual(visit.check_in_verdict, "inside")
        self.assertEqual(len(visit.step_ids), 4)

    def test_check_in_after_the_end_is_refused(self):
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        visit.action_check_out(AT_CUSTOMER)
        self.assertRejected("wrong_state", visit.action_check_in, AT_CUSTOMER)

    def test_cancelled_visit_takes_no_check_in(self):
        visit = self._plan()
        visit.action_cancel("Closed today")
        self.assertRejected("wrong_state", visit.action_check_in, AT_CUSTOMER)

    def test_missed_visit_takes_a_late_check_in(self):
        visit = self._plan(plan_date="2026-11-20")
        visit._do_miss()
        visit._do_check_in(AT_CUSTOMER, at=datetime(2026, 11, 20, 2, 0))
        self.assertEqual(visit.state, "in_progress")

    def test_it_counts_for_the_day_it_took_place(self):
        friday, monday = date(2026, 11, 27), date(2026, 11, 23)
        visit = self._plan(plan_date=friday, route_sequence=3)
        visit.action_check_in(AT_CUSTOMER)
        self.assertEqual((visit.plan_date, visit.moved_from), (monday, friday))
        self.assertFalse(visit.is_unplanned)
        with freeze_time("2026-11-23 02:31:00"):
            visit.action_check_out(AT_CUSTOMER)
        self.env.flush_all()
        self.assertEqual(self.dragon.field_last_visit_date, monday)
        late = self._plan(plan_date="2026-11-19")
        late._with_evidence().moved_from = "2026-11-18"
        late._do_miss()
        # ten past midnight of the 23rd at the representative's
        late._do_check_in(AT_CUSTOMER, at=datetime(2026, 11, 22, 16, 10))
        self.assertEqual((late.plan_date, late.moved_from), (monday, date(2026, 11, 18)))
        today = self._plan(partner=self.nowhere)
        today.action_check_in(AT_CUSTOMER, close_previous=True)
        self.assertFalse(today.moved_from)

    def test_nobody_checks_in_for_another(self):
        visit = self._plan()
        for user in (self.lea, self.dora):
            self.assertRejected("forbidden", visit.with_user(user).action_check_in, AT_CUSTOMER)

    def test_bad_position_is_refused(self):
        visit = self._plan()
        for lat in (91, float("nan"), "31.2", True):
            self.assertRejected(
                "bad_position", visit.action_check_in, {"lat": lat, "lng": 121.4, "accuracy": 5}
            )
        self.assertEqual(visit.state, "planned")

    # ---------------------------------------------------------------- fence

    def test_poor_fix_near_the_fence_is_probably_inside(self):
        visit = self._plan()
        visit.action_check_in(NEARBY)
        self.assertEqual(visit.check_in_verdict, "maybe")

    def test_soft_fence_asks_for_a_reason_outside(self):
        visit = self._plan()
        sentence = self.assertRejected("reason_required", visit.action_check_in, FAR)
        self.assertIn("1.3 km", sentence)
        self.assertRejected("reason_required", visit.action_check_in, FAR, reason="   ")
        visit.action_check_in(FAR, reason="Met at the fair")
        self.assertEqual(visit.check_in_verdict, "outside")
        self.assertEqual(visit.check_in_reason, "Met at the fair")
        self.assertFalse(visit.check_in_exception)

    def test_hard_fence_refuses_outside(self):
        self._policy(fence_mode="hard")
        visit = self._plan()
        self.assertRejected("outside_fence", visit.action_check_in, FAR)
        self.assertRejected("outside_fence", visit.action_check_in, FAR, reason="I am here")
        self.assertFalse(visit.check_in_at)

    def test_hard_fence_lets_an_exception_through_with_reason(self):
        self._policy(fence_mode="hard")
        visit = self._plan()
        self.assertRejected("reason_required", visit.action_check_in, FAR, exception=True)
        visit.action_check_in(FAR, reason="The pin is wrong", exception=True)
        self.assertTrue(visit.check_in_exception)
        self.assertEqual(visit.check_in_verdict, "outside")

    def test_hard_fence_wants_a_position(self):
        self._policy(fence_mode="hard")
        visit = self._plan()
        self.assertRejected("no_position", visit.action_check_in)
        visit.action_check_in(reason="Phone gives no position", exception=True)
        self.assertEqual(visit.check_in_verdict, "unverifiable")

    def test_exception_flag_is_only_set_where_it_was_needed(self):
        self._policy(fence_mode="hard")
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER, exception=True, reason="just in case")
        self.assertFalse(visit.check_in_exception)

    def test_fence_off_asks_nothing_and_still_keeps_the_facts(self):
        self._policy(fence_mode="none")
        visit = self._plan()
        visit.action_check_in(FAR)
        self.assertEqual(visit.check_in_verdict, "outside")
        self.assertAlmostEqual(visit.check_in_distance_m, 1300, delta=2)

    def test_customer_without_pin_blocks_nobody_and_the_place_is_kept(self):
        self._policy(fence_mode="hard")
        visit = self._plan(partner=self.nowhere)
        self.assertEqual((visit.lat, visit.lng), (0, 0))
        visit.action_check_in(FAR)
        self.assertEqual(visit.check_in_verdict, "unverifiable")
        self.assertAlmostEqual(visit.check_in_lat, FAR["lat"], 7)
        self.assertAlmostEqual(visit.lat, FAR["lat"], 7)

    def test_phone_visit_has_no_fence(self):
        self._policy(fence_mode="hard")
        visit = self._plan(channel="phone")
        visit.action_check_in()
        self.assertFalse(visit.check_in_verdict)
        self.assertEqual(visit.state, "in_progress")

    def test_radius_of_the_customer_wins(self):
        self.dragon.field_fence_radius = 2000
        visit = self._plan()
        visit.action_check_in(FAR)
        self.assertEqual(visit.check_in_verdict, "inside")
        self.assertEqual(visit.check_in_radius_m, 2000)

    def test_later_policy_or_pin_rewrites_nothing(self):
        visit = self._plan()
        visit.action_check_in(north(200))
        self._policy(fence_radius=50, min_visit_minutes=600)
        self.dragon.partner_latitude = 10
        self.env.flush_all()
        self.assertEqual(visit.check_in_radius_m, 300)
        self.assertEqual(visit.policy_snapshot["min_visit_minutes"], 5)
        self.assertAlmostEqual(visit.lat, PIN[0], 6)

    def test_planned_visit_follows_the_pin(self):
        visit = self._plan()
        self.dragon.partner_latitude = 30
        self.assertAlmostEqual(visit.lat, 30, 6)

    # ---------------------------------------------------------------- one open visit

    def test_second_visit_is_told_about_the_open_one(self):
        first, second = self._plan(), self._plan(partner=self.lucky)
        first.action_check_in(AT_CUSTOMER)
        sentence = self.assertRejected("open_visit", second.action_check_in, north(5000))
        self.assertIn("Golden Dragon", sentence)
        self.assertIn("09:31", sentence)
        self.assertEqual(first.state, "in_progress")

    def test_close_previous_ends_the_open_visit_at_the_new_check_in(self):
        first, second = self._plan(), self._plan(partner=self.lucky)
        first.action_check_in(AT_CUSTOMER)
        with freeze_time("2026-11-23 02:01:00"):
            second.action_check_in(north(5000), close_previous=True)
        self.assertEqual(first.state, "done")
        self.assertEqual(first.end_source, "next_visit")
        self.assertEqual(first.check_out_at, datetime(2026, 11, 23, 2, 1))
        self.assertFalse(first.check_out_verdict)
        self.assertEqual(second.state, "in_progress")

    def test_late_check_in_from_before_the_open_visit_is_history(self):
        late, current = self._plan(), self._plan(partner=self.lucky)
        current.action_check_in(north(5000))
        late._do_check_in(AT_CUSTOMER, at=datetime(2026, 11, 22, 3, 0), source="app")
        self.assertEqual(late.state, "done")
        self.assertEqual(late.end_source, "next_visit")
        self.assertEqual(current.state, "in_progress")
        late._do_check_out(AT_CUSTOMER, at=datetime(2026, 11, 22, 3, 20), source="app")
        self.assertEqual(late.end_source, "user")
        self.assertEqual(late.duration_min, 20)

    def test_database_refuses_a_second_open_visit(self):
        first, second = self._plan(), self._plan(partner=self.lucky)
        first.action_check_in(AT_CUSTOMER)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE field_visit SET state = 'in_progress', check_in_at = now() WHERE id = %s",
                [second.id],
            )

    def test_racing_check_in_starts_over(self):
        """The other visit is not visible in this snapshot: the request must be tried again."""
        first, second = self._plan(), self._plan(partner=self.lucky)
        first.action_check_in(AT_CUSTOMER)
        nothing = self.env["field.visit"]
        with (
            patch.object(type(nothing), "_get_unfinished", lambda visit: nothing),
            self.assertRaises(ConcurrencyError),
        ):
            second.action_check_in(north(5000))
        self.assertEqual(second.state, "planned")

    # ---------------------------------------------------------------- preview

    def test_preview_tells_what_the_screen_must_ask(self):
        visit = self._plan()
        inside = visit.get_check_in_preview(AT_CUSTOMER)
        self.assertEqual((inside["verdict"], inside["needs"]), ("inside", False))
        self.assertIs(inside["open_visit"], False)
        outside = visit.get_check_in_preview(FAR)
        self.assertEqual((outside["verdict"], outside["needs"]), ("outside", "reason"))
        self.assertIn("1.3 km", outside["summary"])
        self._policy(fence_mode="hard")
        self.assertEqual(visit.get_check_in_preview(FAR)["needs"], "exception")
        self.assertEqual(visit.state, "planned")

    def test_preview_names_the_open_visit(self):
        first, second = self._plan(), self._plan(partner=self.lucky)
        first.action_check_in(AT_CUSTOMER)
        found = second.get_check_in_preview(north(5000))["open_visit"]
        self.assertEqual(found, {"id": first.id, "name": "Golden Dragon", "since": NOW})
