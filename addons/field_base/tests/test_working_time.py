from datetime import date, datetime, timedelta

from odoo.tests import freeze_time, new_test_user, tagged

from .common import REP, FieldCase

FRIDAY = date(2026, 11, 20)
SATURDAY = date(2026, 11, 21)


def at(hour, minute=0, day=20):
    """Shanghai wall clock on a day of November 2026 as naive UTC."""
    return datetime(2026, 11, day, hour, minute) - timedelta(hours=8)


@tagged("post_install", "-at_install")
class TestWorkingTime(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Policy = cls.env["field.policy"]
        cls.policy = cls.Policy.search([("company_id", "=", cls.company.id)])
        calendar = cls.env["resource.calendar"].create(
            {
                "name": "Nine to six",
                "tz": "Asia/Shanghai",
                "attendance_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "x",
                            "dayofweek": str(weekday),
                            "hour_from": first,
                            "hour_to": last,
                            "day_period": period,
                        },
                    )
                    for weekday in range(5)
                    for first, last, period in ((9, 12, "morning"), (13, 18, "afternoon"))
                ],
            }
        )
        cls.calendar = calendar
        cls.policy.write({"calendar_id": calendar.id, "working_time_lock": "calendar"})

    def working(self, *moments, user=None):
        user = user or self.rep
        spans = [(moment, moment) for moment in moments]
        return self.Policy._is_working_time(user, {user.id: spans})[user.id]

    def leave(self, first, last, user=None):
        employee = self.emp_rep if user else self.env["hr.employee"]
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Off",
                "calendar_id": self.calendar.id,
                "resource_id": employee.resource_id.id,
                "date_from": first,
                "date_to": last,
                "company_id": self.company.id,
            }
        )

    def test_no_lock_is_any_time(self):
        self.policy.working_time_lock = "none"
        self.assertEqual(self.working(at(3), at(12), at(12, day=21)), [True] * 3)

    def test_hours_of_the_calendar_with_grace(self):
        self.assertEqual(
            self.working(at(8, 49), at(8, 50), at(12, 30), at(18, 10), at(18, 11)),
            [False, True, False, True, False],
        )
        self.policy.write({"grace_start_min": 0, "grace_end_min": 30})
        self.assertEqual(self.working(at(8, 59), at(12, 30), at(18, 30)), [False, True, True])

    def test_weekend_is_none(self):
        self.assertEqual(self.working(at(10, day=21)), [False])

    def test_holiday_and_leave_are_none(self):
        self.leave(at(0), at(12), user=self.rep)
        self.assertEqual(self.working(at(10), at(15)), [False, True])
        self.assertEqual(self.working(at(10), user=self.senior), [True])
        self.leave(at(0), at(23, 59))
        self.assertEqual(self.working(at(15)), [False])
        self.assertEqual(self.working(at(15), user=self.senior), [False])

    def test_hours_are_read_on_the_persons_clock(self):
        self.rep.tz = "Europe/Berlin"
        berlin_ten = datetime(2026, 11, 20, 9)
        self.assertEqual(self.working(berlin_ten, at(10)), [True, False])

    def test_open_workday_without_pauses(self):
        self.policy.working_time_lock = "workday"
        day = self.as_user("field.workday", self.rep)._do_open(self.rep, at(8, 30))
        day._do_pause(at(12))
        day._do_resume(at(13))
        day._do_close(at(20))
        self.assertEqual(
            self.working(at(8, 29), at(8, 30), at(12, 30), at(13), at(20), at(20, 1)),
            [False, True, False, True, True, False],
        )

    def test_both_locks(self):
        self.policy.working_time_lock = "both"
        self.as_user("field.workday", self.rep)._do_open(self.rep, at(10))
        self.assertEqual(self.working(at(9, 30), at(10, 30), at(21)), [False, True, False])

    def test_an_open_day_ends_at_its_closing_hour(self):
        self.policy.working_time_lock = "workday"
        self.as_user("field.workday", self.rep)._do_open(self.rep, at(10))
        self.assertEqual(self.working(at(21, 59), at(22, 1)), [True, False])

    def test_stretches_of_time(self):
        spans = [(at(9), at(12)), (at(11), at(13)), (at(9), at(9, day=21))]
        found = self.Policy._is_working_time(self.rep, {self.rep.id: spans})
        self.assertEqual(found[self.rep.id], [True, False, False])

    def test_a_policy_holds_on_its_days(self):
        self.policy.copy({"working_time_lock": "none", "effective_from": SATURDAY})
        self.assertEqual(self.working(at(3), at(3, day=21)), [False, True])

    def test_employee_without_fixed_hours(self):
        self.policy.calendar_id = False
        self.emp_rep.resource_calendar_id = False
        self.assertEqual(self.working(at(3), at(10)), [True, True])
        self.calendar.flexible_hours = True
        self.emp_rep.resource_calendar_id = self.calendar
        self.assertEqual(self.working(at(3)), [True])

    def test_planned_days(self):
        self.leave(at(0, day=19), at(23, 59, day=19), user=self.rep)
        self.leave(at(0, day=18), at(23, 59, day=18))
        dates = [date(2026, 11, day) for day in (18, 19, 20, 21)]
        found = self.Policy._get_planned_days(self.rep, dates)
        self.assertEqual(
            [found[self.rep.id, day].kind for day in dates], ["holiday", "leave", "work", "off"]
        )
        self.assertEqual(found[self.rep.id, FRIDAY].hours, 8)
        self.assertEqual(found[self.rep.id, FRIDAY].spans[0], (at(9), at(12)))

    def test_number_of_queries_does_not_grow(self):
        few = self.rep | self.senior
        many = few
        for i in range(15):
            user = new_test_user(
                self.env,
                f"clock{i}",
                groups=REP,
                tz="Asia/Shanghai",
                context={"no_reset_password": True},
            )
            self.env["hr.employee"].create({"name": user.name, "user_id": user.id})
            many |= user
        self.policy.working_time_lock = "both"

        def count(users):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Policy._get_working_times(users, at(0), at(23))
            return self.env.cr.sql_log_count - before

        count(few)
        self.assertLessEqual(count(many), count(few))
        self.assertLessEqual(count(many), 20)

    @freeze_time("2026-11-20 01:00:00")
    def test_values_for_the_app(self):
        values = self.Policy._get_app_values(self.rep)
        self.assertEqual(values["policy"]["working_time_lock"], "calendar")
        self.assertEqual(
            values["working_times"][0], ["2026-11-20T00:50:00Z", "2026-11-20T04:10:00Z"]
        )
        before = values["policy_rev"]
        self.policy.copy({"effective_from": FRIDAY, "working_time_lock": "none"})
        values = self.Policy._get_app_values(self.rep)
        self.assertIsNone(values["working_times"])
        self.assertNotEqual(values["policy_rev"], before)
