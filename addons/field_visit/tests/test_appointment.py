from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .common import VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestAppointment(VisitCase):
    def _event(self, **vals):
        return (
            self.env["calendar.event"]
            .with_user(self.rita)
            .with_context(no_mail_to_attendees=True)
            .create(
                {
                    "name": "Meeting",
                    "start": "2026-11-25 02:00:00",
                    "stop": "2026-11-25 03:00:00",
                    "user_id": self.rita.id,
                    **vals,
                }
            )
        )

    def test_fixed_time_stands_in_the_calendar(self):
        visit = self._plan(plan_date=date(2026, 11, 25), plan_time=10.5, plan_minutes=45)
        event = visit.event_id
        self.assertEqual(
            (event.start, event.stop),
            (datetime(2026, 11, 25, 2, 30), datetime(2026, 11, 25, 3, 15)),
        )
        self.assertEqual(event.user_id, self.rita)
        self.assertEqual(event.partner_ids, self.rita.partner_id, "the customer gets no invitation")
        visit.plan_date = date(2026, 11, 26)
        self.assertEqual(event.start, datetime(2026, 11, 26, 2, 30))
        visit.plan_time = 0
        self.assertFalse(event.exists())
        self.assertTrue(visit.exists())

    def test_no_fixed_time_no_appointment(self):
        self.assertFalse(self._plan().event_id)

    def test_moving_the_appointment_moves_the_visit(self):
        visit = self._plan(plan_date=date(2026, 11, 25), plan_time=10.0)
        visit.event_id.with_user(self.rita).write(
            {"start": "2026-11-26 06:00:00", "stop": "2026-11-26 06:40:00"}
        )
        self.assertEqual(
            (visit.plan_date, visit.plan_time, visit.plan_minutes), (date(2026, 11, 26), 14.0, 40)
        )

    def test_appointment_at_a_customer_is_a_visit(self):
        event = self._event(field_partner_id=self.dragon.id)
        visit = event.field_visit_ids
        self.assertEqual(
            (visit.partner_id, visit.user_id, visit.source), (self.dragon, self.rita, "appointment")
        )
        self.assertEqual((visit.plan_date, visit.plan_time), (date(2026, 11, 25), 10.0))
        self.assertEqual(event.action_field_open_visit()["res_id"], visit.id)
        event.field_partner_id = self.lucky
        self.assertEqual(visit.partner_id, self.lucky)
        event.field_partner_id = False
        self.assertFalse(visit.exists())
        event.field_partner_id = self.dragon
        self.assertTrue(event.field_visit_ids)

    def test_calling_off_on_either_side(self):
        visit = self._plan(plan_date=date(2026, 11, 25), plan_time=10.0)
        event = visit.event_id
        visit.action_cancel("Customer is ill")
        self.assertFalse(event.exists())
        event = self._event(field_partner_id=self.dragon.id)
        visit = event.field_visit_ids
        event.unlink()
        self.assertFalse(visit.exists())

    def test_somebody_elses_meeting_outlives_its_visit(self):
        for what in ("miss", "move", "cancel", "delete"):
            event = self._event(
                field_partner_id=self.dragon.id, partner_ids=[(4, self.lea.partner_id.id)]
            )
            before = event.message_ids
            visit = event.field_visit_ids.sudo()
            if what == "miss":
                visit._do_miss()
            elif what == "move":
                visit._do_move(date(2026, 11, 27), "Road closed")
            elif what == "cancel":
                visit.action_cancel("Customer is ill")
            else:
                visit.unlink()
            self.assertTrue(event.exists(), what)
            self.assertEqual(event.start, datetime(2026, 11, 25, 2, 0), what)
            said = (event.message_ids - before).mapped("body")
            told = {"move": "2026-11-27", "cancel": "called off"}.get(what)
            self.assertEqual(len(said), 1 if told else 0, what)
            if told:
                self.assertIn(told, said[0])
            event.unlink()

    def test_missed_visit_keeps_its_time_in_the_calendar(self):
        visit = self._plan(plan_date=date(2026, 11, 25), plan_time=10.0).sudo()
        visit._do_miss()
        self.assertTrue(visit.event_id.exists())

    def test_ordinary_appointments_are_left_alone(self):
        self.assertFalse(self._event().field_visit_ids)

    def test_many_visits_make_their_appointments_at_once(self):
        values = {"partner_id": self.dragon.id, "user_id": self.rita.id, "plan_time": 9.0}
        many = self.env["field.visit"].create(
            [{**values, "plan_date": date(2026, 12, n)} for n in range(1, 7)]
        )
        self.assertEqual(len(many.event_id), 6)
