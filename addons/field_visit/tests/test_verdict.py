"""What is thought of a visit that is over: verdict, score, and who reads it first."""

import unittest
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools import truth
from ..tools.verdict import judge
from .common import AT_CUSTOMER, FAR, METRE, PIN, VisitCase, north

START = datetime(2026, 11, 23, 1, 30)


def facts(**values):
    usual = {
        "on_site": True,
        "fence": "inside",
        "presence": "unknown",
        "pin_pending": False,
        "minutes": 20,
        "least": 5,
        "most": 0,
        "productive": False,
    }
    return judge(**{**usual, **values})


class TestRules(unittest.TestCase):
    def test_place_comes_before_length(self):
        self.assertEqual(facts(), "valid")
        self.assertEqual(facts(minutes=2), "short")
        self.assertEqual(facts(minutes=2, productive=True), "valid")
        self.assertEqual(facts(minutes=90, most=60), "long")
        self.assertEqual(facts(fence="outside", minutes=2), "unverifiable")
        self.assertEqual(facts(fence=None), "unverifiable")
        self.assertEqual(facts(fence="outside", pin_pending=True), "pending")
        self.assertEqual(facts(presence="contradicted"), "unverifiable")

    def test_the_track_outweighs_a_bad_fix(self):
        self.assertEqual(facts(fence="unverifiable", presence="verified"), "valid")
        self.assertEqual(facts(fence="outside", presence="partial", minutes=2), "short")

    def test_a_call_has_no_place(self):
        self.assertEqual(facts(on_site=False, fence=None), "valid")
        self.assertEqual(facts(on_site=False, fence=None, minutes=0.5, least=1), "short")

    def test_score_is_the_sum_of_its_lines(self):
        whole = truth.Facts(
            fence="inside",
            presence="verified",
            photos=2,
            witness=True,
            productive=True,
            fix_age=3,
            travel=1.0,
        )
        self.assertEqual(truth.score(whole), 100)
        self.assertEqual(sum(most for _key, _points, most in truth.lines(whole)), 100)
        call = truth.Facts(on_site=False, productive=True, minutes=5, least=1)
        self.assertEqual(truth.lines(call), [("outcome", 60, 60), ("time", 40, 40)])

    def test_each_proof_counts_for_itself(self):
        none = truth.Facts(fence="outside", steps=4, least=5)
        self.assertEqual(truth.score(none), 0)
        self.assertEqual(truth.score(truth.Facts(fence="inside", steps=4, least=5)), 25)
        self.assertEqual(truth.score(truth.Facts(fence="maybe", steps=4, least=5)), 18)
        self.assertEqual(truth.score(truth.Facts(presence="contradicted", photos=1)), 15)
        half = truth.Facts(fence="outside", steps=4, answered=2, least=5)
        self.assertEqual(truth.score(half), 5)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestVerdict(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grade = cls.env["field.grade"].search([], limit=1)
        cls.talk = cls.env["field.visit.type"].create(
            {
                "name": "Deep talk",
                "min_minutes": 5,
                "max_minutes": 60,
                "limit_ids": [(0, 0, {"grade_id": cls.grade.id, "min_minutes": 15})],
            }
        )
        cls.call = cls.env["field.visit.type"].create({"name": "Call", "channel": "phone"})

    def _visit(self, minutes, where=AT_CUSTOMER, **vals):
        visit = self._plan(**vals)
        visit._do_check_in(where, at=START, reason="I am here")
        visit._do_check_out(where, at=START + timedelta(minutes=minutes))
        return visit

    def test_length_by_kind_and_grade(self):
        visit = self._visit(10, type_id=self.talk.id)
        self.assertEqual((visit.verdict, visit.is_short), ("valid", False))
        self.dragon.field_grade_id = self.grade
        visit = self._visit(10, user=self.ravi, type_id=self.talk.id)
        self.assertEqual((visit.min_minutes, visit.max_minutes), (15, 0))
        self.assertEqual((visit.verdict, visit.is_short), ("short", True))

    def test_limits_of_a_visit_stay_when_the_kind_changes(self):
        visit = self._visit(10, type_id=self.talk.id)
        self.talk.min_minutes = 30
        self.assertEqual((visit.min_minutes, visit.verdict), (5, "valid"))

    def test_short_but_productive_is_valid(self):
        good = self.env["field.visit.reason"].create(
            {"name": "Sold", "usage": "result", "is_success": True}
        )
        visit = self._plan(type_id=self.talk.id)
        visit._do_check_in(AT_CUSTOMER, at=START)
        visit.result_id = good
        visit._do_check_out(AT_CUSTOMER, at=datetime(2026, 11, 23, 1, 32))
        self.assertTrue(visit.is_productive)
        self.assertEqual((visit.verdict, visit.is_short), ("valid", False))

    def test_result_that_is_told_when_it_is_over_counts(self):
        visit = self._visit(2, type_id=self.talk.id)
        self.assertEqual((visit.verdict, visit.is_productive), ("short", False))
        vague, good = self.env["field.visit.reason"].create(
            [
                {"name": "Perhaps", "usage": "result"},
                {"name": "Sold", "usage": "result", "is_success": True},
            ]
        )
        visit.result_id = vague
        self.assertEqual((visit.verdict, visit.is_productive), ("short", False))
        visit.result_id = good
        self.assertEqual((visit.verdict, visit.is_productive), ("valid", True))

    def test_signature_and_order_that_arrive_late_count(self):
        """A proof added after the check-out; an answer of a phone that was offline."""
        for kind, later in (("signature", 30), ("order", 1)):
            self.sop.step_ids = [(0, 0, {"name": kind, "kind": kind, "key": kind})]
            visit = self._visit(2, type_id=self.talk.id)
            self.assertEqual(visit.verdict, "short")
            at = START + timedelta(minutes=later)
            self._step(visit, kind)._do_done(blobs=[str(uuid4())], note="5 boxes", at=at)
            with self.subTest(kind=kind):
                self.assertEqual((visit.verdict, visit.is_productive), ("valid", True))

    def test_order_and_signature_are_a_result(self):
        self.env["field.sop.step"].create(
            {"sop_id": self.sop.id, "name": "Order", "kind": "order", "key": "order"}
        )
        visit = self._plan(type_id=self.talk.id)
        visit._do_check_in(AT_CUSTOMER, at=START)
        step = self._step(visit, "order")
        self.assertRejected("note_required", step._do_done, at=START)
        step._do_done(note="5 boxes of cola", at=START)
        visit._do_check_out(AT_CUSTOMER, at=START + timedelta(minutes=1))
        self.assertEqual((visit.is_productive, visit.verdict), (True, "valid"))

    def test_signature_needs_a_signature(self):
        self.env["field.sop.step"].create(
            {"sop_id": self.sop.id, "name": "Sign", "kind": "signature", "key": "sign"}
        )
        visit = self._plan()
        visit._do_check_in(AT_CUSTOMER, at=START)
        step = self._step(visit, "sign")
        self.assertRejected("signature_missing", step._do_done, at=START)
        step._do_done(blobs=["0190b3f4-0000-7000-8000-00000000000a"], at=START)
        self.assertTrue(visit._has_witness())

    def test_outside_waits_with_the_report_of_a_wrong_pin(self):
        place = {**FAR, "accuracy": 12.0}
        self.env["field.pin.proposal"]._report(self.dragon, self.rita, place)
        visit = self._visit(20, where=FAR)
        self.assertEqual((visit.pin_pending, visit.verdict), (True, "pending"))
        proposal = self.env["field.pin.proposal"].search([("partner_id", "=", self.dragon.id)])
        proposal.with_user(self.lea).action_accept()
        self.assertEqual((visit.pin_pending, visit.verdict), (False, "valid"))

    def test_refused_pin_makes_it_unverifiable(self):
        visit = self._visit(20, where=FAR)
        self.assertEqual(visit.verdict, "unverifiable")
        proposals = self.env["field.pin.proposal"]
        proposals._report(self.dragon, self.rita, {**FAR, "accuracy": 12.0})
        self.assertEqual(visit.verdict, "pending", "a report after the visit counts as well")
        proposals.search([("partner_id", "=", self.dragon.id)]).with_user(self.lea).action_refuse()
        self.assertEqual(visit.verdict, "unverifiable")

    def test_minutes_are_those_inside_the_fence(self):
        self._policy(min_visit_minutes=5)
        visit = self._visit(25)
        stay = {
            "start": START,
            "end": datetime(2026, 11, 23, 1, 33),
            "lat": PIN[0],
            "lng": PIN[1],
            "radius": 20,
            "ref": "s,1",
        }
        away = {**stay, "start": datetime(2026, 11, 23, 1, 40), "end": datetime(2026, 11, 23, 3)}
        away |= {"lat": PIN[0] + 3000 * METRE, "ref": "s,2"}
        self.assertEqual(visit.verdict, "valid")
        day = (datetime(2026, 11, 22, 16), datetime(2026, 11, 23, 16))
        self.env["field.visit"]._verify_presence(self.rita, *day, [stay, away], [])
        self.assertEqual(visit.effective_min, 3)
        self.assertEqual((visit.verdict, visit.is_short), ("short", True))

    def test_two_customers_in_one_fence_share_the_time(self):
        """Next door, one stay over both: the minutes of both are not more than it lasted."""
        self.lucky.write({"partner_latitude": PIN[0] + 60 * METRE})
        first = self._plan()
        first._do_check_in(AT_CUSTOMER, at=START)
        second = self._plan(partner=self.lucky)
        second._do_check_in(north(60), at=datetime(2026, 11, 23, 1, 50), close_previous=True)
        second._do_check_out(north(60), at=datetime(2026, 11, 23, 2, 10))
        stay = {"start": START, "end": datetime(2026, 11, 23, 2, 10), "radius": 40, "ref": "s,1"}
        stay |= {"lat": PIN[0] + 30 * METRE, "lng": PIN[1]}
        day = (datetime(2026, 11, 22, 16), datetime(2026, 11, 23, 16))
        self.env["field.visit"]._verify_presence(self.rita, *day, [stay], [])
        self.assertEqual((first.effective_min, second.effective_min), (20, 20))

    # ---------------------------------------------------------------- forgotten

    def test_forgotten_check_out_ends_when_the_fence_was_left(self):
        visit = self._plan()
        visit._do_check_in(AT_CUSTOMER, at=START)
        visit._do_check_out(at=datetime(2026, 11, 23, 10), end_source="auto")
        stay = {"start": START, "end": datetime(2026, 11, 23, 2, 5), "radius": 20, "ref": "s,1"}
        stay |= {"lat": PIN[0], "lng": PIN[1]}
        day = (datetime(2026, 11, 22, 16), datetime(2026, 11, 23, 16))
        verify = self.env["field.visit"]._verify_presence
        verify(self.rita, *day, [stay], [])
        self.assertEqual(visit.check_out_at, datetime(2026, 11, 23, 2, 5))
        self.assertEqual((visit.end_source, visit.assumed_end_source), ("fence", "auto"))
        self.assertIn("place was left", visit.check_out_summary)
        # a later rebuild with more data moves it; one without any track takes it back
        verify(self.rita, *day, [{**stay, "end": datetime(2026, 11, 23, 2, 15)}], [])
        self.assertEqual(visit.check_out_at, datetime(2026, 11, 23, 2, 15))
        verify(self.rita, *day, [], [])
        self.assertEqual((visit.end_source, visit.check_out_at.hour), ("auto", 10))

    def test_own_check_out_is_not_moved(self):
        visit = self._visit(50)
        stay = {"start": START, "end": datetime(2026, 11, 23, 2, 5), "radius": 20, "ref": "s,1"}
        stay |= {"lat": PIN[0], "lng": PIN[1]}
        day = (datetime(2026, 11, 22, 16), datetime(2026, 11, 23, 16))
        self.env["field.visit"]._verify_presence(self.rita, *day, [stay], [])
        self.assertEqual((visit.end_source, visit.check_out_at.minute), ("user", 20))

    def test_own_check_out_that_comes_late_replaces_the_fence(self):
        visit = self._plan()
        visit._do_check_in(AT_CUSTOMER, at=START)
        visit._do_check_out(at=datetime(2026, 11, 23, 10), end_source="auto")
        stay = {"start": START, "end": datetime(2026, 11, 23, 2, 5), "radius": 20, "ref": "s,1"}
        stay |= {"lat": PIN[0], "lng": PIN[1]}
        day = (datetime(2026, 11, 22, 16), datetime(2026, 11, 23, 16))
        self.env["field.visit"]._verify_presence(self.rita, *day, [stay], [])
        visit._do_check_out(AT_CUSTOMER, at=datetime(2026, 11, 23, 2, 3))
        self.assertEqual(visit.end_source, "user")
        self.assertFalse(visit.assumed_end_at)

    # ---------------------------------------------------------------- kinds, company, reasons

    def test_kind_brings_channel_and_procedure(self):
        sop = self.env["field.sop"].create({"name": "Talk", "sequence": 99})
        self.talk.sop_id = sop
        self.assertEqual(self._plan(type_id=self.talk.id).sop_id, sop)
        call = self._plan(user=self.ravi, type_id=self.call.id)
        self.assertEqual((call.channel, call.sop_id), ("phone", self.sop))
        call.action_check_in()
        self.assertFalse(call.check_in_verdict)

    def test_chosen_reason_calls_a_visit_off(self):
        closed = self.env["field.visit.reason"].create({"name": "Shut", "usage": "cancel"})
        visit = self._plan()
        visit._do_cancel(reason_id=closed.id)
        self.assertEqual((visit.state, visit.reason_id), ("cancelled", closed))
        self.assertEqual(visit.cancel_reason, "Shut")
        done = self.env["field.visit.reason"].create({"name": "Sold", "usage": "result"})
        self.assertRejected("reason_required", self._plan()._do_cancel, reason_id=done.id)

    def test_visit_begun_by_mistake_is_broken_off(self):
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        visit.action_cancel("Wrong shop")
        self.assertEqual(visit.state, "cancelled")
        self.assertFalse(visit.verdict)
        self._plan(partner=self.lucky).action_check_in(north(5000))

    def test_companions(self):
        visit = self._plan(companion_ids=[(4, self.lea.id), (4, self.ravi.id)])
        self.assertTrue(visit.is_joint)
        with self.assertRaises(UserError):
            visit.sudo().companion_ids = [(4, self.rita.id)]

    def test_trial_counts_before_limits_hold(self):
        short = self._visit(3, type_id=self.call.id)
        self._visit(20, user=self.ravi, type_id=self.call.id)
        trial = self.env["field.visit.limit.trial"].create({"type_id": self.call.id})
        line = trial.line_ids.filtered(lambda one: not one.grade_id)
        self.assertEqual((line.visits, line.short), (2, 0))
        line.min_minutes = 5
        self.assertEqual((line.short, line.known_short), (1, 0))
        self.assertEqual(self.env["field.visit"].search(line.action_open_short()["domain"]), short)
        self.assertEqual(self.call.min_minutes, 0)
        trial.action_apply()
        self.assertEqual((self.call.min_minutes, short.verdict), (5, "valid"))

    # ---------------------------------------------------------------- score

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_visit_truth").method_direct_trigger()
        self.env.invalidate_all()

    def test_person_reads_and_explains_first(self):
        self._policy(truth_hours=2)
        visit = self._visit(20)
        self.assertIn("of 100", visit.truth_summary)
        self.assertFalse(visit.with_user(self.lea).truth_summary)
        self._run_cron()
        self.assertFalse(visit.truth_shown)
        self.assertIs(visit.truth_score, False)
        with self.assertRaises(AccessError):
            visit.with_user(self.lea).explanation = "Not mine"
        visit.action_explain("The back door")
        with freeze_time("2026-11-23 04:00:00"):
            self._run_cron()
        self.assertTrue(visit.truth_shown)
        self.assertGreater(visit.truth_score, 30)
        self.assertIn(f"{visit.truth_score} of 100", visit.with_user(self.lea).truth_summary)

    def test_average_is_of_the_scores_that_are_shown(self):
        self._policy(truth_hours=2)
        shown, hidden = self._visit(20), self._visit(20, user=self.ravi)

        def average():
            both = [("id", "in", (shown | hidden).ids)]
            return self.env["field.visit"]._read_group(both, [], ["truth_score:avg"])[0][0]

        self.assertFalse(average())
        shown._with_evidence().truth_shown = True
        self.assertGreater(shown.truth_score, 30)
        self.assertEqual(average(), shown.truth_score)

    def test_scores_nobody_may_read_yet_are_empty(self):
        self._policy(truth_hours=2)
        shown, hidden = self._visit(20), self._visit(20, user=self.ravi)
        shown._with_evidence().truth_shown = True
        self.lea.group_ids |= self.env.ref("base.group_allow_export")
        both = (shown | hidden).with_user(self.lea)
        self.env.invalidate_all()
        numbers = ["truth_score", "late_count", "late_most_min"]
        rows = [[row[name] for name in numbers] for row in both.read(numbers)]
        self.assertEqual(repr(rows), repr([[shown.truth_score, 0, 0], [False, False, False]]))
        self.assertEqual(
            both.export_data(numbers)["datas"], [[shown.truth_score, 0, 0], ["", "", ""]]
        )
        low = [("id", "in", both.ids), ("truth_score", "<", 101)]
        self.assertEqual(both.search(low), shown)
        self.assertEqual(both.filtered_domain(low), shown)
        self.assertEqual(both.search([("id", "in", both.ids), ("truth_score", "=", False)]), hidden)
        groups = both.formatted_read_group(low[:1], ["truth_shown"], ["truth_score:avg"])
        found = {one["truth_shown"]: one["truth_score:avg"] for one in groups}
        self.assertEqual(found, {True: shown.truth_score, False: False})
        self.assertIs(found[False], False)

    def test_score_of_zero_is_a_score(self):
        none, some = self._visit(20), self._visit(20, user=self.ravi)
        both = (none | some).sudo()
        both._with_evidence().truth_shown = True
        self.env.flush_all()
        with patch.object(truth, "score", lambda _facts: 0):
            none.modified(["truth_shown"])
            none.flush_recordset()
        self.assertIs(type(none.truth_score), int)
        domain = [("id", "in", both.ids)]
        (average,) = both._read_group(domain, [], ["truth_score:avg"])[0]
        self.assertEqual((none.truth_score, average), (0, some.truth_score / 2))

    def test_steps_that_come_late_count(self):
        visit = self._visit(20)
        visit._with_evidence().truth_shown = True
        before = visit.truth_score
        photo = "0190b3f4-0000-7000-8000-00000000000b"
        self._step(visit, "shelf")._do_done(blobs=[photo], at=START + timedelta(minutes=5))
        self.assertGreaterEqual(visit.truth_score, before + truth.PHOTO)

    def test_report_says_it_all(self):
        visit = self._visit(20, type_id=self.talk.id)
        rows = dict(visit._get_report_facts())
        self.assertEqual((rows["Kind"], rows["Verdict"]), ("Deep talk", "Valid"))
        self.assertEqual(visit._as_report_pdf()[:5], b"%PDF-")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestFollowUp(VisitCase):
    def test_promise_goes_along_to_the_next_visit(self):
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        uuid = "0190b3f4-0000-7000-8000-000000000001"
        found = visit._add_followup(self.dragon, "Send prices", "2026-11-25", uuid, visit)
        again = visit._add_followup(self.dragon, "Send prices", "2026-11-25", uuid, visit)
        self.assertEqual(found, again)
        visit.action_check_out(AT_CUSTOMER)
        later = self._plan(plan_date="2026-11-30")
        self.assertEqual(later.followup_ids, found.with_user(self.rita))
        self.assertEqual((found.user_id, found.field_visit_id), (self.rita, visit.sudo()))
        found.action_feedback()
        later.invalidate_recordset()
        self.assertFalse(later.followup_ids)

    def test_desk_notes_one_without_a_right_to_the_customer(self):
        visit = self._plan()
        if self.dragon.with_user(self.rita).has_access("write"):
            self.skipTest("the sales apps give her that right; without them she has none")
        context = visit.action_add_followup()["context"]
        Add = self.env["field.followup.add"].with_user(self.rita).with_context(**context)
        Add.create({"name": "Bring samples", "date": "2026-11-27"}).action_add()
        self.assertEqual(visit.followup_ids.summary, "Bring samples")
        visit.followup_ids.action_done()
        visit.invalidate_recordset()
        self.assertFalse(visit.followup_ids)
