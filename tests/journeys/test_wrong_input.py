"""Wrong input at every public address: the right answer, no leak, no row too many, nothing lost.

After each piece of nonsense a good request must work as if nothing had happened.
"""

import json
import uuid
from datetime import datetime, timedelta

import pytest

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from tests.support import sync_client, traccar_client
from tests.support.geolife import Fix
from tests.support.traccar_client import Version

from . import road, wrong_input
from .in_this_process import InThisProcess

pytestmark = pytest.mark.xdist_group("wrong_input")

COUNTED = (
    "field.event",
    "field.visit",
    "field.workday",
    "field.blob",
    "field.device",
    "field.track.day",
    "res.users",
    "ir.attachment",
)
LEAKS = (b"Traceback", b"psycopg2", b"<html", b"<!DOCTYPE", b"odoo.", b'File "', b"/addons/")
# One that has the form of a token and belongs to nobody.
STRANGER = "A" * 43


class WrongInputCase(HttpCase):
    """A rep with phone and tracker, and the strict look at each answer."""

    def setUp(self):
        super().setUp()
        self.office = InThisProcess(self.env, self.http)
        leader = road.hire(self.office, "leader", "Wang Fang", road.LEADER_GROUPS)
        self.rep = road.hire_rep(self.office, Version.V10, leader.employee, name="Rep")
        self.customer = self.env["res.partner"].create(
            {"name": "Shop", "partner_latitude": 39.98, "partner_longitude": 116.34}
        )
        self.clock = datetime(2026, 11, 19, 4)

    def http(self, method, path, headers=None, body=None):
        self.env.flush_all()
        response = self.url_open(
            path, data=body, headers=headers, method=method, allow_redirects=False, timeout=60
        )
        self.env.invalidate_all()
        return sync_client.from_response(response)

    # --- strict looks --------------------------------------------------------------------------
    def assert_harmless(self, answer):
        self.assertLess(answer.status, 500 if answer.status != 503 else 504)
        self.assertNotIn(answer.status, (301, 302, 303, 307, 308))
        self.assertNotIn("set-cookie", answer.headers)
        self.assertNotIn("location", answer.headers)
        for leak in LEAKS:
            self.assertNotIn(leak, answer.body)

    def assert_json(self, answer, status, code=None):
        """An answer of the field API: JSON with a code and a sentence."""
        self.assert_harmless(answer)
        self.assertEqual(answer.status, status, answer.body[:300])
        self.assertTrue(answer.headers["content-type"].startswith("application/json"))
        if code:
            self.assertEqual(answer.json["error"]["code"], code)
            self.assertTrue(answer.json["error"]["message"])

    def counts(self):
        found = {model: self.env[model].sudo().search_count([]) for model in COUNTED}
        return found | {"positions": self.count_positions()}

    def count_positions(self):
        return self.env["field.position"].search_count([("user_id", "=", self.rep.user)])

    def assert_tracker_works(self):
        before = self.count_positions()
        self.clock += timedelta(seconds=30)
        request = traccar_client.request(Version.V10, Fix(self.clock, 39.98, 116.34))
        answer = self.http("POST", self.rep.address, request.headers, request.body)
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertEqual(self.count_positions(), before + 1)

    def assert_phone_works(self):
        self.rep.phone.record("contact.ping", self.clock)
        self.assertEqual([r["state"] for r in self.rep.phone.flush()], ["applied"])


