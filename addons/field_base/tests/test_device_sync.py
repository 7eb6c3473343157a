from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessDenied, AccessError, ValidationError
from odoo.tests import TransactionCase, freeze_time, tagged

from ..models import field_nonce
from ..tools.clock import Moment, add_sample, count_before_set, estimate
from ..tools.status import read_status, version_tuple
from .common import FieldCase, make_event
from .test_api import SYNC, ApiCase

PULL = "/field/api/v1/pull"


class TestClock(TransactionCase):
    def test_smallest_of_samples_that_agree(self):
        samples = []
        for offset in (3000, 1200, 9000, 1500):
            samples, jumped = add_sample(samples, offset)
            self.assertFalse(jumped)
        self.assertEqual(estimate(samples), 1200)

    def test_clock_that_was_set(self):
        samples, jumped = add_sample([1000, 1100], 86_400_000)
        self.assertEqual((samples, jumped), ([86_400_000], True))

    def test_half_the_round_trip_is_the_way_here(self):
        self.assertEqual(add_sample([], 2000, 3000)[0], [500])
        for odd in (True, "x", None, -5, 10**9, float("nan")):
            self.assertEqual(add_sample([], 2000, odd)[0], [2000])

    def test_few_are_kept_and_none_is_endless(self):
        samples = []
        for number in range(50):
            samples, _jumped = add_sample(samples, number)
        self.assertEqual(samples, list(range(42, 50)))
        self.assertEqual(add_sample([], 1e300)[0], [2**31 - 1])
        self.assertEqual(estimate([]), 0)

    def test_where_the_clock_was_set(self):
        """Minutes of both clocks; the phone slept 20 minutes, then its clock was set."""
        day = 24 * 60

        def count(set_by, *moments):
            found = [Moment(wall * 60_000, run, mono * 60_000) for wall, run, mono in moments]
            return count_before_set(found, set_by * 60_000)

        forward = [(0, "a", 5), (30, "a", 15), (40 + day, "a", 25), (50 + day, "a", 35)]
        self.assertEqual(count(day, *forward), 2)
        back = [(0, "a", 5), (10 - day, "a", 15), (20 - day, "a", 25)]
        self.assertEqual(count(-day, *back), 1)
        restarted = [(0, "a", 5), (10 - day, "b", 1), (20 - day, "b", 11)]
        self.assertEqual(count(-day, *restarted), 1)
        unknown = [(0, "a", 5), (10 + day, "b", 1), (20 + day, "b", 11)]
        self.assertEqual(count(day, *unknown), 0)
        self.assertEqual(count(day, (0, None, 0), (day, None, 0)), 0)
        self.assertEqual(count(day, (0, "a", 5), (10, "a", 15)), 0)

    def test_versions(self):
        self.assertLess(version_tuple("1.9"), version_tuple("1.10.0"))
        for odd in (None, "", "1.x", "1..2", "1.2.3.4.5", "1" * 9, 5, "²"):
            self.assertIsNone(version_tuple(odd))


class TestStatus(TransactionCase):
    def test_what_is_odd_is_left_out(self):
        sent = {
            "app_version": "1.2.3",
            "platform": "x" * 500,
            "permissions": {"geolocation": "granted", "camera": 5, "rest": "denied"},
            "storage": {"used": 5, "quota": -1, "persisted": True},
            "battery": 7,
            "outbox": {"count": 3, "oldest_s": float("inf"), "last_seq": 40},
            "more": "x",
        }
        self.assertEqual(
            read_status(sent),
            {
                "app_version": "1.2.3",
                "platform": "x" * 80,
                "permissions": {"geolocation": "granted"},
                "storage": {"used": 5, "persisted": True},
                "outbox": {"count": 3, "last_seq": 40},
            },
        )
        for odd in (None, [], "x", 5, {"app_version": "a\0b", "storage": [], "outbox": "x"}):
            self.assertEqual(read_status(odd), {})


