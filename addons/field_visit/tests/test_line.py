from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestLine(VisitCase):
    """A Monday; Rita's line runs on Mondays and Thursdays of every second week."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._line(
            "North", cls.dragon | cls.lucky, on_mon=True, on_thu=True, cycle_weeks=2
        )

    @classmethod
    def _line(cls, name, partners, user=None, **vals):
        return cls.env["field.line"].create(
            {
                "name": name,
                "user_id": (user or cls.rita).id,
                "date_from": "2026-11-23",
                "stop_ids": [
                    (0, 0, {"partner_id": partner.id, "sequence": 10 * n})
                    for n, partner in enumerate(partners, start=1)
                ],
                **vals,
            }
        )

    def _visits(self, line=None):
        line = line or self.line
        return self.env["field.visit"].search(
            [("line_id", "=", line.id)], order="plan_date, route_sequence"
        )

    def test_cycle_of_two_weeks_in_the_order_of_the_line(self):
        self.assertEqual(self.line._do_generate(), (4, 0))
        visits = self._visits()
        self.assertEqual(
            visits.mapped("plan_date"), [date(2026, 11, 23)] * 2 + [date(2026, 11, 26)] * 2
        )
        self.assertEqual(visits[:2].partner_id, self.dragon | self.lucky)
        self.assertEqual(visits[0].partner_id, self.dragon)
        self.line.days_ahead = 28
        self.line._do_generate()
        days = set(self._visits().mapped("plan_date"))
        self.assertEqual(
            days, {date(2026, 11, 23), date(2026, 11, 26), date(2026, 12, 7), date(2026, 12, 10)}
        )

    def test_day_that_is_over_where_the_person_is_is_not_planned(self):
        with freeze_time("2026-11-23 17:00:00"):
            self.line._do_generate()
        self.assertEqual(min(self._visits().mapped("plan_date")), date(2026, 11, 26))

    def test_closed_customer_is_passed_by(self):
        self.line._do_generate()
        self.lucky.field_life = "closed"
        self.assertEqual(self.line._do_generate(), (0, 2))
        self.assertEqual(self._visits().partner_id, self.dragon)
        self.assertEqual(self.line.stop_ids.mapped("life"), [False, "closed"])

    def test_visits_are_of_the_kind_of_the_line(self):
        self.line.type_id = self.env["field.visit.type"].create({"name": "Van", "sequence": 99})
        self.line._do_generate()
        self.assertEqual(self._visits().type_id, self.line.type_id)

    def test_second_run_makes_nothing_and_brings_back_no_cancelled_visit(self):
        self.line._do_generate()
        self._visits()[0].action_cancel("Closed today")
        self.assertEqual(self.line._do_generate(), (0, 0))

    def test_other_week_of_the_cycle(self):
        self.line.cycle_week = 2
        self.line._do_generate()
        self.assertEqual(min(self._visits().mapped("plan_date")), date(2026, 11, 30))

    def test_no_double_running_on_the_same_day(self):
        with self.assertRaises(ValidationError) as caught:
            self._line("Other", self.dragon, self.ravi, on_mon=True)
        self.assertIn("Golden Dragon", str(caught.exception))
        fine = self._line("Tuesdays", self.dragon, self.ravi, on_tue=True)
        with self.assertRaises(ValidationError):
            fine.on_thu = True
        other_week = self._line(
            "Other weeks", self.dragon, self.ravi, on_mon=True, cycle_weeks=2, cycle_week=2
        )
        self.assertTrue(other_week)
        with self.assertRaises(ValidationError):
            self._line("None", self.nowhere, self.ravi)

    def test_no_double_running_by_another_way(self):
        """Days of validity, and customers written without the form of the line."""
        self.line.date_from = "2026-11-30"
        old = self._line("Old", self.dragon, self.ravi, on_mon=True, date_to="2026-11-24")
        with self.assertRaises(ValidationError):
            self.line.date_from = "2026-11-23"
        with self.assertRaises(ValidationError):
            old.date_to = False
        free = self._line("Free", self.nowhere, self.ravi, on_mon=True)
        Stop = self.env["field.line.stop"]
        with self.assertRaises(ValidationError):
            Stop.create({"line_id": free.id, "partner_id": self.dragon.id})
        with self.assertRaises(ValidationError):
            free.stop_ids.partner_id = self.lucky

    def test_not_where_somebody_goes_anyway(self):
        self._plan(user=self.ravi, partner=self.dragon, plan_date=date(2026, 11, 26))
        self.line._do_generate()
        self.assertEqual(len(self._visits()), 3)

    def test_leave_is_left_out(self):
        employee = self.rita.sudo().employee_id
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": employee.resource_id.id,
                "calendar_id": employee.resource_calendar_id.id,
                "date_from": "2026-11-25 16:00:00",
                "date_to": "2026-11-26 16:00:00",
            }
        )
        self.line._do_generate()
        self.assertEqual(set(self._visits().mapped("plan_date")), {date(2026, 11, 23)})

    def test_changes_of_the_line_reach_untouched_visits_only(self):
        self.line._do_generate()
        moved = self._visits().filtered(lambda v: v.partner_id == self.lucky)[0]
        moved.with_user(self.rita).plan_date = date(2026, 11, 25)
        self.line.stop_ids.filtered(lambda stop: stop.partner_id == self.lucky).unlink()
        made, dropped = self.line._do_generate()
        self.assertEqual((made, dropped), (0, 1))
        self.assertTrue(moved.exists())
        self.line.user_id = self.ravi
        self.line._do_generate()
        self.assertEqual(self._visits().filtered(lambda v: not v.plan_touched).user_id, self.ravi)
        self.line.active = False
        self.line._do_generate()
        self.assertEqual(self._visits(), moved)

    def test_capacity(self):
        self.assertFalse(self.line.is_over)
        self.line.stop_ids.minutes = 300
        self.assertTrue(self.line.is_over)
        self.assertEqual(self.line.minutes, 630)
        Line = self.env["field.line"]
        self.assertIn(self.line, Line.search([("is_over", "=", True)]))
        self.assertNotIn(self.line, Line.search([("is_over", "=", False)]))

    def test_capacity_of_all_lines_of_a_person(self):
        self.line.stop_ids.minutes = 60
        alone = self.line.room
        other = self._line("Thursdays", self.nowhere, on_thu=True)
        other.stop_ids.minutes = 240
        self.env.invalidate_all()
        self.assertEqual(alone - self.line.room, other.minutes)
        self.assertEqual(alone - other.room, self.line.minutes)
        third = self._line("Tuesdays", self.nowhere, on_tue=True)
        third.stop_ids.minutes = 400
        self.env.invalidate_all()
        self.assertFalse((self.line | other).filtered("is_over"), "another day")
        third.write({"on_tue": False, "on_mon": True})
        self.env.invalidate_all()
        self.assertTrue(self.line.is_over)
        self.assertFalse(other.is_over, "its Thursdays are what they were")
        third.date_to = "2026-11-23"
        with freeze_time("2026-11-24 01:30:00"):
            self.env.invalidate_all()
            self.assertFalse(self.line.is_over, "the other has ended")

    def test_customers_on_no_line_and_on_two(self):
        self._line("Tuesdays", self.dragon, self.ravi, on_tue=True)
        Partner = self.env["res.partner"]
        three = [("id", "in", (self.dragon | self.lucky | self.nowhere).ids)]
        found = {n: Partner.search([*three, ("field_line_count", "=", n)]) for n in (0, 1, 2)}
        self.assertEqual(found, {0: self.nowhere, 1: self.lucky, 2: self.dragon})
        self.assertEqual(self.dragon.field_line_count, 2)
        self.line.date_to = "2026-11-23"
        with freeze_time("2026-11-24 01:30:00"):
            self.env.invalidate_all()
            found = {n: Partner.search([*three, ("field_line_count", "=", n)]) for n in (0, 1, 2)}
            self.assertEqual(found, {0: self.nowhere | self.lucky, 1: self.dragon, 2: Partner})
            self.assertEqual((self.dragon | self.lucky).mapped("field_line_count"), [1, 0])

    def test_line_passes_when_its_person_leaves(self):
        handover = self.env["field.handover"].create(
            {"user_id": self.rita.id, "receiver_ids": [(6, 0, self.ravi.ids)], "reason": "leaves"}
        )
        handover.action_confirm()
        self.assertEqual(self.line.user_id, self.ravi)

    def test_roles(self):
        Line = self.env["field.line"]
        for user, seen in (
            (self.rita, 1),
            (self.lea, 1),
            (self.dora, 1),
            (self.audra, 1),
            (self.ravi, 0),
            (self.otis, 0),
        ):
            for model, domain in (
                ("field.line", [("id", "=", self.line.id)]),
                ("field.line.stop", [("line_id", "=", self.line.id), ("sequence", "=", 10)]),
            ):
                self.assertEqual(
                    len(self.env[model].with_user(user).search(domain)), seen, user.name
                )
        for user in (self.rita, self.audra):
            with self.assertRaises(AccessError):
                self.line.with_user(user).name = "x"
            with self.assertRaises(AccessError):
                self.line.with_user(user).action_generate()
        self.line.with_user(self.lea).action_generate()
        with self.assertRaises(AccessError):
            Line.with_user(self.lea).create({"name": "x", "user_id": self.olga.id, "on_mon": True})
        self.assertTrue(self.env["field.visit"].search(self.line.action_open_visits()["domain"]))

    def test_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_line").method_direct_trigger()
        self.assertEqual(len(self._visits()), 4)
