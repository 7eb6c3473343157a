from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, tagged

from .common import TrackCase
from odoo.addons.field_tracking.tools.parse import Fix

NOON = "2026-11-20 04:00:00"  # 12:00 in Shanghai, outside quiet hours


@tagged("post_install", "-at_install")
class TestNotes(TrackCase, TransactionCase):
    """A word to the person about his phone, and to nobody else."""

    def setUp(self):
        super().setUp()
        self.Note = self.env["field.track.note"]
        clock = freeze_time(NOON)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        self.env["field.workday"]._do_open(self.rep, fields.Datetime.now())

    def position(self, **values):
        epoch = fields.Datetime.to_datetime("1970-01-01")
        ts = int((fields.Datetime.now() - epoch).total_seconds())
        self.store([Fix(ts=ts, lat=31.2, lon=121.4, accuracy=9.0, **values)])
        self.device.last_contact = fields.Datetime.now()

    def run_job(self, minutes=0):
        self.clock.tick(timedelta(minutes=minutes))
        self.env.flush_all()
        self.env.invalidate_all()
        self.Note._cron_notes()
        return self.Note.search([("user_id", "=", self.rep.id), ("ended_at", "=", False)])

    def test_silence_is_told_once_and_ends_by_itself(self):
        self.position()
        self.assertFalse(self.run_job(30))
        note = self.run_job(20)
        self.assertEqual(note.code, "silent")
        self.assertEqual(self.run_job(5), note)
        message = self.env["mail.message"].search(
            [("model", "=", note._name), ("res_id", "=", note.id)]
        )
        self.assertEqual(message.notified_partner_ids, self.rep.partner_id)
        self.position()
        self.assertFalse(self.run_job())
        self.assertTrue(note.ended_at)

    def test_silence_on_the_way_says_so(self):
        self.position(speed=14.0)
        self.assertEqual(self.run_job(50).code, "stopped")

    def test_low_battery_rearms_only_when_well_charged(self):
        self.position(battery=0.18)
        note = self.run_job()
        self.assertEqual(note.code, "battery")
        self.position_later(0.25)
        self.assertEqual(self.run_job(), note)
        self.position_later(0.35)
        self.assertFalse(self.run_job())

    def position_later(self, battery):
        self.clock.tick(timedelta(minutes=2))
        self.position(battery=battery)

    def test_charging_pause_and_end_of_day_are_no_trouble(self):
        self.position(battery=0.1, charging=True)
        self.assertFalse(self.run_job())
        day = self.env["field.workday"].search([("user_id", "=", self.rep.id)], limit=1)
        day._do_pause(fields.Datetime.now())
        self.assertFalse(self.run_job(90))
        day._do_resume(fields.Datetime.now())
        self.assertTrue(self.run_job())
        day._do_close(fields.Datetime.now())
        self.assertFalse(self.run_job())

    def test_policy_and_quiet_hours(self):
        self.position()
        policy = self.env["field.policy"]._get_for_users(self.rep)[self.rep.id].sudo()
        policy.service_notes = False
        self.assertFalse(self.run_job(60))
        policy.write({"service_notes": True, "quiet_from": 0.0, "quiet_until": 23.9})
        self.assertFalse(self.run_job())
        policy.write({"quiet_from": 0.0, "quiet_until": 0.0, "tracking_level": "check_in"})
        self.assertFalse(self.run_job())

    def test_nobody_else_reads_it(self):
        self.position(battery=0.1)
        note = self.run_job()
        for user, may in (
            (self.rep, True),
            (self.leader, False),
            (self.director, False),
            (self.boss, False),
            (self.stranger, False),
        ):
            self.assertEqual(note.with_user(user).has_access("read"), may, user.login)
        self.assertTrue(note.text)