@tagged("post_install", "-at_install")
class TestWrongTracker(WrongInputCase):
    """`/field/track/<token>`: 200, 401 or 503, and never anything else."""

    def post(self, wrong, address=None):
        path = (address or self.rep.address) + (f"?{wrong.query}" if wrong.query else "")
        headers = {"Content-Type": wrong.content_type} if wrong.content_type else {}
        return self.http("POST", path, headers, wrong.body)

    def rejects(self):
        domain = [("user_id", "=", self.rep.user)]
        return self.env["field.position.reject"].search(domain, order="id")

    def test_what_cannot_be_used_is_answered_200_and_kept_with_its_reason(self):
        before = self.counts()
        for wrong in wrong_input.tracker():
            with self.subTest(wrong.name):
                known = self.rejects()
                answer = self.post(wrong)
                self.assert_harmless(answer)
                self.assertEqual((answer.status, answer.body), (200, b""))
                new = self.rejects() - known
                expected = wrong.expected
                if expected is None:
                    self.assertFalse(new)
                    continue
                self.assertEqual(len(new), 1)
                reasons = (expected,) if isinstance(expected, str) else expected
                self.assertIn(new.reason, reasons)
                self.assertLessEqual(len(new.raw or ""), 2000)
        self.assertEqual(self.counts(), before)
        self.assert_tracker_works()

    def test_bad_side_values_do_not_cost_the_position(self):
        for name in ("accuracy", "speed", "heading", "altitude"):
            for value in (-5, "x", None, [], {}, True, 1e300, wrong_input.SQL):
                with self.subTest(name=name, value=value):
                    before = self.count_positions()
                    self.clock += timedelta(seconds=30)
                    message = json.loads(wrong_input.location(**{name: value}))
                    message["location"]["timestamp"] = sync_client.stamp(self.clock)
                    wrong = wrong_input.Wrong(name, json.dumps(message).encode())
                    self.assertEqual(self.post(wrong).status, 200)
                    self.assertEqual(self.count_positions(), before + 1)

    def test_texts_are_stored_as_texts_and_nothing_else(self):
        for text in wrong_input.WEIRD:
            with self.subTest(text[:20]):
                self.clock += timedelta(seconds=30)
                message = json.loads(wrong_input.location())
                message["location"] |= {
                    "timestamp": sync_client.stamp(self.clock),
                    "activity": {"type": text},
                    "event": text,
                }
                wrong = wrong_input.Wrong(text, json.dumps(message).encode())
                self.assertEqual(self.post(wrong).status, 200)
                domain = [("user_id", "=", self.rep.user), ("ts", "=", self.clock)]
                position = self.env["field.position"].search(domain)
                self.assertEqual(len(position), 1)
                self.assertTrue(text.strip().startswith(position.activity or ""))
        self.assert_tracker_works()

    def test_unknown_tokens_get_401_and_nothing_more(self):
        good = self.rep.address
        tokens = ["x", STRANGER, "A" * 5000, "%00", "%FF", "..%2f..%2fweb", "a'%20OR%20'1'='1"]
        addresses = [f"/field/track/{token}" for token in tokens]
        addresses += [
            good[:-1],
            good + "A",
            good.swapcase().replace("/FIELD/TRACK", "/field/track"),
        ]
        before = self.counts()
        for address in addresses:
            for method in ("POST", "GET"):
                with self.subTest(address=address[:40], method=method):
                    answer = self.http(method, address, {}, b"lat=1&lon=2")
                    self.assert_harmless(answer)
                    self.assertEqual((answer.status, answer.body), (401, b""))
        self.assertEqual(self.counts(), before)
        self.assertFalse(self.rejects())
        self.assert_tracker_works()

    def test_address_without_a_token_gets_401(self):
        for address in ("/field/track/", "/field/track"):
            with self.subTest(address):
                answer = self.http("POST", address, {}, b"lat=1&lon=2")
                self.assert_harmless(answer)
                self.assertEqual(answer.status, 401)

    def test_401_costs_next_to_nothing(self):
        """One look-up; no user, no session, no policy is read."""
        path = f"/field/track/{STRANGER}"
        self.http("POST", path, {}, b"")
        with self.assertQueryCount(5):
            self.http("POST", path, {}, b"")

    def test_other_methods_never_make_an_app_drop_its_point(self):
        for method in ("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"):
            with self.subTest(method):
                answer = self.http(method, self.rep.address, {}, b"")
                self.assert_harmless(answer)
                self.assertIn(answer.status, (200, 401, 503))
        self.assert_tracker_works()

    def test_revoked_device_gets_401_at_once(self):
        self.assert_tracker_works()
        self.env["field.device"].browse(self.rep.tracker).action_revoke()
        answer = self.http("POST", self.rep.address, {}, wrong_input.GOOD_FORM.encode())
        self.assertEqual(answer.status, 401)
        self.assert_harmless(answer)
        self.assert_phone_works()  # the other device of the same person goes on

    def test_person_who_left_gets_401(self):
        self.env["res.users"].browse(self.rep.user).active = False
        answer = self.http("POST", self.rep.address, {}, wrong_input.GOOD_FORM.encode())
        self.assertEqual(answer.status, 401)

    def test_what_may_not_be_kept_is_thanked_for_and_forgotten(self):
        self.env["field.policy"].create(
            {"name": "None", "user_id": self.rep.user, "tracking_level": "none"}
        )
        before = self.counts()
        answer = self.http("POST", self.rep.address, {}, wrong_input.GOOD_FORM.encode())
        self.assertEqual(answer.status, 200)
        self.assertEqual(self.counts(), before)
        self.assertFalse(self.rejects())
        self.assertEqual(self.env["field.device"].browse(self.rep.tracker).refused_count, 1)