@tagged("post_install", "-at_install")
class TestDeviceSync(FieldCase):
    def test_token_is_renewed_and_both_work_until_the_new_one_is_used(self):
        old = self.device._issue_token()
        self.assertIsNone(self.device._renew_token(old))
        self.device.token_issued_at = fields.Datetime.now() - timedelta(days=31)
        new = self.device._renew_token(old)
        self.assertEqual(self.device._renew_token(old), new, "the answer may have been lost")
        for token in (old, new):
            self.assertEqual(self.device._authenticate(token), self.device)
        self.assertIsNone(self.device._renew_token(new))
        self.assertFalse(self.device._authenticate(old))
        self.assertEqual(self.device._authenticate(new), self.device)

    def test_revoking_ends_the_renewed_token_too(self):
        old = self.device._issue_token()
        self.device.token_issued_at = fields.Datetime.now() - timedelta(days=31)
        new = self.device._renew_token(old)
        self.device.action_revoke()
        self.assertFalse(self.device._authenticate(old) or self.device._authenticate(new))

    def test_token_opens_nothing_else(self):
        token = self.device._issue_token()
        keys = self.env["res.users.apikeys"]
        for scope in ("rpc", "odoo.plugin", "field_sync"):
            self.assertFalse(keys._check_credentials(scope=scope, key=token))
        credential = {"type": "password", "login": self.rep.login, "password": token}
        with self.assertRaises(AccessDenied):
            self.env["res.users"].authenticate(credential, {"interactive": False})

    def test_status_is_kept(self):
        answer = self.sync_extra(status={"app_version": "2.0.1", "outbox": {"count": 4}})
        self.assertEqual((answer["commands"], answer["last_seq"]), ([], 1))
        device = self.device
        self.assertEqual((device.app_version, device.outbox_count), ("2.0.1", 4))

    def sync_extra(self, events=None, **extra):
        env = self.env(user=self.rep, su=False)
        events = [make_event()] if events is None else events
        return env["field.event"]._sync(self.device.with_env(env), events, extra=extra)

    def test_wipe(self):
        with self.assertRaises(AccessError):
            self.device.with_user(self.internal).action_wipe()
        self.device.with_user(self.leader).action_wipe()
        self.assertEqual(self.sync_extra()["commands"], ["wipe"])
        self.device.with_user(self.rep).action_cancel_wipe()
        self.assertEqual(self.sync_extra()["commands"], [])
        self.device.action_wipe()
        token = self.device._issue_token()
        self.device.action_wipe()
        self.sync_extra(status={"wiped": True})
        self.assertEqual((self.device.wipe_state, self.device.state), ("done", "revoked"))
        self.assertFalse(self.device._authenticate(token))

    def test_saying_wiped_unasked_changes_nothing(self):
        self.sync_extra(status={"wiped": True})
        self.assertEqual((self.device.wipe_state, self.device.state), (False, "active"))

    def test_phone_to_be_wiped_is_brought_nothing(self):
        env = self.env(user=self.rep, su=False)
        first = env["field.app"]._pull(self.device)
        self.device.action_wipe()
        answer = env["field.app"]._pull(self.device, first["cursor"])
        self.assertEqual(answer["commands"], ["wipe"])
        self.assertEqual(answer["collections"]["me"], {"rows": [], "gone": self.rep.ids})
        self.assertFalse(any(part["rows"] for part in answer["collections"].values()))

    def test_wiped_storage_is_noticed(self):
        self.sync_extra([make_event(seq=number) for number in range(1, 8)])
        self.assertFalse(self.device.loss_note)
        self.sync_extra([make_event(seq=9), make_event(seq=8)])
        self.assertFalse(self.device.loss_note, "late is not lost")
        self.sync_extra([make_event(seq=3)])
        self.assertIn("3", self.device.loss_note)
        self.assertIn("9", self.device.loss_note)
        self.device.loss_note = False
        self.sync_extra([], status={"outbox": {"count": 0, "last_seq": 2}})
        self.assertTrue(self.device.loss_note)

    def test_restored_server_asks_for_what_it_lost(self):
        self.sync_extra([make_event(seq=number) for number in (1, 2, 3, 6)])
        have = self.env["field.event"].search([("device_id", "=", self.device.id)], limit=1)
        self.assertNotIn("restored", self.sync_extra([], acked={"seq": 6, "hash": have.hash}))
        answer = self.sync_extra([make_event(seq=11)], acked={"seq": 10, "hash": "f" * 64})
        self.assertTrue(answer["restored"])
        self.assertEqual(answer["missing"], [[0, 0], [4, 5], [7, 10]])
        gone_blob = {"hash": have.hash, "blob": "0192f0c5-7a5e-7c3a-8b5e-2f6f0a9d1c12"}
        self.assertTrue(self.sync_extra([], acked=gone_blob)["restored"])
        for odd in ({}, [], "x", {"seq": "x", "hash": 5}):
            self.assertNotIn("restored", self.sync_extra([], acked=odd))

    def test_clock(self):
        with freeze_time("2026-11-20 10:00:00"):
            for sent, rtt in ((9.0, None), (8.0, None), (6.5, 1000)):
                at = datetime(2026, 11, 20, 10) - timedelta(seconds=sent)
                env = self.env(user=self.rep, su=False)
                env["field.event"]._sync(
                    self.device.with_env(env), [], at.isoformat() + "Z", extra={"rtt_ms": rtt}
                )
            self.assertEqual(self.device.clock_offset_ms, 6000)
            self.assertFalse(self.device.clock_set_at)
            self.sync([], sent_at="2026-11-21T10:00:00Z")
        self.assertEqual(self.device.clock_offset_ms, -86_400_000)
        self.assertTrue(self.device.clock_set_at)

    def test_too_large_event_spoils_itself_only(self):
        events = [
            make_event(seq=1),
            make_event(seq=2, payload={"note": "x" * 140_000}),
            make_event(seq=3),
        ]
        results = self.sync(events)["results"]
        self.assertEqual([r["state"] for r in results], ["applied", "rejected", "applied"])
        self.assertEqual(results[1]["code"], "too_large")
        self.assertEqual(self.sync(events)["results"], results)

    def test_version_of_the_company(self):
        self.company.field_app_min_version = "1.4"
        with self.assertRaises(ValidationError):
            self.company.field_app_min_version = "new"

    def test_nonces(self):
        Nonce = self.env["field.nonce"]
        numbers = Nonce._spare(self.device)
        self.assertEqual((len(set(numbers)), Nonce._spare(self.device)), (40, numbers))
        other = self.make_device(self.other_rep)
        self.assertEqual(Nonce._use(other, numbers[0]), "unknown")
        self.assertEqual(Nonce._use(self.device, numbers[0]), "good")
        self.assertEqual(Nonce._use(self.device, numbers[0]), "reused")
        self.assertEqual(Nonce._use(self.device, None), "none")
        self.assertEqual(len(Nonce._spare(self.device)), 40)
        self.assertNotIn(numbers[0], Nonce._spare(self.device))
        self.env.cr.execute("UPDATE field_nonce SET issued_at = now() - %s", [4 * field_nonce.KEEP])
        Nonce._gc_nonces()
        self.assertFalse(Nonce.search([("device_id", "=", self.device.id)]))


