from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import FieldCase

MORNING = datetime(2026, 11, 20, 0, 30)
EVENING = datetime(2026, 11, 20, 10)


@tagged("post_install", "-at_install")
class TestWorkdayAttendance(FieldCase):
    """Runs where Odoo's Attendances app is installed; nothing of ours depends on it."""

    def setUp(self):
        super().setUp()
        if "hr.attendance" not in self.env:
            self.skipTest("hr_attendance is not installed")
        self.policy = self.env["field.policy"].search([("company_id", "=", self.company.id)])
        self.policy.attendance_link = True

    def open(self, at=MORNING):
        return self.as_user("field.workday", self.rep)._do_open(self.rep, at)

    def attendances(self):
        return self.env["hr.attendance"].search([("employee_id", "=", self.emp_rep.id)])

    def test_a_day_is_an_attendance(self):
        day = self.open()
        self.assertRecordValues(self.attendances(), [{"check_in": MORNING, "check_out": False}])
        day._do_close(EVENING)
        self.assertRecordValues(self.attendances(), [{"check_in": MORNING, "check_out": EVENING}])
        self.assertEqual(day.attendance_res_id, self.attendances().id)

    def test_a_late_end_corrects_it(self):
        day = self.open()
        day.sudo()._auto_close_due()
        self.assertEqual(self.attendances().check_out, day.auto_close_at)
        day._do_close(EVENING)
        self.assertEqual(self.attendances().check_out, EVENING)
        self.open(EVENING + timedelta(minutes=5))
        self.assertFalse(self.attendances().check_out)

    def test_one_that_is_there_already_stops_nobody(self):
        terminal = self.env["hr.attendance"].create(
            {"employee_id": self.emp_rep.id, "check_in": MORNING - timedelta(hours=1)}
        )
        day = self.open()
        self.assertEqual((day.state, self.attendances()), ("open", terminal))
        terminal.check_out = MORNING
        day._do_close(EVENING)
        self.assertEqual(len(self.attendances()), 2)

    def test_only_where_the_policy_asks(self):
        self.policy.attendance_link = False
        self.open()
        self.assertFalse(self.attendances())
