import json
import logging
import time
from datetime import datetime, timedelta
from unittest.mock import patch

from psycopg2 import OperationalError
from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import TrackCase

FORM = {
    "Accept": "*/*",
    "User-Agent": "ktor-client",
    "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
}
JSON = {"Content-Type": "application/json", "User-Agent": "okhttp/3.14.9"}


@tagged("post_install", "-at_install")
class TestEndpoint(TrackCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.ts = int(time.time()) - 3600
        self.iso = (datetime(1970, 1, 1) + timedelta(seconds=self.ts)).isoformat(
            timespec="milliseconds"
        ) + "Z"

    # --- helpers ---------------------------------------------------------------------------
    def send(self, query="", body=None, headers=None, method="POST", token=None):
        address = f"/field/track/{token or self.token}" + (f"?{query}" if query else "")
        answer = self.url_open(
            address, data=body, headers=headers, method=method, allow_redirects=False, timeout=30
        )
        self.assertNotIn("Set-Cookie", answer.headers)
        self.assertNotIn("Location", answer.headers)
        self.env.invalidate_all()
        return answer

    def assertStored(self, answer, **expected):
        self.assertEqual((answer.status_code, answer.content), (200, b""))
        [row] = self.Position.search([("device_id", "=", self.device.id)])
        for name, value in expected.items():
            if isinstance(value, float):
                self.assertAlmostEqual(row[name], value, 3, name)
            else:
                self.assertEqual(row[name], value, name)
        return row

    def assertQuarantined(self, answer, reason):
        self.assertEqual((answer.status_code, answer.content), (200, b""))
        self.assertFalse(self.Position.search([("device_id", "=", self.device.id)]))
        self.assertEqual(self.device.reject_ids.mapped("reason"), [reason])
        row = self.device.reject_ids
        row.unlink()
        return row

    def test_our_own_app_sends_a_batch_with_its_token_in_the_header(self):
        self.device.kind = "app"
        points = {"fixes": [[(self.ts + n) * 1000, 31.23, 121.47, 8] for n in range(3)]}
        headers = JSON | {"Authorization": f"Bearer {self.token}"}
        for _again in range(2):
            answer = self.url_open("/field/track/app", data=json.dumps(points), headers=headers)
            self.assertEqual((answer.status_code, answer.content), (200, b""))
        self.env.invalidate_all()
        rows = self.Position.search([("device_id", "=", self.device.id)])
        self.assertEqual(rows.mapped("source"), ["app"] * 3)
        for refused in ("", "Bearer ", "Bearer wrong", f"Basic {self.token}"):
            headers = JSON | {"Authorization": refused}
            answer = self.url_open("/field/track/app", data=json.dumps(points), headers=headers)
            self.assertEqual(answer.status_code, 401, refused)

    # --- the three formats, byte for byte --------------------------------------------------
    def test_version_8(self):
        query = f"id=12345&timestamp={self.ts}&lat=52.5&lon=13.4&speed=24.0&bearing=271.0&altitude=34.0&accuracy=0.0&batt=93.0"
        row = self.assertStored(
            self.send(query, b"", {"Content-Length": "0"}),
            lat=52.5,
            lng=13.4,
            speed=12.35,
            course=271.0,
            altitude=34.0,
            battery=0.93,
            source="query",
        )
        self.assertEqual(row.ts, datetime(1970, 1, 1) + timedelta(seconds=self.ts))

    def test_version_8_by_get(self):
        query = f"id=12345&timestamp={self.ts}&lat=52.5&lon=13.4&speed=0.0&batt=93.0&mock=true"
        self.assertStored(self.send(query, method="GET"), lat=52.5, lng=13.4, mock=True)

    def test_version_9(self):
        body = (
            f'{{"location":{{"timestamp":"{self.iso}","coords":{{"latitude":37.4219983,"longitude":-122.084,'
            '"accuracy":5,"speed":12.35,"heading":-1,"altitude":5},"is_moving":false,"odometer":0,'
            '"event":"motionchange","battery":{"level":1,"is_charging":false},"activity":{"type":"still"},'
            f'"extras":{{}},"_":"&id=48241179&lat=37.4219983&lon=-122.084&timestamp={self.iso}&"}},'
            '"device_id":"48241179"}'
        ).encode()
        self.assertStored(
            self.send(body=body, headers=JSON),
            lat=37.4219983,
            lng=-122.084,
            accuracy=5.0,
            speed=12.35,
            battery=1.0,
            charging=False,
            activity="still",
            event="motionchange",
            source="json",
        )

    def test_version_10(self):
        body = (
            f"id=48241179&lat=52.5200066&lon=13.4049540&timestamp={self.ts}&accuracy=11.3&altitude=34.0"
            "&speed=24.00&bearing=271.0&batt=87&charge=true"
        ).encode()
        self.assertStored(
            self.send(body=body, headers=FORM),
            lat=52.5200066,
            lng=13.404954,
            accuracy=11.3,
            speed=12.35,
            battery=0.87,
            charging=True,
            source="form",
        )

    def test_heartbeat_and_push_token(self):
        for body in (
            f"id=48241179&timestamp={self.ts}&batt=87&charge=false",
            "id=48241179&notificationToken=fcm",
        ):
            answer = self.send(body=body.encode(), headers=FORM)
            self.assertEqual((answer.status_code, answer.content), (200, b""))
        self.assertFalse(self.Position.search([("device_id", "=", self.device.id)]))
        self.assertFalse(self.device.reject_ids)
        self.assertTrue(self.device.last_contact)

    def test_batches(self):
        def record(second):
            return {
                "location": {
                    "timestamp": self.ts + second,
                    "coords": {"latitude": 31.2, "longitude": 121.4, "speed": 1},
                }
            }

        self.send(body=json.dumps([record(0), record(1)]).encode(), headers=JSON)
        self.send(body=json.dumps({"locations": [record(2), record(1)]}).encode(), headers=JSON)
        self.assertEqual(self.Position.search_count([("device_id", "=", self.device.id)]), 3)

    def test_the_same_point_three_times_is_one_row(self):
        query = f"id=1&timestamp={self.ts}&lat=52.5&lon=13.4"
        for _n in range(3):
            answer = self.send(query, b"")
        self.assertStored(answer, lat=52.5)

    # --- what cannot be used ---------------------------------------------------------------
    def test_unusable_is_thanked_for_and_quarantined(self):
        for reason, query, body, headers in (
            ("out_of_range", "id=1&lat=91&lon=0", b"", {}),
            ("time_past", "id=1&lat=1&lon=2&timestamp=0", b"", {}),
            ("bad_coordinates", "id=1&lat=nan&lon=2", b"", {}),
            ("null_island", "lat=0&lon=0", b"", {}),
            ("bad_body", "", b'{"location":', JSON),
            ("bad_body", "", b"\x80\x81\x00", FORM),
            ("empty", "", b"", {}),
            ("bad_body", "", b"--x\r\n", {"Content-Type": "multipart/form-data; boundary=x"}),
        ):
            for method in ("POST", "GET") if query else ("POST",):
                with self.subTest(reason=reason, method=method):
                    self.assertQuarantined(self.send(query, body, headers, method), reason)

    def test_ten_megabytes(self):
        body = b"[" + b" " * (10 * 1024 * 1024)
        for headers in (JSON, FORM, {}):
            with self.subTest(headers=headers):
                answer = self.send(body=body, headers=headers)
                self.assertEqual((answer.status_code, answer.content), (200, b""))
                row = self.device.reject_ids
                self.assertEqual((row.reason, row.size, row.raw), ("too_big", len(body), ""))
                row.unlink()

    def test_json_with_a_foreign_content_type(self):
        body = json.dumps(
            {"location": {"timestamp": self.ts, "coords": {"latitude": 1.5, "longitude": 2.5}}}
        )
        self.assertStored(
            self.send(body=body.encode(), headers={"Content-Type": "text/plain"}), lat=1.5
        )

    def test_tracking_not_allowed_stores_a_counter_only(self):
        self.env["field.policy"].search([]).write({"tracking_level": "none"})
        answer = self.send(f"id=1&timestamp={self.ts}&lat=52.5&lon=13.4", b"")
        self.assertEqual((answer.status_code, answer.content), (200, b""))
        self.assertFalse(self.Position.search([("device_id", "=", self.device.id)]))
        self.assertEqual(self.device.refused_count, 1)

    # --- who it is -------------------------------------------------------------------------
    def test_unknown_token_is_401_and_nothing_else(self):
        revoked, token = self.new_device(self.rep, "Old")
        revoked.action_revoke()
        for wrong in ("x", "x" * 43, token, self.token[:-1], "%00", "é" * 30, "a" * 3000):
            for method in ("GET", "POST"):
                answer = self.send(
                    "lat=1&lon=2", None if method == "GET" else b"", token=wrong, method=method
                )
                self.assertEqual((answer.status_code, answer.content), (401, b""), wrong)
                for header in ("WWW-Authenticate", "Set-Cookie", "Location"):
                    self.assertNotIn(header, answer.headers)
        self.assertFalse(self.Position.search([("user_id", "=", self.rep.id)]))

    def test_a_guess_costs_less_than_five_milliseconds(self):
        """The look-up; what a request costs at all is Odoo's, see the bench."""
        costs = []
        for number in range(20):
            began = time.perf_counter()
            self.assertFalse(self.env["field.device"]._authenticate(f"{number:043}"))
            costs.append(time.perf_counter() - began)
        self.assertLess(min(costs), 0.005)

    def test_archived_people_are_unknown(self):
        self.rep.active = False
        self.assertEqual(self.send("lat=1&lon=2", b"").status_code, 401)

    # --- trouble of our own ----------------------------------------------------------------
    @mute_logger("odoo.http", "odoo.addons.field_tracking.controllers.dispatcher")
    def test_database_down_is_503_within_five_seconds(self):
        started = time.monotonic()
        with patch("odoo.http.Registry", side_effect=OperationalError("down")):
            answer = self.send("lat=1&lon=2", b"")
        self.assertEqual((answer.status_code, answer.content), (503, b""))
        self.assertLess(time.monotonic() - started, 5)

    @mute_logger(
        "odoo.http", "odoo.addons.field_tracking.controllers.dispatcher", "odoo.service.model"
    )
    def test_locks_and_crashes_are_503_within_five_seconds(self):
        for error in (
            LockNotAvailable(),
            SerializationFailure(),
            RuntimeError("bug"),
            ValueError("bug"),
        ):
            with self.subTest(error=error):
                started = time.monotonic()
                with patch.object(type(self.device), "_receive", side_effect=error):
                    answer = self.send("lat=1&lon=2", b"")
                self.assertEqual((answer.status_code, answer.content), (503, b""))
                self.assertLess(time.monotonic() - started, 5)

    def test_a_collision_is_tried_again(self):
        real, tried = type(self.device)._receive, []

        def receive(device, parsed, size=0, app=None):
            tried.append(parsed)
            if len(tried) == 1:
                raise SerializationFailure
            return real(device, parsed, size, app)

        with patch.object(type(self.device), "_receive", receive):
            answer = self.send(f"id=1&timestamp={self.ts}&lat=52.5&lon=13.4", b"")
        self.assertStored(answer, lat=52.5)
        self.assertEqual(len(tried), 2)

    def test_other_methods_are_not_4xx(self):
        for method in ("PUT", "DELETE", "PATCH"):
            self.assertEqual(self.send("lat=1&lon=2", b"", method=method).status_code, 503)

    def test_address_without_a_token_or_with_more_is_an_unknown_token(self):
        for address in ("/field/track", "/field/track/", f"/field/track/{self.token}/x/y"):
            answer = self.url_open(address)
            self.assertEqual((answer.status_code, answer.content), (401, b""), address)
            self.assertNotIn("Set-Cookie", answer.headers)

    def test_other_addresses_keep_their_answers(self):
        self.assertEqual(self.url_open("/field/trackless").status_code, 404)

    # --- secrets ---------------------------------------------------------------------------
    def test_the_token_and_the_places_reach_no_log(self):
        with (
            self.assertLogs("werkzeug", logging.INFO) as access,
            self.assertLogs("odoo", logging.INFO) as odoo,
        ):
            logging.getLogger("odoo").info("at least one line")
            logging.getLogger("werkzeug").info(
                '"%s" %s %s', f"POST /field/track/{self.token}?lat=52.5 HTTP/1.1", 200, "-"
            )
            self.send(f"id=1&timestamp={self.ts}&lat=52.5123&lon=13.4", b"")
        self.assertIn("/field/track/…", access.output[0])
        text = "\n".join(access.output + odoo.output)
        self.assertNotIn(self.token, text)
        self.assertNotIn("52.5", text)