@tagged("post_install", "-at_install")
class TestDeviceEndpoint(ApiCase):
    def test_old_app_is_told_to_update(self):
        self.company.field_app_min_version = "1.4"
        body = self.sync_body(make_event())
        for path, args in ((SYNC, (body,)), (PULL, (None, "GET"))):
            response = self.call(path, *args, headers={"X-Field-App": "1.3.9"})
            self.assertRefused(response, 426, "upgrade")
        self.assertFalse(self.rows())
        for version in ("1.4.0", "2", "odd", ""):
            response = self.call(SYNC, body, headers={"X-Field-App": version})
            self.assertEqual(response.status_code, 200)

    def test_limits_are_named(self):
        events = [make_event(seq=number) for number in range(101)]
        error = self.assertRefused(self.call(SYNC, self.sync_body(*events)), 413, "too_many_events")
        self.assertEqual(error["limit"], 100)
        error = self.assertRefused(self.call(SYNC, b" " * 1100000), 413, "too_large")
        self.assertEqual(error["limit"], 1024 * 1024)

    def test_renewed_token_comes_with_the_answer(self):
        self.device.token_issued_at = fields.Datetime.now() - timedelta(days=31)
        token = self.call(SYNC, self.sync_body()).json()["token"]
        again = self.call(SYNC, self.sync_body()).json()
        self.assertEqual(again["token"], token)
        self.assertNotIn("token", self.call(SYNC, self.sync_body(), token=token).json())
        self.assertRefused(self.call(SYNC, self.sync_body()), 401, "bad_token")

    def test_token_is_no_key_to_odoo(self):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        for path in ("/json/2/res.partner/search_read", "/web/dataset/call_kw"):
            body = {"model": "res.partner", "method": "search_read", "args": [[]], "kwargs": {}}
            rpc = {"jsonrpc": "2.0", "method": "call", "params": body}
            response = self.url_open(path, json=rpc, headers=headers)
            self.assertNotIn('"display_name"', response.text)
            self.assertNotIn('"result"', response.text)

    def test_pull_brings_camera_numbers(self):
        answer = self.call(PULL, method="GET").json()
        self.assertEqual((len(answer["nonces"]), answer["commands"]), (40, []))
