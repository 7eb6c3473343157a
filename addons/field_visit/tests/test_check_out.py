from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AT_CUSTOMER, FAR, VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestCheckOut(VisitCase):
    def _begin(self, **vals):
        visit = self._plan(**vals)
        visit.action_check_in(AT_CUSTOMER)
        return visit

    def test_check_out_gives_the_exact_length(self):
        visit = self._begin()
        with freeze_time("2026-11-23 02:05:30"):
            visit.action_check_out(FAR, note="Order follows")
        self.assertEqual(visit.state, "done")
        self.assertEqual(visit.duration_min, 35.5)
        self.assertEqual(visit.end_source, "user")
        self.assertEqual(visit.check_out_verdict, "outside")
        self.assertEqual(visit.note, "Order follows")
        self.assertFalse(visit.is_short)

    def test_short_visit_is_marked(self):
        visit = self._begin()
        with freeze_time("2026-11-23 01:34:59"):
            visit.action_check_out(AT_CUSTOMER)
        self.assertTrue(visit.is_short)

    def test_short_phone_call_is_no_short_visit(self):
        visit = self._plan(channel="phone")
        visit.action_check_in()
        with freeze_time("2026-11-23 01:31:00"):
            visit.action_check_out()
        self.assertFalse(visit.is_short)

    def test_no_place_of_a_call_is_kept(self):
        fix = [{**AT_CUSTOMER, "at": "2026-11-23T01:29:00Z"}]
        for channel, kept in (("phone", False), ("video", False), ("on_site", True)):
            with self.subTest(channel=channel):
                visit = self._plan(channel=channel)
                visit._do_check_in(AT_CUSTOMER, fixes=fix)
                visit._do_check_out(AT_CUSTOMER)
                ends = ("lat", "lng", "accuracy", "fix_age")
                names = [f"check_{way}_{name}" for way in ("in", "out") for name in ends]
                self.assertEqual([bool(visit[name]) for name in names], [kept] * 8)
                self.assertEqual(bool(visit.check_in_fixes), kept)

    def test_second_check_out_changes_nothing(self):
        visit = self._begin()
        with freeze_time("2026-11-23 02:00:00"):
            visit.action_check_out(AT_CUSTOMER)
        with freeze_time("2026-11-23 03:00:00"):
            visit.action_check_out(FAR)
        self.assertEqual(visit.check_out_at, datetime(2026, 11, 23, 2, 0))
        self.assertEqual(visit.check_out_verdict, "inside")

    def test_check_out_without_position_has_no_verdict(self):
        visit = self._begin()
        visit.action_check_out()
        self.assertEqual(visit.state, "done")
        self.assertFalse(visit.check_out_verdict)

    def test_check_out_needs_a_check_in(self):
        self.assertRejected("not_checked_in", self._plan().action_check_out, AT_CUSTOMER)

    def test_check_out_never_lies_before_check_in(self):
        visit = self._begin()
        visit._do_check_out(AT_CUSTOMER, at=datetime(2026, 11, 23, 1, 29, 50))
        self.assertEqual(visit.check_out_at, visit.check_in_at)
        self.assertEqual(visit.duration_min, 0)

    def test_open_required_steps_are_allowed_by_default(self):
        visit = self._begin()
        visit.action_check_out(AT_CUSTOMER)
        self.assertEqual(visit.state, "done")

    def test_procedure_can_demand_its_required_steps(self):
        self.sop.block_check_out = True
        visit = self._begin()
        self._step(visit, "look").action_done()
        sentence = self.assertRejected("steps_missing", visit.action_check_out, AT_CUSTOMER)
        self.assertIn("Shelf, Talk", sentence)
        self.assertNotIn("Look", sentence)
        self.assertNotIn("Extra", sentence)
        self._step(visit, "shelf").action_cannot("Shop is being rebuilt")
        self._step(visit, "talk")._do_done(note="All fine")
        visit.action_check_out(AT_CUSTOMER)
        self.assertEqual(visit.state, "done")

    def test_policy_can_demand_the_steps_of_every_procedure(self):
        self._policy(visit_block_check_out=True)
        visit = self._begin()
        self.assertRejected("steps_missing", visit.action_check_out, AT_CUSTOMER)

    def test_demanded_steps_do_not_hold_up_the_next_visit(self):
        """Who has left cannot do them any more: the leader is told, nothing is refused."""
        self.sop.block_check_out = True
        visit, following = self._begin(), self._plan(partner=self.nowhere)
        following.action_check_in(AT_CUSTOMER, close_previous=True)
        self.assertEqual((visit.state, following.state), ("done", "in_progress"))
        self.assertEqual((visit.end_source, visit.steps_missing), ("next_visit", True))
        doubtful = self.env["field.visit"].sudo()._get_doubtful_domain()
        self.assertIn(visit, visit.sudo().search(doubtful))
        self.assertIn("Steps missing", visit._get_review_reasons())
        # what was answered while it lasted, and arrives now
        at = visit.check_in_at
        self._step(visit, "look")._do_done(at=at)
        self._step(visit, "shelf")._do_cannot("Rebuilding", at=at)
        self.assertTrue(visit.steps_missing)
        self._step(visit, "talk")._do_done(note="All fine", at=at)
        self.assertFalse(visit.steps_missing)

    def test_steps_nobody_demands_are_not_missing(self):
        visit, following = self._begin(), self._plan(partner=self.nowhere)
        following.action_check_in(AT_CUSTOMER, close_previous=True)
        self.assertEqual((visit.state, visit.steps_missing), ("done", False))

    def test_a_visit_that_arrives_late_lacks_its_steps_too(self):
        self.sop.block_check_out = True
        late, visit = self._plan(partner=self.nowhere), self._begin()
        late._do_check_in(AT_CUSTOMER, at=datetime(2026, 11, 23, 1, 0), reason="x")
        self.assertEqual((late.state, late.steps_missing), ("done", True))
        self.assertEqual(visit.state, "in_progress")

    def test_leader_closes_a_forgotten_visit(self):
        self.sop.block_check_out = True
        visit = self._begin()
        visit.with_user(self.lea).action_close_for_user()
        self.assertEqual((visit.state, visit.end_source), ("done", "manager"))
        visit._do_check_out(AT_CUSTOMER)
        self.assertEqual(visit.end_source, "manager")

    def test_what_is_written_at_the_end_is_kept_whoever_ended_it(self):
        visit = self._begin()
        visit.with_user(self.lea).action_close_for_user()
        for _twice in range(2):
            visit._do_check_out(AT_CUSTOMER, note=" They want 12 crates ")
        self.assertEqual((visit.end_source, visit.note), ("manager", "They want 12 crates"))

    def test_nobody_closes_his_own_visit_as_a_leader(self):
        visit = self._begin()
        with self.assertRaises(UserError):
            visit.action_close_for_user()
        with self.assertRaises(UserError):
            self._plan().with_user(self.lea).action_close_for_user()

    def test_nobody_checks_out_for_another(self):
        visit = self._begin()
        self.assertRejected("forbidden", visit.with_user(self.lea).action_check_out, AT_CUSTOMER)

    def test_cancel_needs_a_reason(self):
        visit = self._plan()
        self.assertRejected("reason_required", visit.action_cancel)
        visit.cancel_reason = "Owner is away"
        visit.action_cancel()
        self.assertEqual(visit.state, "cancelled")
        visit.action_cancel("again")
        self.assertEqual(visit.cancel_reason, "Owner is away")

    def test_finished_visit_cannot_be_cancelled(self):
        visit = self._begin()
        visit.action_check_out(AT_CUSTOMER)
        self.assertRejected("wrong_state", visit.action_cancel, "no")

    def test_cancelling_an_open_visit_frees_the_person(self):
        visit, following = self._begin(), self._plan(partner=self.nowhere)
        visit.action_cancel("Wrong customer")
        following.action_check_in(AT_CUSTOMER)
        self.assertEqual(visit.state, "cancelled")
        self.assertTrue(visit.check_in_at)

    def test_missed_visit_can_be_planned_again(self):
        visit = self._plan(plan_date="2026-11-01")
        visit._do_miss()
        visit.action_replan()
        self.assertEqual((visit.state, str(visit.plan_date)), ("planned", "2026-11-23"))
        with self.assertRaises(UserError):
            visit.action_replan()

    def test_sentences_read_well(self):
        visit = self._begin()
        self.assertEqual(
            visit.check_in_summary, "09:30 · At the customer: 24 m from the pin, GPS ±8 m."
        )
        with freeze_time("2026-11-23 02:00:00"):
            visit.action_check_out(FAR)
        self.assertEqual(
            visit.check_out_summary,
            "10:00 · 1.3 km away from the customer (fence 300 m, GPS ±12 m).",
        )
        self.assertEqual(visit.presence_summary, "No track to compare with.")
