from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..tools.parse import Fix
from .common import TrackCase


@tagged("post_install", "-at_install")
class TestLive(TrackCase, TransactionCase):
    def live(self, minutes_ago, speed=None, contact_minutes=None):
        now = fields.Datetime.now()
        ts = int(
            (
                now - timedelta(minutes=minutes_ago) - fields.Datetime.to_datetime("1970-01-01")
            ).total_seconds()
        )
        self.store([Fix(ts=ts, lat=31.2, lon=121.4, accuracy=12.0, speed=speed, battery=0.42)])
        contact = minutes_ago if contact_minutes is None else contact_minutes
        self.device.last_contact = now - timedelta(minutes=contact)
        self.env.flush_all()
        self.env.invalidate_all()
        [row] = self.env["field.position.last"].with_user(self.leader).get_live()
        return row

    def test_moving_staying_and_age(self):
        row = self.live(3, speed=8.0)
        self.assertEqual((row["state"], row["speed_kmh"], row["battery"]), ("moving", 29, 42))
        self.assertAlmostEqual(row["age_s"], 180, delta=5)

    def test_slow_is_staying(self):
        self.assertEqual(self.live(3, speed=0.4)["state"], "staying")

    def test_an_old_speed_is_not_moving(self):
        self.assertEqual(self.live(15, speed=8.0)["state"], "staying")

    def test_silent_on_duty_and_off_otherwise(self):
        self.assertEqual(self.live(90)["state"], "off")
        self.env["field.workday"]._do_open(self.rep, fields.Datetime.now())
        self.assertEqual(self.live(80)["state"], "silent")

    def test_a_heartbeat_keeps_a_still_phone_in_contact(self):
        row = self.live(120, contact_minutes=5)
        self.assertEqual(row["state"], "staying")
        self.assertGreater(row["age_s"], 7000)
        self.assertLess(row["contact_s"], 400)
