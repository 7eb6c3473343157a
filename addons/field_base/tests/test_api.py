import json
import uuid
from unittest.mock import patch

from psycopg2 import OperationalError
from psycopg2.errors import SerializationFailure

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import FieldCase, build_team, make_event

SYNC = "/field/api/v1/sync"


class ApiCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        build_team(cls)
        cls.device = FieldCase.make_device.__func__(cls, cls.rep)
        cls.token = cls.device._issue_token()
        cls.Event = cls.registry["field.event"]

    def call(self, path, body=None, method="POST", token=None, headers=None):
        """The answer to a request as a phone makes it; checks what holds for every answer."""
        all_headers = {"Content-Type": "application/json"}
        if token is not False:
            all_headers["Authorization"] = f"Bearer {token or self.token}"
        all_headers.update(headers or {})
        data = body if isinstance(body, bytes | str) else json.dumps(body).encode()
        response = self.url_open(
            path, data=data, headers=all_headers, method=method, allow_redirects=False, timeout=60
        )
        self.assertEqual(response.headers["Content-Type"], "application/json; charset=utf-8")
        self.assertNotIn("Set-Cookie", response.headers)
        self.assertNotIn("Traceback", response.text)
        return response

    def assertRefused(self, response, status, code):
        self.assertEqual(response.status_code, status, response.text)
        error = response.json()["error"]
        self.assertEqual(error["code"], code)
        self.assertTrue(error["message"].endswith("."), error["message"])
        return error

    def sync_body(self, *events, **extra):
        return {"device": self.device.uuid, "events": list(events), **extra}

    def rows(self):
        return self.env["field.event"].search([("device_id", "=", self.device.id)])


