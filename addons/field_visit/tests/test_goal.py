"""What a visit is for, on both paths, against what came of it."""

import json
import unittest
from datetime import datetime
from pathlib import Path

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.goals import goal_state
from .common import AT_CUSTOMER, VisitCase
from .test_sync import SyncCommon

VECTORS = json.loads(
    (Path(__file__).parents[1] / "static" / "tests" / "goal_vectors.json").read_text()
)


class TestGoalRule(unittest.TestCase):
    """The same vectors hold on the phone: static/tests/goal/goal_logic.test.js."""

    def test_vectors(self):
        for result, reached_by, productive, state in VECTORS:
            with self.subTest(result=result, reached_by=reached_by, productive=productive):
                self.assertEqual(goal_state(result, reached_by, productive), state)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:50:00")
class TestGoal(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        Reason = cls.env["field.visit.reason"]
        cls.sold, cls.thinking = Reason.create(
            [{"name": "Sold", "usage": "result"}, {"name": "Thinks it over", "usage": "result"}]
        )
        cls.sell, cls.anything = Reason.create(
            [
                {"name": "Sell", "usage": "goal", "reached_by_ids": cls.sold.ids},
                {"name": "Get something", "usage": "goal"},
            ]
        )

    def _over(self, result=None, goal=None, user=None):
        visit = self._plan(user, goal_id=(goal or self.sell).id)
        visit.action_check_in(AT_CUSTOMER)
        visit.action_check_out(AT_CUSTOMER, result_id=result and result.id)
        return visit

    def _send(self, kind, **payload):
        event = self._event(kind, payload, at="2026-11-23T01:45:00.000Z")
        (answer,) = self.env["field.event"]._sync(self.device, [event])["results"]
        self.assertEqual(answer["state"], "applied", answer)

    def test_goal_is_held_against_the_result(self):
        self.assertEqual(self._over(self.sold).goal_state, "reached")
        self.assertEqual(self._over(self.thinking).goal_state, "missed")
        self.assertEqual(self._over().goal_state, "unsaid")
        self.assertEqual(self._over(goal=self.anything).goal_state, "unsaid")
        no_goal = self._plan()
        no_goal.action_check_in(AT_CUSTOMER)
        no_goal.action_check_out(AT_CUSTOMER, result_id=self.sold.id)
        self.assertEqual((no_goal.goal_state, no_goal.goal_count), (False, 0))

    def test_goal_without_results_is_reached_by_what_was_done(self):
        step = {"sop_id": self.sop.id, "name": "Order", "kind": "order", "key": "order"}
        self.env["field.sop.step"].create(step)
        visit = self._plan(goal_id=self.anything.id)
        visit.action_check_in(AT_CUSTOMER)
        self._step(visit, "order")._do_done(note="Five boxes")
        self.assertFalse(visit.goal_state, "nothing is said while the visit is on")
        visit.action_check_out(AT_CUSTOMER)
        self.assertEqual(visit.goal_state, "reached")

    def test_pivot_measures_goals(self):
        visits = self._over(self.sold) + self._over(self.thinking) + self._over()
        self._plan(goal_id=self.sell.id)  # not begun: no goal to reach yet
        (row,) = self.env["field.visit"].formatted_read_group(
            [("goal_id", "=", self.sell.id)],
            ["goal_id"],
            ["goal_count:sum", "goal_reached_count:sum"],
        )
        self.assertEqual((row["goal_count:sum"], row["goal_reached_count:sum"]), (len(visits), 1))

    def test_goal_stays_once_the_visit_has_begun(self):
        visit = self._over(self.thinking)
        with self.assertRaises(UserError):
            visit.goal_id = self.anything
        with self.assertRaises(UserError):
            visit.goal_state = "reached"
        self.sell.reached_by_ids |= self.thinking
        self.env.flush_all()
        self.assertEqual(visit.goal_state, "missed", "a new list is for later visits")

    def test_phone_takes_sets_and_drops_a_goal(self):
        visit = self._plan(goal_id=self.anything.id)
        named = {"visit_uuid": visit.uuid, "visit_id": visit.id, "position": AT_CUSTOMER}
        self._send("visit.check_in", **named, goal_id=self.sell.id)
        self.assertEqual(visit.goal_id, self.sell)
        self._send("visit.check_out", visit_uuid=visit.uuid, result_id=self.sold.id)
        self.assertEqual((visit.goal_state, visit.goal_reached_count), ("reached", 1))
        other = self._plan(self.rita, self.lucky, goal_id=self.sell.id)
        named = {"visit_uuid": other.uuid, "visit_id": other.id, "reason": "x", "exception": True}
        self._send("visit.check_in", **named, goal_id=0)
        self.assertFalse(other.goal_id)

    def test_phone_says_nothing_or_nonsense(self):
        visit = self._plan(goal_id=self.sell.id)
        visit._take_goal(None)
        self.assertEqual(visit.goal_id, self.sell)
        visit._take_goal(self.sold.id)
        self.assertFalse(visit.goal_id, "a result is no goal")

    def test_phone_knows_the_goals(self):
        rows = self.env["field.app"].with_user(self.rita)._collections()["visit_reasons"]
        self.assertIn("reached_by_ids", rows.fields)
        visit = self._over(self.sold)
        (row,) = self.env["field.app"].with_user(self.rita)._visits(visit)
        self.assertEqual((row["goal_id"], row["goal_state"]), (self.sell.id, "reached"))

    def test_report_names_the_goal(self):
        visit = self._over(self.thinking)
        rows = dict(visit._get_report_facts())
        self.assertEqual(rows["Goal"], "Sell · Not reached")

    def test_order_seen_late_reaches_it(self):
        visit = self._over(goal=self.anything)
        visit._with_evidence().write(
            {"is_productive": True, "check_out_at": datetime(2026, 11, 23, 1, 55)}
        )
        self.assertEqual(visit.goal_state, "reached")
