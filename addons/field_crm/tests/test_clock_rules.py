from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .recycle import DAY, HOUR, MONDAY, RecycleCommon


@tagged("post_install", "-at_install")
class TestClockRules(RecycleCommon):
    """What moves a deadline: leave, other rules, working time, an extension."""

    # leave

    def _leave(self, start, end):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "resource_id": self.rep.employee_ids.resource_id.id,
                "date_from": start,
                "date_to": end,
                "time_type": "leave",
            }
        )

    def test_leave_stops_the_clocks(self):
        self._claim()
        with freeze_time(MONDAY + HOUR):
            self._leave(MONDAY + 10 * HOUR, MONDAY + 10 * HOUR + 3 * DAY)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + 4 * DAY)
        self._sweep(MONDAY + 3 * DAY)
        self.assertEqual(self.lead.user_id, self.rep)

    def test_leave_that_arrived_by_another_way_is_seen_inside_the_lock(self):
        self._claim()
        leave = self._leave(MONDAY + 10 * HOUR, MONDAY + 10 * HOUR + 3 * DAY)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET field_contact_deadline = %s, field_recycle_at = %s WHERE id = %s",
            (MONDAY + DAY, MONDAY + DAY, self.lead.id),
        )
        self.env.invalidate_all()
        self._sweep(MONDAY + 2 * DAY)
        self.assertEqual(self.lead.user_id, self.rep, leave)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + 4 * DAY)

    # rule changes

    def test_stricter_rules_leave_48_hours(self):
        self._claim()
        with freeze_time(MONDAY + HOUR):
            self._call(self.lead, MONDAY + HOUR)
        with freeze_time(MONDAY + 10 * DAY):
            self.pool.write({"followup_days": 3})
        self.assertEqual(self.lead.field_followup_deadline, MONDAY + 12 * DAY)
        self._sweep(MONDAY + 12 * DAY - HOUR)
        self.assertEqual(self.lead.user_id, self.rep)

    def test_milder_rules_hold_at_once(self):
        self._claim()
        with freeze_time(MONDAY + HOUR):
            self.pool.contact_hours = 72
        self.assertEqual(self.lead.field_recycle_at, MONDAY + 3 * DAY)

    def test_off_and_on_gives_no_new_time(self):
        self._claim()
        self._call(self.lead, MONDAY + HOUR)
        with freeze_time(MONDAY + 5 * DAY):
            self.pool.recycle_on = False
            self.assertFalse(self.lead.field_recycle_at)
            self.pool.recycle_on = True
        self.assertEqual(self.lead.field_followup_deadline, MONDAY + 15 * DAY)

    def test_leads_held_before_get_the_grace_time(self):
        self.pool.recycle_on = False
        self._claim()
        with freeze_time(MONDAY + 100 * DAY):
            self.pool.recycle_on = True
        self.assertEqual(self.lead.field_recycle_at, MONDAY + 102 * DAY)

    def test_grace_is_never_shorter_than_48_hours_and_may_be_longer(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.pool.grace_hours = 47
            self.env.flush_all()
        self.pool.grace_hours = 72
        self._claim()
        self._call(self.lead, MONDAY + HOUR)
        with freeze_time(MONDAY + 10 * DAY):
            self.pool.followup_days = 3
        self.assertEqual(self.lead.field_followup_deadline, MONDAY + 13 * DAY)

    def test_leave_approved_later_and_moved_stops_the_clocks_too(self):
        self._claim()
        with freeze_time(MONDAY + HOUR):
            leave = self._leave(MONDAY + 10 * HOUR, MONDAY + 10 * HOUR + DAY)
            self.assertEqual(self.lead.field_recycle_at, MONDAY + 2 * DAY)
            leave.date_to += 2 * DAY
        self.assertEqual(self.lead.field_recycle_at, MONDAY + 4 * DAY)

    # working time

    def test_clocks_in_working_time(self):
        self.pool.write({"clock_kind": "working", "contact_hours": 8, "followup_days": 2})
        calendar = self.env.company.resource_calendar_id
        calendar.tz = "Asia/Shanghai"
        self._claim(at=MONDAY + 4 * DAY + 7 * HOUR)  # Friday, four in the afternoon
        monday = (MONDAY + 7 * DAY).date()
        self.assertEqual(self.lead.field_contact_deadline.date(), monday)
        self.assertEqual(self.lead.field_followup_deadline.date(), monday + DAY)

    # extension

    def _ask(self, lead=None):
        return (lead or self.lead).with_user(self.rep).action_ask_extension("Buyer is away")

    def test_extension_with_reason_and_approval(self):
        self._claim()
        with freeze_time(MONDAY + HOUR):
            with self.assertRaises(UserError):
                self.lead.with_user(self.rep).action_ask_extension("  ")
            request = self._ask()
            with self.assertRaises(UserError):
                self._ask()
            with self.assertRaises(AccessError):
                request.with_user(self.rep).action_grant()
            request.with_user(self.leader).action_grant()
        self.assertEqual(request.state, "granted")
        self.assertEqual(self.lead.field_recycle_at, MONDAY + 8 * DAY)
        with freeze_time(MONDAY + 2 * HOUR), self.assertRaises(UserError):
            self._ask()

    def test_refused_request_changes_nothing(self):
        self._claim()
        with freeze_time(MONDAY + HOUR):
            request = self._ask()
            request.with_user(self.leader).action_refuse()
        self.assertEqual(self.lead.field_recycle_at, MONDAY + DAY)

    def test_open_request_holds_the_lead_for_two_days(self):
        self._claim()
        request = self._ask()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE field_lead_extension SET create_date = %s WHERE id = %s",
            (MONDAY + 23 * HOUR, request.id),
        )
        self._sweep(MONDAY + 2 * DAY)
        self.assertEqual(self.lead.user_id, self.rep)
        self._sweep(MONDAY + 23 * HOUR + 2 * DAY + HOUR)
        self.assertTrue(self.lead.field_in_pool)

    def test_only_the_leader_sees_requests(self):
        self._claim()
        with freeze_time(MONDAY + HOUR):
            request = self._ask()
        Request = self.env["field.lead.extension"]
        self.assertEqual(Request.with_user(self.rep).search([]) & request, request)
        self.assertEqual(Request.with_user(self.leader).search([]) & request, request)
        self.assertFalse(Request.with_user(self.rep2).search([("id", "=", request.id)]))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            request.with_user(self.rep).write({"state": "granted"})
