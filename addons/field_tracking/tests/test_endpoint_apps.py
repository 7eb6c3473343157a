import json
import time
from datetime import date, datetime, timedelta

from odoo.tests import HttpCase, freeze_time, tagged

from . import tracks, wire
from .common import TrackCase


@tagged("post_install", "-at_install")
class TestEndpointApps(TrackCase, HttpCase):
    """Real requests of OwnTracks, Overland, a Traccar server and our own app."""

    def setUp(self):
        super().setUp()
        self.ts = int(time.time()) - 3600
        moment = datetime(1970, 1, 1) + timedelta(seconds=self.ts)
        self.iso = moment.isoformat(timespec="milliseconds") + "Z"
        self.device.has_fences = False

    def send(self, kind, body, headers=None, token=None):
        answer = self.url_open(
            f"/field/track/{token or self.token}/{kind}",
            data=body,
            headers=headers or wire.IOS,
            method="POST",
            allow_redirects=False,
            timeout=30,
        )
        self.assertNotIn("Set-Cookie", answer.headers)
        self.env.invalidate_all()
        return answer

    def assertAnswer(self, answer, content):
        self.assertEqual((answer.status_code, answer.json()), (200, content))
        self.assertEqual(answer.headers["Content-Type"], "application/json")

    def rows(self):
        return self.Position.search([("device_id", "=", self.device.id)], order="ts")

    def assertRow(self, **expected):
        [row] = self.rows()
        self.assertEqual(row.ts, datetime(1970, 1, 1) + timedelta(seconds=self.ts))
        for name, value in expected.items():
            if isinstance(value, float):
                self.assertAlmostEqual(row[name], value, 3, name)
            else:
                self.assertEqual(row[name], value, name)

    # --- OwnTracks -----------------------------------------------------------------------------

    def test_owntracks_android(self):
        answer = self.send("owntracks", wire.android_location(self.ts), wire.ANDROID)
        self.assertAnswer(answer, [])
        self.assertRow(
            lat=52.52001,
            lng=13.40495,
            accuracy=12.0,
            altitude=34.0,
            speed=12.5,
            course=271.0,
            battery=0.87,
            charging=False,
            network="m",
            source="owntracks",
        )
        self.assertEqual(self.device.tracker_app, "OwnTracks Android")
        self.assertAlmostEqual(self.device.tracker_battery, 0.87)

    def test_owntracks_ios(self):
        self.assertAnswer(self.send("owntracks", wire.ios_location(self.ts)), [])
        self.assertRow(speed=16.94, battery=0.41, charging=True, network="w", activity="in_vehicle")

    def test_owntracks_on_the_plain_address(self):
        answer = self.url_open(
            f"/field/track/{self.token}", data=wire.android_location(self.ts), headers=wire.ANDROID
        )
        self.assertEqual((answer.status_code, answer.json()), (200, []))
        self.assertEqual(len(self.rows()), 1)

    def test_owntracks_encrypted(self):
        body = wire.encrypted(wire.android_location(self.ts), "correct horse")
        self.assertAnswer(self.send("owntracks", body, wire.ANDROID), [])
        self.assertEqual(self.device.reject_ids.mapped("reason"), ["encrypted"])
        self.assertFalse(self.rows())
        self.device.tracker_secret = "correct horse"
        self.assertAnswer(self.send("owntracks", body, wire.ANDROID), [])
        self.assertRow(lat=52.52001)
        self.device.tracker_secret = "another"
        self.assertAnswer(self.send("owntracks", body, wire.ANDROID), [])
        self.assertEqual(len(self.device.reject_ids), 2)

    def test_owntracks_all_that_is_no_position(self):
        for body in wire.SILENT:
            with self.subTest(body=body):
                self.assertAnswer(self.send("owntracks", body, wire.ANDROID), [])
        self.assertFalse(self.rows() or self.device.reject_ids)
        self.assertAnswer(self.send("owntracks", b'{"_type":"novelty"}'), [])
        self.assertAnswer(self.send("owntracks", b"{"), [])
        reasons = self.device.reject_ids.sorted("id").mapped("reason")
        self.assertEqual(reasons, ["unknown_type", "bad_body"])

    def test_owntracks_transition_is_a_place_with_a_note(self):
        self.assertAnswer(self.send("owntracks", wire.transition(self.ts), wire.ANDROID), [])
        self.assertRow(lat=52.52, accuracy=18.0, event="enter Customer 17")

    def test_owntracks_status_says_what_is_wrong(self):
        self.assertAnswer(self.send("owntracks", wire.STATUS, wire.ANDROID), [])
        said = self.device.tracker_status
        self.assertEqual((said["loc"], said["ps"], said["wifi"]), (-2, 1, 1))
        kinds = set(self.env["field.device.journal"].search([]).mapped("kind"))
        self.assertEqual(kinds, {"alive", "no_permission", "power_save"})
        self.assertFalse(self.rows())

    def test_owntracks_ping_is_no_fresh_place(self):
        """iOS stamps the old place with the time of the ping; Android with the time of the fix."""
        self.send("owntracks", wire.ios_location(self.ts, t="p", created_at=self.ts))
        self.assertFalse(self.rows())
        self.assertEqual(self.env["field.device.journal"].search([]).kind, "alive")
        old = wire.android_location(self.ts, t="p", created_at=self.ts + 900)
        self.send("owntracks", old, wire.ANDROID)
        self.assertRow(lat=52.52001)

    def test_owntracks_unknown_token(self):
        answer = self.send("owntracks", wire.android_location(self.ts), token="x" * 43)
        self.assertEqual((answer.status_code, answer.content), (401, b""))
        self.assertEqual(self.send("novelty", b"").status_code, 401)

    # --- fences on the phone -------------------------------------------------------------------

    def zone(self, name="Depot"):
        lat, lng = tracks.degrees(0, 0)
        return self.env["field.zone"].create(
            {"name": name, "lat": lat, "lng": lng, "radius": 150, "user_ids": self.rep.ids}
        )

    def test_fences_are_pushed_once_and_when_they_change(self):
        self.device.has_fences = True
        zone = self.zone()
        body = wire.android_location(self.ts)
        clear, fences, status = self.send("owntracks", body, wire.ANDROID).json()
        self.assertEqual(clear, {"_type": "cmd", "action": "clearWaypoints"})
        self.assertEqual(status, {"_type": "cmd", "action": "status"})
        self.assertEqual(fences["action"], "setWaypoints")
        [fence] = fences["waypoints"]["waypoints"]
        self.assertEqual(
            (fence["desc"], fence["rad"], round(fence["lat"], 4)),
            ("Depot", 150, round(zone.lat, 4)),
        )
        self.assertEqual(self.send("owntracks", body, wire.ANDROID).json(), [])
        zone.name = "Depot West"
        [_clear, fences, _status] = self.send("owntracks", body, wire.ANDROID).json()
        self.assertEqual(fences["waypoints"]["waypoints"][0]["desc"], "Depot West")

    def test_an_iphone_is_told_which_fences_are_gone(self):
        self.device.has_fences = True
        zone = self.zone()
        [fences] = self.send("owntracks", wire.ios_location(self.ts)).json()
        self.assertEqual([f["desc"] for f in fences["waypoints"]["waypoints"]], ["Depot"])
        zone.active = False
        [fences] = self.send("owntracks", wire.ios_location(self.ts)).json()
        [gone] = fences["waypoints"]["waypoints"]
        self.assertEqual((gone["desc"], gone["lat"]), ("Depot", -1000))
        self.assertEqual(self.send("owntracks", wire.ios_location(self.ts)).json(), [])

    def test_customers_of_the_next_visits_are_watched(self):
        if "field.visit" not in self.env:
            self.skipTest("field_visit is not installed")
        shop = self.env["res.partner"].create(
            {"name": "Shop", "partner_latitude": 31.2, "partner_longitude": 121.4}
        )
        today = date(2026, 11, 20)
        visit = {"user_id": self.rep.id, "partner_id": shop.id}
        with freeze_time("2026-11-20 03:00:00"):
            self.env["field.visit"].create({**visit, "plan_date": today + timedelta(days=1)})
            [fence] = self.device._get_fences_to_watch()
            self.assertEqual((fence["desc"], fence["rad"]), ("Shop", 300))

    # --- others --------------------------------------------------------------------------------

    def test_overland(self):
        answer = self.send("overland", wire.overland(self.iso))
        self.assertAnswer(answer, {"result": "ok"})
        self.assertRow(
            lat=37.3318,
            lng=-122.030581,
            speed=4.1,
            course=90.0,
            accuracy=30.0,
            battery=0.89,
            charging=True,
            activity="in_vehicle",
            source="overland",
        )
        self.assertAnswer(
            self.send("overland", b'{"locations":[{"type":"Feature"}]}'), {"result": "ok"}
        )
        self.assertAnswer(self.send("overland", b"nothing"), {"result": "ok"})
        self.assertEqual(self.device.reject_ids.mapped("reason"), ["bad_body"])

    def test_a_traccar_server_passes_on(self):
        server, token = self.new_device(self.boss, "Traccar", "gateway")
        self.device.forward_uid = "48241179"
        answer = self.send("traccar", wire.forwarded(self.iso), token=token)
        self.assertEqual((answer.status_code, answer.content), (200, b""))
        self.assertRow(
            lat=52.52, speed=12.35, battery=0.87, charging=True, mock=True, source="forward"
        )
        self.assertTrue(server.last_contact and self.device.last_contact)
        answer = self.send("traccar", wire.forwarded(self.iso, "stranger"), token=token)
        self.assertEqual((answer.status_code, answer.content), (200, b""))
        self.assertEqual(server.reject_ids.mapped("reason"), ["unknown_device"])
        self.assertFalse(self.Position.search([("device_id", "=", server.id)]))

    def test_a_server_repeating_itself_is_a_contact(self):
        _server, token = self.new_device(self.boss, "Traccar", "gateway")
        self.device.forward_uid = "48241179"
        self.send("traccar", wire.forwarded(self.iso, outdated=True), token=token)
        self.assertFalse(self.rows())
        self.assertEqual(self.env["field.device.journal"].search([]).device_id, self.device)

    def test_our_own_app(self):
        now = int(time.time() * 1000)
        body = {
            "fixes": [
                [self.ts * 1000 - 90_000, 31.23, 121.47, 16.2, None, 4.5, 90],
                [0, 31.23, 121.47],
                [self.ts * 1000, 95, 0],
            ],
            "states": [[self.ts * 1000, "hidden"], [self.ts * 1000 + 1000, "visible"]],
            "battery": 0.5,
            "charging": False,
            "network": "w",
            "sent_at": now - 90_000,
        }
        answer = self.send("app", json.dumps(body).encode())
        self.assertEqual((answer.status_code, answer.content), (200, b""))
        [row] = self.rows()
        self.assertAlmostEqual(
            (row.ts - datetime(1970, 1, 1)).total_seconds(), self.ts, delta=5, msg="clock corrected"
        )
        self.assertEqual((row.accuracy, row.speed, row.battery, row.source), (10, 4.5, 0.5, "app"))
        self.assertEqual(
            set(self.env["field.device.journal"].search([]).mapped("kind")), {"hidden", "visible"}
        )
        reasons = set(self.device.reject_ids.mapped("reason"))
        self.assertEqual(reasons, {"bad_time", "out_of_range"})

    def test_the_same_message_three_times_is_one_row(self):
        for kind, body in (
            ("owntracks", wire.android_location(self.ts)),
            ("overland", wire.overland(self.iso)),
        ):
            for _n in range(3):
                self.assertEqual(self.send(kind, body).status_code, 200)
        self.assertEqual(len(self.rows()), 1, "the same second of one device is one place")
