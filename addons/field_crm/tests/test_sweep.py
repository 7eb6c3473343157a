from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import LEADER
from .recycle import DAY, HOUR, MONDAY, RecycleCommon


@tagged("post_install", "-at_install")
class TestSweep(RecycleCommon):
    def test_due_lead_goes_back_with_its_reason(self):
        self._claim()
        self._sweep(MONDAY + DAY - HOUR)
        self.assertEqual(self.lead.user_id, self.rep)
        self._sweep(MONDAY + DAY)
        self.assertTrue(self.lead.field_in_pool)
        self.assertFalse(self.lead.date_open or self.lead.field_recycle_at)
        event, user, reason = self._history(self.lead)[-1]
        self.assertEqual((event, user), ("recycle", self.rep))
        self.assertIn("24", reason)
        claim = self.env["field.lead.claim"].search([("lead_id", "=", self.lead.id)], limit=1)
        self.assertEqual(claim.clock, "contact")

    def test_check_inside_the_lock_sees_the_meeting_that_has_ended(self):
        self._claim()
        with freeze_time(MONDAY + HOUR):
            self._meet(self.lead, MONDAY + 2 * HOUR, 60)
        self._sweep(MONDAY + DAY)
        self.assertEqual(self.lead.user_id, self.rep)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + 3 * HOUR + 15 * DAY)

    def test_pool_that_was_switched_off_takes_nothing(self):
        self._claim()
        self.env.flush_all()
        self.env.cr.execute("UPDATE field_lead_pool SET recycle_on = FALSE")
        self.env.invalidate_all()
        self._sweep(MONDAY + DAY)
        self.assertEqual(self.lead.user_id, self.rep)

    def test_owner_is_told_once_and_follows_no_longer(self):
        for lead in (self.lead, self.lead2):
            self._claim(lead)
        self.lead.activity_schedule(activity_type_id=self.call.id, user_id=self.rep.id)
        self.lead.message_subscribe(self.rep.partner_id.ids)
        self._sweep(MONDAY + DAY)
        told = self.env["field.notice"].search([("user_id", "=", self.rep.id)])
        self.assertEqual(told.mapped("kind"), ["lead_clock"])
        self.assertIn("2 of your leads", told.body)
        self.assertNotIn(self.rep.partner_id, self.lead.message_partner_ids)
        self.assertFalse(self.lead.activity_ids)

    def test_sweep_runs_in_batches(self):
        leads = self._new_leads(*[f"L{n}" for n in range(7)])
        self.pool.holding_cap = 0
        with freeze_time(MONDAY):
            leads.with_user(self.rep).action_claim()
        with freeze_time(MONDAY + DAY):
            now = fields.Datetime.now()
            first = self.env["crm.lead"]._recycle_batch(now, size=3)
            self.assertEqual(first["seen"], 3)
            while self.env["crm.lead"]._recycle_batch(now, size=3):
                pass
        self.assertFalse(leads.user_id)
        history = self.env["field.lead.claim"].search([("lead_id", "in", leads.ids)])
        self.assertEqual(len(history.filtered(lambda c: c.event == "recycle")), 7)

    def test_batch_costs_a_fixed_number_of_queries(self):
        counts = []
        for names in (["a", "b"], [f"x{n}" for n in range(20)]):
            leads = self._new_leads(*names)
            with freeze_time(MONDAY):
                leads.with_user(self.rep).action_claim()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with freeze_time(MONDAY + DAY):
                self.env["crm.lead"]._recycle_batch(fields.Datetime.now())
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

    def test_last_owner_waits_after_a_recycling(self):
        self.pool.cooldown_days = 7
        self._claim()
        self._sweep(MONDAY + DAY)
        with freeze_time(MONDAY + 2 * DAY), self.assertRaises(UserError):
            self.lead.with_user(self.rep).action_claim()

    # warnings

    def _warn(self, at):
        before = self.env["field.notice"].search([])
        with freeze_time(at), self.enter_registry_test_mode():
            self.env.ref("field_crm.ir_cron_warn").method_direct_trigger()
        self.env.invalidate_all()
        return (self.env["field.notice"].search([]) - before).user_id

    def test_warnings_at_half_and_nine_tenths(self):
        """The second one also to the leader: the nearest, not whoever stands above him."""
        above = self._new_user("a_director", LEADER, name="A Director")
        Employee = self.env["hr.employee"]
        top = Employee.create({"name": above.name, "user_id": above.id})
        Employee.search([("user_id", "=", self.leader.id)]).parent_id = top
        self._claim()
        self.assertFalse(self._warn(MONDAY + 11 * HOUR))
        self.assertEqual(self._warn(MONDAY + 12 * HOUR), self.rep)
        self.assertFalse(self._warn(MONDAY + 13 * HOUR), "once")
        self.assertEqual(self._warn(MONDAY + 22 * HOUR), self.rep | self.leader)
        self.assertFalse(self._warn(MONDAY + 23 * HOUR))
        told = self.env["field.notice"].search([("user_id", "=", self.rep.id)])
        self.assertEqual(set(told.mapped("due_at")), {MONDAY + 23 * HOUR}, "not in quiet hours")

    def test_no_warning_after_contact(self):
        self._claim()
        self._call(self.lead, MONDAY + HOUR)
        self.assertFalse(self._warn(MONDAY + 13 * HOUR))
