from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from . import tracks
from .common import TrackCase
from odoo.addons.field_tracking.tools.parse import Fix


@tagged("post_install", "-at_install")
class TestZoneAlerts(TrackCase, TransactionCase):
    """The workshop: who leaves in working hours is known at once."""

    def setUp(self):
        super().setUp()
        self.zone = self.env["field.zone"].create(
            {
                "name": "Workshop",
                "lat": tracks.LAT,
                "lng": tracks.LON,
                "radius": 150,
                "alert_on": "leave",
                "responsible_id": self.leader.id,
                "user_ids": [(6, 0, self.rep.ids)],
            }
        )

    def day_out(self):
        """An hour in the workshop, then off; the last fix is now."""
        made = tracks.Maker(every=60).stay(3600).go(6000, 0, 12).arrays()
        shift = int(
            (fields.Datetime.now() - fields.Datetime.to_datetime("1970-01-01")).total_seconds()
        )
        shift -= int(made["ts"][-1])
        self.store(
            [
                Fix(ts=int(ts) + shift, lat=round(lat, 7), lon=round(lon, 7), accuracy=8.0)
                for ts, lat, lon in zip(
                    *(made[name].tolist() for name in ("ts", "lat", "lon")), strict=True
                )
            ]
        )

    def alerts(self):
        return self.env["field.zone.alert"].search([("user_id", "=", self.rep.id)])

    def test_leaving_is_told_to_the_person_responsible_at_once(self):
        with freeze_time("2026-11-20 06:00:00"):
            self.day_out()
            self.rebuild(self.rep)
            [alert] = self.alerts()
            self.assertEqual((alert.kind, alert.zone_id), ("leave", self.zone))
            self.assertTrue(alert.noticed_at)
            self.assertLess(fields.Datetime.now() - alert.at, timedelta(minutes=12))
        message = self.env["mail.message"].search(
            [("model", "=", "field.zone.alert"), ("res_id", "=", alert.id)]
        )
        self.assertIn(self.leader.partner_id, message.notified_partner_ids)
        self.assertIn("Workshop", message.subject)

    def test_built_again_is_told_once(self):
        with freeze_time("2026-11-20 06:00:00"):
            self.day_out()
            days = self.rebuild(self.rep)
            days._rebuild()
            self.assertEqual(len(self.alerts()), 1)

    def test_outside_watched_hours_and_without_the_wish_nobody_is_told(self):
        calendar = self.env["resource.calendar"].create({"name": "Nights", "tz": "Asia/Shanghai"})
        calendar.attendance_ids.unlink()
        self.zone.calendar_id = calendar
        with freeze_time("2026-11-20 06:00:00"):
            self.day_out()
            days = self.rebuild(self.rep)
            self.assertFalse(self.alerts())
            self.zone.write({"calendar_id": False, "alert_on": "none"})
            days._rebuild()
            self.assertFalse(self.alerts())

    def test_late_positions_alarm_nobody(self):
        with freeze_time("2026-11-20 06:00:00"):
            self.day_out()
        with freeze_time("2026-11-20 09:00:00"):
            self.rebuild(self.rep)
            [alert] = self.alerts()
            self.assertFalse(alert.noticed_at)

    def test_who_sees_and_who_deals_with_it(self):
        with freeze_time("2026-11-20 06:00:00"):
            self.day_out()
            self.rebuild(self.rep)
        alert = self.alerts()
        seen = {
            user.login: alert.with_user(user).has_access("read")
            for user in (self.leader, self.director, self.neighbour, self.stranger, self.rep)
        }
        self.assertEqual(list(seen.values()), [True, True, False, False, True])
        with self.assertRaises(AccessError):
            alert.with_user(self.rep).action_seen()
        with self.assertRaises(AccessError):
            alert.with_user(self.neighbour).action_seen()
        alert.with_user(self.leader).action_seen()
        self.assertEqual(alert.seen_by_id, self.leader)

    def test_alert_stands_in_the_strip_of_the_live_map(self):
        now = fields.Datetime.now()
        self.env["field.zone.alert"].create(
            {
                "user_id": self.rep.id,
                "zone_id": self.zone.id,
                "kind": "leave",
                "at": now - timedelta(minutes=3),
            }
        )
        context = self.env["field.position.last"].with_user(self.leader).get_live_context()
        needs = {need["key"]: need["count"] for need in context["needs"]}
        self.assertEqual(needs.get("zones"), 1)
        self.assertIn("Workshop", [zone["name"] for zone in context["zones"]])
        other = self.env["field.position.last"].with_user(self.neighbour).get_live_context()
        self.assertNotIn("zones", [need["key"] for need in other["needs"]])
