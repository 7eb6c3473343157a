from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..models.field_live import CHANNEL
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

    def test_needs_and_channel(self):
        self.env["field.workday"]._do_open(self.rep, fields.Datetime.now())
        self.live(80, contact_minutes=70)
        Last = self.env["field.position.last"]
        context = Last.with_user(self.leader).get_live_context()
        [silent] = [need for need in context["needs"] if need["key"] == "silent"]
        self.assertEqual(silent["user_ids"], self.rep.ids)
        self.assertFalse(Last.with_user(self.neighbour)._find_people_on_duty(silent=True))
        self.assertTrue(context["channel"].endswith(f"_{self.leader.company_id.id}"))

    def test_weak_battery_needs_somebody(self):
        self.env["field.workday"]._do_open(self.rep, fields.Datetime.now())
        self.live(1)
        self.env.cr.execute("UPDATE field_position_last SET battery = 0.1, charging = NULL")
        Last = self.env["field.position.last"].with_user(self.leader)
        self.assertEqual(Last._find_people_on_duty(silent=False), self.rep.ids)

    def test_pulse_says_nothing_but_that_there_is_something(self):
        sent = []
        with patch.object(type(self.env["bus.bus"]), "_sendone", lambda _s, *a: sent.append(a)):
            self.env.registry.clear_cache()
            for minutes in (3, 2, 1):
                self.live(minutes)
        [(channel, kind, content)] = sent
        self.assertEqual((kind, content), ("field_tracking.live", {}))
        self.assertTrue(channel.endswith(f"_{self.rep.company_id.id}"))

    def test_channel_is_for_leaders_of_the_company(self):
        channel = CHANNEL % self.env.company.id
        other = CHANNEL % 0
        Socket = self.env["ir.websocket"]
        for user, allowed in ((self.leader, True), (self.auditor, True), (self.rep, False)):
            kept = Socket.with_user(user)._keep_allowed([channel, other, "else"])
            self.assertEqual(channel in kept, allowed, user.login)
            self.assertNotIn(other, kept)
            self.assertIn("else", kept)

    def test_second_look_of_the_hour_writes_nothing(self):
        self.live(3)
        self.env["field.access.log"].flush_model()
        count = self.env["field.access.log"].search_count([("kind", "=", "live")])
        self.assertEqual(count, 1)
        self.env["field.position.last"].with_user(self.leader).get_live()
        self.assertEqual(self.env["field.access.log"].search_count([("kind", "=", "live")]), 1)
