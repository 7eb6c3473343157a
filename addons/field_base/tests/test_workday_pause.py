from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from ..tools.errors import FieldRejected
from .common import FieldCase, make_event

NOON = datetime(2026, 11, 20, 4)
MORNING = datetime(2026, 11, 20, 0, 30)
EVENING = datetime(2026, 11, 20, 10)


def minutes(count):
    return timedelta(minutes=count)


@tagged("post_install", "-at_install")
class TestWorkdayPause(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["field.policy"].search([("company_id", "=", cls.company.id)])

    def open(self, **rules):
        self.policy.write(rules)
        return self.as_user("field.workday", self.rep)._do_open(self.rep, MORNING)

    def test_pause_and_resume(self):
        day = self.open()
        day._do_pause(NOON)
        day._do_resume(NOON + minutes(45))
        self.assertRecordValues(
            day.pause_ids,
            [{"start_at": NOON, "end_at": NOON + minutes(45), "end_source": "person"}],
        )
        day._do_close(EVENING)
        self.assertEqual((day.pause_min, day.duration), (45, 9.5 - 0.75))

    def test_the_same_again_changes_nothing(self):
        day = self.open()
        day._do_resume(NOON)
        for _twice in range(2):
            day._do_pause(NOON)
        for _twice in range(2):
            day._do_resume(NOON + minutes(30))
        day._do_resume(NOON + minutes(50))
        self.assertEqual(day.pause_ids.mapped("minutes"), [30])

    def test_a_pause_ends_at_the_limit(self):
        day = self.open(pause_limit_min=60)
        day._do_pause(NOON)
        day._do_resume(NOON + minutes(40))
        day._do_pause(NOON + minutes(120))
        with freeze_time(NOON + minutes(139)):
            day.invalidate_recordset(["is_paused"])
            self.assertTrue(day.is_paused)
        with freeze_time(NOON + minutes(141)):
            day.invalidate_recordset(["is_paused"])
            self.assertFalse(day.is_paused)
            self.env["field.workday.pause"]._end_due(NOON + minutes(141))
        self.assertEqual(day.pause_ids.mapped("minutes"), [40, 20])
        self.assertEqual(day.pause_ids[-1].end_source, "limit")
        with self.assertRaises(FieldRejected) as caught:
            day._do_pause(NOON + minutes(200))
        self.assertEqual(caught.exception.code, "pause_used_up")

    def test_a_resume_after_the_limit_counts_to_the_limit(self):
        day = self.open(pause_limit_min=60)
        day._do_pause(NOON)
        day._do_resume(NOON + minutes(90))
        self.assertEqual(day.pause_ids.end_at, NOON + minutes(60))

    def test_the_limit_of_the_morning_counts(self):
        day = self.open(pause_limit_min=60)
        self.policy.pause_limit_min = 5
        day._do_pause(NOON)
        day._do_resume(NOON + minutes(50))
        self.assertEqual(day.pause_min, 50)

    def test_closing_ends_the_pause(self):
        day = self.open()
        day._do_pause(EVENING - minutes(20))
        day._do_close(EVENING)
        self.assertEqual((day.pause_min, day.pause_ids.end_source), (20, "day"))

    def test_a_late_end_moves_a_pause_that_only_the_day_ended(self):
        day = self.open()
        day._do_pause(EVENING)
        day.sudo()._auto_close_due()  # 22:00
        self.assertEqual(day.pause_min, 240)
        day._do_close(EVENING + minutes(30))
        self.assertEqual((day.pause_min, day.end_source), (30, "late"))
        self.assertEqual(day.assumed_close_at, day.auto_close_at)

    def test_a_late_end_before_a_pause_drops_it(self):
        day = self.open()
        day._do_pause(EVENING)
        day._do_resume(EVENING + minutes(10))
        day.sudo()._auto_close_due()
        day._do_close(EVENING - minutes(10))
        self.assertFalse(day.pause_ids)

    def test_late_pauses_find_their_place(self):
        day = self.open()
        day._do_pause(NOON + minutes(60))
        day._do_pause(NOON)
        self.assertEqual(day.pause_ids.sorted("start_at")[0].end_at, NOON + minutes(60))
        day._do_close(EVENING)
        day._do_pause(NOON - minutes(60))
        self.assertEqual(day.pause_ids.sorted("start_at")[0].minutes, 60)

    def test_outside_the_day(self):
        day = self.open()
        day._do_close(EVENING)
        for moment in (MORNING - minutes(1), EVENING + minutes(1)):
            with self.subTest(moment=moment), self.assertRaises(FieldRejected) as caught:
                day._do_pause(moment)
            self.assertEqual(caught.exception.code, "not_in_day")

    def test_from_the_phone(self):
        events = [
            make_event("workday.open", 1, MORNING),
            make_event("workday.pause", 2, NOON),
            make_event("workday.resume", 3, NOON + minutes(30)),
            make_event("workday.close", 4, EVENING),
        ]
        for event in events[1:]:
            event["payload"] = {"workday_uuid": events[0]["uuid"]}
        # the opening comes last: the others wait for it
        self.sync([*events[1:], events[0]])
        uuids = [event["uuid"] for event in events]
        journal = self.env["field.event"].search([("uuid", "in", uuids)])
        self.assertEqual(set(journal.mapped("state")), {"applied"})
        day = self.env["field.workday"].search([("user_id", "=", self.rep.id)])
        self.assertEqual((day.pause_min, day.duration), (30, 9))
        again = self.sync(events)
        self.assertEqual({result["state"] for result in again["results"]}, {"applied"})
        self.assertEqual(len(day.pause_ids), 1)
        lost = make_event("workday.pause", 9, NOON - timedelta(days=9))
        self.assertEqual(self.sync([lost])["results"][0]["code"], "no_open_day")

    def test_only_ones_own(self):
        day = self.open()
        for user in (self.leader, self.other_rep):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.as_user("field.workday", user).browse(day.id)._do_pause(NOON)
        day._do_pause(NOON)
        self.assertTrue(self.as_user("field.workday.pause", self.leader).search([]))
        self.assertFalse(self.as_user("field.workday.pause", self.other_rep).search([]))
        self.assertFalse(self.as_user("field.workday.pause", self.stranger).search([]))
        with self.assertRaises(AccessError):
            day.pause_ids.write({"end_at": NOON})

    @freeze_time(NOON)
    def test_buttons(self):
        day = self.open()
        day.action_pause()
        self.assertTrue(Form(day).is_paused)
        day.action_resume()
        self.assertFalse(day.is_paused)


@tagged("post_install", "-at_install")
class TestWorkdayPlan(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["field.policy"].search([("company_id", "=", cls.company.id)])
        cls.policy.calendar_id = cls.company.resource_calendar_id
        calendar = cls.company.resource_calendar_id
        calendar.write({"flexible_hours": False, "two_weeks_calendar": False})
        calendar.attendance_ids.unlink()
        calendar.attendance_ids = [
            (0, 0, {"name": "x", "dayofweek": str(n), "hour_from": 9, "hour_to": 17})
            for n in range(5)
        ]

    def open(self, day=20, hour=8, minute=30):
        moment = datetime(2026, 11, day, hour, minute) - timedelta(hours=8)
        return self.as_user("field.workday", self.rep)._do_open(self.rep, moment)

    def test_a_working_day(self):
        day = self.open()
        self.assertEqual((day.day_kind, day.planned_hours), ("work", 8))
        self.assertEqual(day.planned_start, datetime(2026, 11, 20, 1))
        self.assertEqual(day.late_min, 0)

    def test_late_beyond_the_grace(self):
        self.assertEqual(self.open(hour=9, minute=10).late_min, 0)
        self.assertEqual(self.open(day=19, hour=9, minute=25).late_min, 25)

    def test_days_off(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "National day",
                "calendar_id": self.policy.calendar_id.id,
                "date_from": datetime(2026, 11, 18, 16),
                "date_to": datetime(2026, 11, 19, 16),
            }
        )
        self.assertEqual(self.open(day=19).day_kind, "holiday")
        saturday = self.open(day=21)
        self.assertEqual((saturday.day_kind, saturday.planned_start), ("off", False))
        self.assertEqual(saturday.date, date(2026, 11, 21))

    def test_the_plan_stays_when_the_calendar_changes(self):
        day = self.open()
        self.policy.calendar_id.attendance_ids.unlink()
        self.assertEqual((day.day_kind, day.planned_hours), ("work", 8))

    def test_ends_tell_their_source(self):
        forgotten = self.open(day=18)
        self.open(day=19)
        self.assertEqual(forgotten.end_source, "next_day")
        closed = self.open(day=20)
        closed._do_close(datetime(2026, 11, 20, 10))
        self.assertEqual((closed.end_source, closed.assumed_close_at), ("person", False))
