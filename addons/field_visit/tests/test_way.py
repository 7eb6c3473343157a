"""On the way to a customer: who goes there, what ends it, and what it leaves alone."""

from datetime import datetime

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AT_CUSTOMER, VisitCase
from .test_sync import SyncCommon

TODAY, TOMORROW = "2026-11-23", "2026-11-24"
NOW = datetime(2026, 11, 23, 1, 30)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestWay(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()

    def _leave(self, visit, **kwargs):
        event = self._event("visit.leave", {"visit_uuid": visit.uuid}, **kwargs)
        return self.env["field.event"]._sync(self.device, [event])["results"][0]["state"]

    def _on_way(self):
        Visit = self.env["field.visit"]
        return Visit.search([("shown_state", "=", "on_the_way"), ("user_id", "=", self.rita.id)])

    def test_a_planned_visit_shows_that_one_is_on_the_way(self):
        visit = self._plan(plan_date=TODAY, plan_time=15)
        first = self._plan(plan_date=TODAY, partner=self.lucky, plan_time=10)
        self.assertEqual(visit.shown_state, "planned")
        self.assertEqual(self._leave(visit), "applied")
        self.assertEqual((visit.state, visit.shown_state), ("planned", "on_the_way"))
        self.assertEqual(visit.on_way_at, NOW)
        self.assertIn(visit, self.env["field.visit"].search([("state", "=", "planned")]))
        self.assertEqual(self._on_way(), visit)
        leader = self.env["field.visit"].with_user(self.lea)
        cards = {card["id"]: card for card in leader.get_plan_board(start=TODAY)["visits"]}
        self.assertEqual(cards[visit.id]["state"], "on_the_way")
        self.assertTrue(cards[visit.id]["can_move"])
        self.assertEqual(cards[first.id]["state"], "planned")
        person = leader.get_team_day(TODAY)["people"][0]
        self.assertEqual((person["next"]["id"], person["is_on_way"]), (visit.id, True))
        row = self.env["field.app"].with_user(self.rita)._visits(visit.with_user(self.rita))[0]
        self.assertTrue(row["on_way_at"])
        words = dict(visit._fields["shown_state"]._description_selection(self.env))
        self.assertEqual(list(words)[:3], ["planned", "on_the_way", "in_progress"])

    def test_one_goes_to_one_customer_at_a_time(self):
        first, second = self._plan(plan_date=TODAY), self._plan(plan_date=TODAY, partner=self.lucky)
        self._leave(first)
        self._leave(second)
        self.assertEqual(self._on_way(), second)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            first._with_evidence().on_way_at = NOW
            first.flush_recordset()

    def test_the_check_in_ends_it_wherever_it_is(self):
        visit, other = self._plan(plan_date=TODAY), self._plan(plan_date=TODAY, partner=self.lucky)
        self._leave(visit)
        visit.action_check_in(AT_CUSTOMER)
        self.assertEqual(visit.shown_state, "in_progress")
        self.assertEqual(visit.on_way_at, NOW, "when one left stays known")
        visit.action_check_out(AT_CUSTOMER)
        third = self._plan(plan_date=TODAY)
        self._leave(other)
        third.action_check_in(AT_CUSTOMER)
        self.assertEqual((other.shown_state, other.on_way_at), ("planned", False))

    def test_what_else_ends_it(self):
        for end in ("cancel", "miss", "move", "pass_on"):
            with self.subTest(end):
                visit = self._plan(plan_date=TODAY)
                self._leave(visit)
                getattr(self, f"_end_by_{end}")(visit.sudo())
                self.assertFalse(self._on_way())

    def _end_by_cancel(self, visit):
        visit._do_cancel("Closed today")

    def _end_by_miss(self, visit):
        visit._do_miss()
        self.assertEqual(visit.shown_state, "missed")
        visit.action_replan()
        self.assertFalse(visit.on_way_at, "planned again, nobody has left yet")

    def _end_by_move(self, visit):
        visit.with_user(self.lea).action_move(TOMORROW)

    def _end_by_pass_on(self, visit):
        visit.with_user(self.lea).action_move(TODAY, self.ravi.id)
        self.assertFalse(visit.on_way_at)

    def test_what_arrives_too_late_changes_nothing(self):
        begun, later = self._plan(plan_date=TODAY), self._plan(plan_date=TOMORROW)
        gone = self._plan(plan_date=TODAY, partner=self.lucky)
        begun.action_check_in(AT_CUSTOMER)
        gone.sudo()._do_cancel("Closed today")
        for visit in (begun, later, gone):
            self.assertEqual(self._leave(visit), "applied", "a phone offline made no mistake")
            self.assertFalse(visit.on_way_at)

    def test_nobody_says_it_for_another_or_types_it_in(self):
        visit = self._plan(user=self.ravi, plan_date=TODAY)
        self.assertEqual(self._leave(visit), "rejected")
        own = self._plan(plan_date=TODAY).with_user(self.rita)
        for vals in ({"on_way_at": NOW}, {"shown_state": "done"}):
            with self.assertRaises(UserError):
                own.write(vals)
