from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..tools.errors import FieldRejected
from .common import FieldCase

MORNING = datetime(2026, 11, 20, 0, 30)  # 08:30 in Shanghai
EVENING = datetime(2026, 11, 20, 10, 0)  # 18:00
PLACE = {"lat": 31.2304, "lng": 121.4737, "accuracy": 12.0}


@tagged("post_install", "-at_install")
class TestWorkday(FieldCase):
    def day(self, user=None):
        return self.as_user("field.workday", user or self.rep)

    def open(self, at=MORNING, user=None, **kwargs):
        user = user or self.rep
        return self.day(user)._do_open(user, at, **kwargs)

    def test_open_and_close(self):
        day = self.open(position=PLACE, device=self.device, odometer=1200.5, uuid="u1")
        self.assertRecordValues(
            day,
            [
                {
                    "user_id": self.rep.id,
                    "company_id": self.company.id,
                    "date": date(2026, 11, 20),
                    "tz": "Asia/Shanghai",
                    "state": "open",
                    "open_at": MORNING,
                    "open_lat": 31.2304,
                    "open_lng": 121.4737,
                    "open_accuracy": 12.0,
                    "odometer_open": 1200.5,
                    "open_uuid": "u1",
                    "device_id": self.device.id,
                    "auto_close_at": datetime(2026, 11, 20, 14, 0),  # 22:00
                }
            ],
        )
        self.assertEqual(day.policy_snapshot["fence_radius"], 300)
        day._do_close(EVENING, PLACE, odometer=1290)
        self.assertEqual((day.state, day.close_at, day.duration), ("closed", EVENING, 9.5))
        self.assertEqual((day.close_lng, day.odometer_close), (121.4737, 1290))

    def test_later_policy_changes_rewrite_nothing(self):
        day = self.open()
        day.sudo().policy_id.write({"day_end_hour": 12, "fence_radius": 50})
        self.assertEqual(day.auto_close_at, datetime(2026, 11, 20, 14, 0))
        self.assertEqual(day.policy_snapshot["fence_radius"], 300)

    def test_double_open_is_one_day(self):
        day = self.open()
        again = self.open(MORNING + timedelta(minutes=1))
        self.assertEqual(day, again)
        self.assertEqual(day.open_at, MORNING)
        self.assertEqual(day.reopen_count, 0)

    def test_an_earlier_opening_that_came_late_moves_the_start(self):
        day = self.open()
        self.open(MORNING - timedelta(hours=1), position=PLACE)
        self.assertEqual(day.open_at, MORNING - timedelta(hours=1))
        self.assertEqual(day.open_lat, 31.2304)

    def test_double_close_keeps_the_first(self):
        day = self.open()
        day._do_close(EVENING)
        day._do_close(EVENING + timedelta(minutes=3), PLACE)
        self.assertEqual((day.close_at, day.close_lat), (EVENING, 0))

    def test_open_after_close_goes_on(self):
        day = self.open()
        day._do_close(EVENING)
        self.assertEqual(self.open(MORNING + timedelta(minutes=2)).state, "closed")  # an old one
        again = self.open(EVENING + timedelta(minutes=5))
        self.assertEqual(again, day)
        self.assertEqual((day.state, day.close_at, day.reopen_count), ("open", False, 1))
        self.assertEqual(day.open_at, MORNING)

    def test_close_before_open_is_refused(self):
        day = self.open()
        with self.assertRaises(FieldRejected) as caught:
            day._do_close(MORNING - timedelta(minutes=1))
        self.assertEqual(caught.exception.code, "before_open")
        self.assertEqual(day.state, "open")

    def test_bad_position_is_refused(self):
        with self.assertRaises(FieldRejected) as caught:
            self.open(position={"lat": 91, "lng": 0})
        self.assertEqual(caught.exception.code, "bad_position")

    def test_local_date_across_midnight(self):
        late = self.open(datetime(2026, 11, 20, 15, 59))  # 23:59
        self.assertEqual(late.date, date(2026, 11, 20))
        self.assertEqual(late.auto_close_at, datetime(2026, 11, 20, 16, 0))  # not 22:00 any more
        after = self.open(datetime(2026, 11, 20, 16, 1))  # 00:01
        self.assertEqual(after.date, date(2026, 11, 21))
        self.assertNotEqual(after, late)
        self.assertEqual((late.state, late.close_at), ("auto_closed", late.auto_close_at))

    def test_closing_after_midnight_closes_the_day_before(self):
        day = self.open(datetime(2026, 11, 20, 10))
        found = self.day()._find_to_close(self.rep, datetime(2026, 11, 20, 17))  # 01:00
        self.assertEqual(found, day)
        self.assertFalse(self.day()._find_to_close(self.rep, datetime(2026, 11, 22, 10)))
        self.assertFalse(self.day()._find_to_close(self.rep, datetime(2026, 11, 20, 9)))

    def test_another_time_zone(self):
        self.rep.tz = "America/New_York"
        day = self.open(datetime(2026, 11, 21, 1))  # 20:00 on the 20th
        self.assertEqual((day.date, day.tz), (date(2026, 11, 20), "America/New_York"))
        self.assertEqual(day.auto_close_at, datetime(2026, 11, 21, 3))

    def test_a_forgotten_day_closes_when_the_next_opens(self):
        day = self.open()
        self.open(MORNING + timedelta(days=1))
        self.assertEqual((day.state, day.close_at), ("auto_closed", day.auto_close_at))
        self.assertTrue(day.needs_confirmation)

    def test_a_day_that_comes_late_is_closed_at_once(self):
        today = self.open(MORNING + timedelta(days=1))
        late = self.open(MORNING)
        self.assertEqual((late.state, today.state), ("auto_closed", "open"))
        late._do_close(EVENING)
        self.assertEqual((late.state, late.close_at), ("closed", EVENING))
        self.assertFalse(late.needs_confirmation)

    def test_auto_close_cron(self):
        due, not_due = self.open(), self.open(user=self.senior)
        not_due.sudo().auto_close_at = datetime(2026, 11, 20, 16)
        cron = self.env.ref("field_base.field_workday_cron_auto_close")
        with freeze_time("2026-11-20 14:30:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((due.state, due.close_at), ("auto_closed", datetime(2026, 11, 20, 14)))
        self.assertTrue(due.needs_confirmation)
        self.assertEqual(not_due.state, "open")
        # the person tells later when it really ended
        due._do_close(EVENING)
        self.assertEqual((due.state, due.close_at), ("closed", EVENING))

    def test_database_keeps_one_day_and_one_open_day(self):
        day = self.open()
        base = {"user_id": self.rep.id, "tz": "UTC", "open_at": MORNING, "auto_close_at": EVENING}
        for values in (
            {"date": day.date, "state": "closed", "close_at": EVENING},
            {"date": date(2026, 11, 21), "state": "open"},
            {"date": date(2026, 11, 22), "state": "closed"},
            {"date": date(2026, 11, 22), "state": "open", "close_at": EVENING},
            {"date": date(2026, 11, 22), "state": "closed", "close_at": MORNING - timedelta(1)},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env["field.workday"].create({**base, **values})

    def test_only_ones_own_day(self):
        for user in (self.leader, self.other_rep, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.day(user)._do_open(self.rep, MORNING)
        for user in (self.auditor, self.internal, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.day(user)._do_open(user, MORNING)
        day = self.open()
        with self.assertRaises(AccessError):
            day.with_user(self.leader)._do_close(EVENING)
        self.day(self.admin).browse(day.id)._do_close(EVENING)
        self.assertEqual(day.state, "closed")

    @freeze_time("2026-11-20 00:30:00")
    def test_buttons(self):
        action = self.day().action_open_today(PLACE)
        day = self.day().browse(action["res_id"])
        self.assertEqual((day.state, day.date), ("open", date(2026, 11, 20)))
        day.action_close()
        self.assertEqual(day.state, "closed")
        with self.assertRaises(AccessError):
            self.day(self.portal).action_open_today()

    def test_another_company(self):
        self.rep.company_ids |= self.other_company
        there = self.make_device(self.rep, company_id=self.other_company.id)
        day = self.day().with_context(allowed_company_ids=self.rep.company_ids.ids)
        day = day._do_open(self.rep, MORNING, device=there)
        self.assertEqual(day.company_id, self.other_company)
        self.assertEqual(day.policy_id.company_id, self.other_company)