@tagged("post_install", "-at_install")
class TestSyncEndpoint(ApiCase):
    def test_health(self):
        response = self.call("/field/api/v1/health", method="GET", token=False)
        self.assertEqual((response.status_code, response.json()), (200, {"ok": True}))

    def test_batch(self):
        events = [make_event("workday.open", 1), make_event(seq=2), make_event("no.such_kind", 3)]
        first = self.call(SYNC, self.sync_body(*events))
        self.assertEqual(first.status_code, 200)
        states = [result["state"] for result in first.json()["results"]]
        self.assertEqual(states, ["applied", "applied", "rejected"])
        again = self.call(SYNC, self.sync_body(*events))
        self.assertEqual(again.json()["results"], first.json()["results"])
        self.assertEqual(len(self.rows()), 3)
        self.assertEqual(set(self.rows().mapped("user_id")), {self.rep})

    def test_a_database_that_went_away_says_nothing_about_the_token(self):
        """Odoo turns every failure of a log-in into a wrong password; a phone would believe it."""
        lost = patch.object(
            self.registry["field.device"],
            "_authenticate",
            side_effect=OperationalError("server closed the connection unexpectedly"),
        )
        with lost:
            answer = self.call(SYNC, self.sync_body(make_event("workday.open")))
        self.assertRefused(answer, 503, "busy")
        self.assertEqual(answer.headers["Retry-After"], "10")

    def test_no_wrong_or_ended_token(self):
        body = self.sync_body(make_event())
        for token in (False, "x", "x" * 43, "é"):
            with self.subTest(token=token):
                headers = {"Authorization": "Bearer x"} if token == "é" else None
                token = False if token == "é" else token
                response = self.call(SYNC, body, token=token, headers=headers)
                self.assertRefused(response, 401, "bad_token")
                self.assertIn("Bearer", response.headers["WWW-Authenticate"])
        for header in ("", "Bearer", f"Basic {self.token}", self.token, f"Bearer {self.token} x"):
            with self.subTest(header=header):
                response = self.call(SYNC, body, headers={"Authorization": header})
                self.assertRefused(response, 401, "bad_token")
        self.device.action_revoke()
        self.assertRefused(self.call(SYNC, body), 401, "bad_token")
        self.assertFalse(self.rows())

    def test_archived_person(self):
        self.rep.active = False
        self.assertRefused(self.call(SYNC, self.sync_body()), 401, "bad_token")

    def test_a_session_counts_for_nothing(self):
        self.authenticate("admin", "admin")
        self.assertRefused(self.call(SYNC, self.sync_body(), token=False), 401, "bad_token")
        self.call(SYNC, self.sync_body(make_event()))
        self.assertEqual(self.rows().user_id, self.rep)

    def test_bad_bodies(self):
        for body, code in (
            (b"", "bad_json"),
            (b"{", "bad_json"),
            (b"\xff\xfe\x00", "bad_json"),
            (b"[" * 100_000, "bad_json"),
            (b"<html>captive portal</html>", "bad_json"),
            (b"[]", "bad_request"),
            (b"null", "bad_request"),
            (b"5", "bad_request"),
            (b'"x"', "bad_request"),
            (b"{}", "bad_request"),
            (b'{"events": {}}', "bad_request"),
            (b'{"events": "x"}', "bad_request"),
        ):
            with self.subTest(body=body[:30]):
                self.assertRefused(self.call(SYNC, body), 400, code)
        self.assertRefused(self.call(SYNC, {"events": [], "device": "x"}), 400, "wrong_device")
        self.assertRefused(self.call(SYNC, {"events": [], "device": 5}), 400, "wrong_device")

    def test_form_data_is_not_json(self):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        response = self.call(SYNC, b"events=1&csrf_token=x", headers=headers)
        self.assertRefused(response, 400, "bad_json")

    def test_nan_and_infinity_spoil_only_their_event(self):
        good, bad = make_event(seq=2), make_event("workday.open", 1)
        bad["payload"] = {"position": {"lat": "@", "lng": 121}}
        for number in ("NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "9" * 9000):
            with self.subTest(number=number):
                good["uuid"], bad["uuid"] = str(uuid.uuid4()), str(uuid.uuid4())
                body = json.dumps(self.sync_body(bad, good)).replace('"@"', number)
                results = self.call(SYNC, body).json()["results"]
                self.assertEqual([r["state"] for r in results], ["rejected", "applied"])
                self.assertEqual(results[0]["code"], "bad_position")

    def test_latitude_91(self):
        event = make_event("workday.open", payload={"position": {"lat": 91, "lng": 0}})
        [result] = self.call(SYNC, self.sync_body(event)).json()["results"]
        self.assertEqual((result["state"], result["code"]), ("rejected", "bad_position"))

    def test_wrong_types_everywhere(self):
        for sent_at in (None, 5, [], {}, "x", "2026-11-23"):
            event = make_event()
            body = self.sync_body(event, sent_at=sent_at)
            self.assertEqual(self.call(SYNC, body).json()["results"][0]["state"], "applied")
        junk = [None, True, 1, "x", [], {"uuid": []}, {"uuid": {}, "seq": "x"}, {"payload": 1}]
        results = self.call(SYNC, self.sync_body(*junk)).json()["results"]
        self.assertEqual({r["code"] for r in results}, {"bad_event"})

    def test_101_events(self):
        events = [make_event(seq=i) for i in range(101)]
        self.assertRefused(self.call(SYNC, self.sync_body(*events)), 413, "too_many_events")
        self.assertFalse(self.rows())
        self.assertEqual(self.call(SYNC, self.sync_body(*events[:100])).status_code, 200)
        self.assertEqual(len(self.rows()), 100)

    def test_10_megabytes(self):
        event = make_event(payload={"note": "x" * 10_000_000})
        self.assertRefused(self.call(SYNC, self.sync_body(event)), 413, "too_large")
        self.assertRefused(self.call(SYNC, self.sync_body(event), token=False), 401, "bad_token")
        self.assertFalse(self.rows())

    def test_wrong_method_and_address(self):
        self.assertRefused(self.call(SYNC, method="GET"), 405, "bad_method")
        self.assertRefused(self.call(SYNC, method="PUT"), 405, "bad_method")
        self.assertRefused(self.call("/field/api/v9/sync", {}), 404, "not_found")
        self.assertRefused(self.call("/field/api/x", method="GET", token=False), 404, "not_found")

    def test_refusals_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rep.lang = "zh_CN"
        error = self.call(SYNC, b"{").json()["error"]
        self.assertEqual(error["message"], "请求不是有效的 JSON。")
        result = self.call(SYNC, self.sync_body(make_event("no.kind"))).json()["results"][0]
        self.assertIn("no.kind", result["message"])
        self.assertRegex(result["message"], "[一-鿿]")

    def test_a_bug_says_nothing_and_loses_nothing(self):
        event = make_event()
        with (
            patch.object(self.Event, "_journal", side_effect=KeyError("secret")),
            self.assertLogs("odoo.http", "ERROR"),
        ):
            response = self.call(SYNC, self.sync_body(event))
        self.assertRefused(response, 500, "server_error")
        self.assertNotIn("secret", response.text)
        self.assertTrue(response.headers["Retry-After"])
        self.assertEqual(self.call(SYNC, self.sync_body(event)).status_code, 200)

    @mute_logger("odoo.service.model")
    def test_busy(self):
        """Five lost races in a row: 503, to be sent again."""
        with (
            patch.object(self.Event, "_journal", side_effect=_Failure),
            mute_logger("odoo.http"),
            patch("odoo.service.model.time.sleep"),
        ):
            response = self.call(SYNC, self.sync_body(make_event()))
        self.assertRefused(response, 503, "busy")
        self.assertEqual(response.headers["Retry-After"], "10")


class _Failure(SerializationFailure):
    pgcode = "40001"
