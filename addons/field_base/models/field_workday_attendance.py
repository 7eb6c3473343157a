from odoo import fields, models


class FieldWorkday(models.Model):
    """A workday as an attendance, where Odoo's Attendances app is installed and the policy asks
    for it. A soft look-up: that app is no dependency of ours."""

    _inherit = "field.workday"

    attendance_res_id = fields.Integer(
        "Attendance", readonly=True, copy=False, aggregator=None, help="ID of the attendance."
    )

    def _sync_attendance(self):
        """Make or correct the attendance of each day. One that overlaps another attendance is
        left to the people of that app: a workday never fails because of it."""
        if "hr.attendance" not in self.env:
            return
        days = self.filtered(lambda day: (day.policy_snapshot or {}).get("attendance_link"))
        if not days:
            return
        employees = days._field_employees()
        for day in days:
            if employees[day.id]:
                day._write_attendance(employees[day.id])

    def _write_attendance(self, employee):
        Attendance = self.env["hr.attendance"].sudo()
        known = Attendance.browse(self.attendance_res_id).exists()
        vals = {"check_in": self.open_at, "check_out": self.close_at}
        if Attendance.search_count(self._get_overlap_domain(employee, known), limit=1):
            return
        if known:
            known.write(vals)
        else:
            self.attendance_res_id = Attendance.create({"employee_id": employee.id, **vals}).id

    def _get_overlap_domain(self, employee, known):
        end = self.close_at or fields.Datetime.to_datetime("9999-01-01")
        return [
            ("employee_id", "=", employee.id),
            ("id", "not in", known.ids),
            ("check_in", "<", end),
            "|",
            ("check_out", "=", False),
            ("check_out", ">", self.open_at),
        ]