@tagged("post_install", "-at_install")
class TestWrongSync(WrongInputCase):
    """`/field/api/v1/…`: always JSON, always a code and a sentence."""

    def sync(self, body, **headers):
        given = {
            "Authorization": f"Bearer {self.rep.phone.token}",
            "Content-Type": "application/json",
        }
        return self.http("POST", sync_client.SYNC, {**given, **headers}, body)

    def test_requests_that_are_refused_whole(self):
        before = self.counts()
        for wrong in wrong_input.sync_bodies():
            with self.subTest(wrong.name):
                self.assert_json(self.sync(wrong.body), *wrong.expected)
        self.assertEqual(self.counts(), before)
        self.assert_phone_works()

    def test_each_wrong_event_is_rejected_alone(self):
        """Each travels between two good ones, and both of those are applied."""
        for name, wrong, codes in wrong_input.events(self.customer.id):
            with self.subTest(name):
                before = self.counts()
                batch = [wrong_input.event(seq=2), wrong, wrong_input.event(seq=3)]
                answer = self.sync(json.dumps({"events": batch}).encode())
                self.assert_json(answer, 200)
                first, result, last = answer.json["results"]
                self.assertEqual((first["state"], last["state"]), ("applied", "applied"))
                self.assertEqual(result["state"], "rejected", result)
                self.assertIn(result["code"], codes, result)
                self.assertTrue(result["message"])
                after = self.counts()
                self.assertLessEqual(after.pop("field.event") - before.pop("field.event"), 3)
                self.assertEqual(after, before)
        self.assert_phone_works()

    def test_numbers_that_json_does_not_have(self):
        for text in wrong_input.NUMBERS:
            with self.subTest(text[:12]):
                wrong = wrong_input._check_in(self.customer.id, {"lat": 12345.5, "lng": 116.34})
                body = json.dumps({"events": [wrong, wrong_input.event()]})
                answer = self.sync(body.replace("12345.5", text).encode())
                self.assert_json(answer, 200)
                states = [result["state"] for result in answer.json["results"]]
                self.assertEqual(states, ["rejected", "applied"])
        self.assertFalse(self.env["field.visit"].search([("user_id", "=", self.rep.user)]))

    def test_clock_of_the_phone_may_say_anything(self):
        for value in wrong_input.sync_times():
            with self.subTest(value=value):
                body = {"sent_at": value, "events": [wrong_input.event()]}
                answer = self.sync(json.dumps(body).encode())
                self.assert_json(answer, 200)
                self.assertEqual(answer.json["results"][0]["state"], "applied")
        journal = self.env["field.event"].search([("user_id", "=", self.rep.user)])
        self.assertLessEqual(max(journal.mapped("happened_at")), datetime.now())

    def test_texts_are_stored_as_texts_and_nothing_else(self):
        for text in wrong_input.WEIRD:
            with self.subTest(text[:20]):
                sent = wrong_input.event("contact.ping", {"note": text, text: 1})
                answer = self.sync(json.dumps({"events": [sent]}).encode())
                self.assert_json(answer, 200)
                entry = self.env["field.event"].search([("uuid", "=", sent["uuid"])])
                self.assertEqual(entry._payload(), sent["payload"])

    def test_same_uuid_with_another_body_is_refused_and_the_first_stands(self):
        sent = wrong_input.event()
        self.sync(json.dumps({"events": [sent]}).encode())
        other = {**sent, "payload": {"x": 1}}
        answer = self.sync(json.dumps({"events": [other, sent]}).encode())
        first, second = answer.json["results"]
        self.assertEqual((first["state"], first["code"]), ("rejected", "hash_mismatch"))
        self.assertEqual(second["state"], "applied")
        entry = self.env["field.event"].search([("uuid", "=", sent["uuid"])])
        self.assertEqual(entry._payload(), {})

    def test_event_of_somebody_else_is_not_told(self):
        sent = wrong_input.event("contact.ping", {"secret": "sesame"})
        self.sync(json.dumps({"events": [sent]}).encode())
        boss = self.env["hr.employee"].browse(self.rep.employee).parent_id.id
        other = road.hire_rep(self.office, Version.V9, boss, name="Other")
        (answer,) = other.phone.deliver([sent])
        self.assertEqual((answer["state"], answer["code"]), ("rejected", "hash_mismatch"))
        self.assertNotIn("sesame", json.dumps(answer))

    def test_who_has_no_token_gets_401_everywhere(self):
        picture = road.picture("x")
        tracker = self.rep.address.rpartition("/")[2]
        for name, header in {
            "nothing": None,
            "empty": "",
            "no scheme": self.rep.phone.token,
            "another scheme": f"Basic {self.rep.phone.token}",
            "a stranger": f"Bearer {STRANGER}",
            "half of it": f"Bearer {self.rep.phone.token[:20]}",
            "two of them": f"Bearer {self.rep.phone.token} {tracker}",
            "SQL": f"Bearer {wrong_input.SQL}",
            "a long one": "Bearer " + "A" * 8000,
        }.items():
            headers = {} if header is None else {"Authorization": header}
            for method, path, body in (
                ("POST", sync_client.SYNC, b'{"events": []}'),
                ("PUT", sync_client.BLOB + str(uuid.uuid4()), picture),
            ):
                with self.subTest(name, path=path[:25]):
                    before = self.counts()
                    answer = self.http(method, path, headers, body)
                    self.assert_json(answer, 401, "bad_token")
                    self.assertEqual(self.counts(), before)
        self.assert_phone_works()

    def test_revoked_device_gets_401_and_keeps_its_events(self):
        self.rep.phone.record("contact.ping", self.clock)
        device = self.env["field.device"].search([("uuid", "=", self.rep.phone.device)])
        device.action_revoke()
        answer = self.rep.phone.post_sync(self.rep.phone.outbox)
        self.assert_json(answer, 401, "bad_token")
        self.assertEqual(len(self.rep.phone.outbox), 1)
        self.rep.phone.token = device._issue_token()
        self.assertEqual([r["state"] for r in self.rep.phone.flush()], ["applied"])
        self.assertEqual(self.rep.phone.outbox, [])

    def test_session_cookie_of_a_person_is_no_key(self):
        self.authenticate("admin", "admin")
        answer = self.http("POST", sync_client.SYNC, {}, b'{"events": []}')
        self.assert_json(answer, 401, "bad_token")

    def test_other_methods_are_answered_in_json(self):
        for path in (sync_client.SYNC, "/field/api/v1/enrol"):
            for method in ("GET", "PUT", "DELETE"):
                with self.subTest(path=path, method=method):
                    answer = self.http(method, path, {}, None)
                    self.assert_json(answer, answer.status)
                    self.assertIn(answer.status, (401, 405))

    def test_health_needs_nothing(self):
        answer = self.http("GET", "/field/api/v1/health", {})
        self.assert_json(answer, 200)
        self.assertEqual(answer.json, {"ok": True})

    # --- uploads -------------------------------------------------------------------------------
    def test_uploads_that_are_refused(self):
        picture = road.picture("shelf")
        before = self.counts()
        for wrong in wrong_input.blobs(picture):
            with self.subTest(wrong.name):
                headers = {
                    "Authorization": f"Bearer {self.rep.phone.token}",
                    "Content-Type": wrong.content_type,
                    **wrong.headers,
                }
                path = sync_client.BLOB + str(uuid.uuid4())
                self.assert_json(self.http("PUT", path, headers, wrong.body), *wrong.expected)
        self.assertEqual(self.counts(), before)
        name = str(uuid.uuid4())
        self.assertEqual(self.rep.phone.put_blob(name, picture).status, 200)
        self.assertEqual(self.rep.phone.put_blob(name, picture).status, 200)
        self.assertEqual(self.counts()["field.blob"], before["field.blob"] + 1)
        other = self.rep.phone.put_blob(name, road.picture("another"))
        self.assert_json(other, 409, "blob_conflict")

    def test_each_kind_of_picture_is_taken(self):
        for kind in ("jpeg", "png", "webp"):
            with self.subTest(kind):
                content = road.picture("x", kind.upper())
                answer = self.rep.phone.put_blob(str(uuid.uuid4()), content, f"image/{kind}")
                self.assert_json(answer, 200)

    def test_upload_names_that_are_none(self):
        for name in ("x", "..%2f..%2fetc", "a'--", "0" * 36, "%00"):
            with self.subTest(name):
                answer = self.rep.phone.put_blob(name, road.picture("x"))
                self.assert_harmless(answer)
                self.assertIn(answer.status, (400, 404))
        self.assert_phone_works()

    # --- connecting a phone --------------------------------------------------------------------
    def enrol(self, body):
        headers = {"Content-Type": "application/json"}
        return self.http("POST", "/field/api/v1/enrol", headers, body)

    @mute_logger("odoo.addons.base.models.res_users")
    def test_enrolments_that_are_refused(self):
        before = self.counts()
        for wrong in wrong_input.enrolments():
            with self.subTest(wrong.name):
                self.assert_json(self.enrol(wrong.body), *wrong.expected)
        self.assertEqual(self.counts(), before)

    @mute_logger("odoo.addons.base.models.res_users")
    def test_wrong_password_says_no_more_than_wrong_login(self):
        body = {"login": self.rep.login, "password": "wrong", "name": "Phone"}
        body["device_uuid"] = str(uuid.uuid4())
        known = self.enrol(json.dumps(body).encode())
        unknown = self.enrol(json.dumps({**body, "login": "nobody"}).encode())
        self.assert_json(known, 401, "bad_login")
        self.assertEqual(known.body, unknown.body)

    def test_person_without_a_role_is_told_so(self):
        self.env["res.users"].create(
            {
                "login": "office",
                "name": "Office",
                "password": road.PASSWORD,
                "group_ids": [(6, 0, [self.env.ref("base.group_user").id])],
            }
        )
        body = {"login": "office", "password": road.PASSWORD, "name": "Phone"}
        body["device_uuid"] = str(uuid.uuid4())
        self.assert_json(self.enrol(json.dumps(body).encode()), 403, "no_role")

    def test_phone_of_somebody_else_cannot_be_taken_over(self):
        boss = self.env["hr.employee"].browse(self.rep.employee).parent_id.id
        road.hire(self.office, "thief", "Thief", road.REP_GROUPS, boss)
        body = {"login": "thief", "password": road.PASSWORD, "name": "Phone"}
        body["device_uuid"] = self.rep.phone.device
        answer = self.enrol(json.dumps(body).encode())
        self.assert_json(answer, 409, "device_taken")
        self.assert_phone_works()
