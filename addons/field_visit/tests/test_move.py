"""Visits that go to another day: who says why, and the day they were planned for at first."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import VisitCase

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 03:00:00")
class TestMove(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.busy = cls.env["field.visit.reason"].create({"name": "Stocktaking", "usage": "cancel"})

    def _ask(self, visit, user, **args):
        action = visit.with_user(user).action_open_move(**args)
        return Form(self.env[action["res_model"]].with_user(user).with_context(action["context"]))

    def test_only_who_moves_his_own_is_asked(self):
        own, led = self._plan(plan_date=MONDAY), self._plan(user=self.lea, plan_date=MONDAY)
        self.assertTrue(own.with_user(self.rita).asks_why)
        self.assertFalse(own.with_user(self.lea).asks_why)
        self.assertFalse(led.with_user(self.lea).asks_why, "a leader plans as he likes")
        board = self.env["field.visit"].with_user(self.rita).get_plan_board()
        self.assertEqual([card["asks_why"] for card in board["visits"]], [True])
        own._with_evidence().state = "missed"
        self.assertFalse(own.with_user(self.rita).asks_why)

    def test_the_desk_moves_with_a_reason_and_a_time(self):
        visit = self._plan(plan_date=MONDAY, plan_time=9.5)
        asked = self._ask(visit, self.rita, date="2026-11-24", time=14.5)
        self.assertEqual(asked.date, TUESDAY)
        with self.assertRaises(AssertionError, msg="a reason or own words"):
            asked.save()
        asked.reason_id = self.busy
        asked.save().action_move()
        self.assertEqual((visit.plan_date, visit.plan_time), (TUESDAY, 14.5))
        self.assertEqual((visit.moved_from, visit.move_reason_id), (MONDAY, self.busy))
        again = self._ask(visit, self.rita, date="2026-11-25")
        again.reason = "Rain"
        again.save().action_move()
        self.assertEqual((visit.plan_date, visit.plan_time), (WEDNESDAY, 0.0))
        self.assertEqual((visit.moved_from, visit.move_reason_id.id), (MONDAY, False))

    def test_nobody_moves_the_visit_of_somebody_else(self):
        visit = self._plan(user=self.olga, plan_date=MONDAY)
        move = self.env["field.visit.move"].create(
            {"visit_id": visit.id, "date": TUESDAY, "reason": "Rain"}
        )
        with self.assertRaises(AccessError):
            move.with_user(self.rita).action_move()

    def test_the_day_of_a_begun_visit_stays(self):
        visit = self._plan(plan_date=MONDAY)
        visit.with_user(self.rita).action_check_in(None, reason="GPS is broken")
        move = self.env["field.visit.move"].with_user(self.rita)
        with self.assertRaises(UserError):
            move.create({"visit_id": visit.id, "date": TUESDAY, "reason": "Rain"}).action_move()

    def test_every_way_keeps_the_first_day(self):
        for way in ("board", "calendar", "form", "again", "appointment"):
            with self.subTest(way):
                visit = self._plan(plan_date=MONDAY, plan_time=9.5).with_user(self.lea)
                getattr(self, f"_move_by_{way}")(visit)
                self.assertEqual((visit.plan_date, visit.moved_from), (TUESDAY, MONDAY))
                visit.plan_date = WEDNESDAY
                self.assertEqual(visit.moved_from, MONDAY)

    def _move_by_board(self, visit):
        visit.action_move("2026-11-24")

    def _move_by_calendar(self, visit):
        visit.start_at = "2026-11-24 06:30:00"

    def _move_by_form(self, visit):
        with Form(visit) as form:
            form.plan_date = TUESDAY

    def _move_by_again(self, visit):
        visit._with_evidence().state = "missed"
        with freeze_time("2026-11-24 03:00:00"):
            visit.action_replan()

    def _move_by_appointment(self, visit):
        visit.sudo().event_id.write({"start": "2026-11-24 06:30:00", "stop": "2026-11-24 07:00:00"})

    def test_brought_back_it_was_not_moved(self):
        visit = self._plan(plan_date=MONDAY).with_user(self.lea)
        visit.action_move("2026-11-24")
        visit.action_move("2026-11-23")
        self.assertFalse(visit.moved_from)

    def test_machines_that_plan_anew_move_nothing(self):
        visit = self._plan(plan_date=MONDAY, source="rule")
        visit._with_planner().plan_date = TUESDAY
        self.assertFalse(visit.moved_from)
        self.assertFalse(visit.plan_touched)

    def test_own_date_is_changed_by_the_dialog_only(self):
        visit = self._plan(plan_date=MONDAY).with_user(self.rita)
        with self.assertRaises(AssertionError), Form(visit) as form:
            form.plan_date = TUESDAY
