"""A pool that takes leads back, and what its members do with them."""

from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command, Datetime
from odoo.tests import freeze_time

from .common import LeadPoolCommon

MONDAY = Datetime.to_datetime("2026-11-16 01:00:00")  # nine in the morning in Shanghai
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class RecycleCommon(LeadPoolCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool.write({"recycle_on": True})
        cls.call = cls.env.ref("mail.mail_activity_data_call")

    def _claim(self, lead=None, user=None, at=MONDAY):
        with freeze_time(at):
            (lead or self.lead).with_user(user or self.rep).action_claim()
            self.env.flush_all()

    def _call(self, lead, at, feedback="Spoke with the owner", user=None):
        with freeze_time(at), patch.object(self.env.cr, "now", lambda: at):
            activity = lead.with_user(user or self.rep).activity_schedule(
                activity_type_id=self.call.id, user_id=(user or self.rep).id
            )
            activity.action_feedback(feedback=feedback)
            self.env.flush_all()

    def _meet(self, lead, start, minutes, user=None):
        return self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": start,
                "stop": start + timedelta(minutes=minutes),
                "opportunity_id": lead.id,
                "user_id": (user or self.rep).id,
                "partner_ids": [Command.set((user or self.rep).partner_id.ids)],
            }
        )

    def _sweep(self, at):
        with freeze_time(at), self.enter_registry_test_mode():
            self.env.ref("field_crm.ir_cron_recycle").method_direct_trigger()
        self.env.invalidate_all()

    def assertRuns(self, lead, start):
        """All three clocks run from this moment."""
        self.assertEqual(lead.field_clock_start, start)
        self.assertEqual(lead.field_contact_deadline, start + DAY)
        self.assertEqual(lead.field_followup_deadline, start + 15 * DAY)
        self.assertEqual(lead.field_convert_deadline, start + 30 * DAY)
        self.assertEqual(lead.field_recycle_at, start + DAY)
