"""Messages wake the phone: only where it is on, only known push services, and without a word of them."""

import json

from odoo.tests import HttpCase, TransactionCase, freeze_time, tagged

from .. import hooks
from ..tools.errors import FieldRejected
from ..tools.push import are_push_keys, is_push_service
from .common import FieldCase, build_team

KEYS = {"p256dh": "B" * 87, "auth": "a" * 22}
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc:def"
PHONE = "0198c0de-0000-7000-8000-000000000001"
SECRET = "Golden Dragon owes 5,000"


class TestPushTools(TransactionCase):
    def test_only_push_services_of_browsers(self):
        good = (
            ENDPOINT,
            "https://updates.push.services.mozilla.com/wpush/v2/g",
            "https://web.push.apple.com/Q",
            "https://db5p.notify.windows.com/w/?token=B",
        )
        bad = (
            "http://fcm.googleapis.com/fcm/send/a",
            "https://127.0.0.1/",
            "https://fcm.googleapis.com.example.com/",
            "https://evilpush.apple.com.example/",
            "https://notpush.apple.computer/",
            "https://xfcm.googleapis.com/",
            "https://fcm.googleapis.com:8443/",
            "https://me:pw@fcm.googleapis.com/",
            "https://fcm.googleapis.com@127.0.0.1/",
            "https://[bad",
            f"{ENDPOINT}{'x' * 2000}",
            "",
            None,
            7,
        )
        for url in good:
            self.assertTrue(is_push_service(url), url)
        for url in bad:
            self.assertFalse(is_push_service(url), url)

    def test_keys_of_a_browser(self):
        self.assertTrue(are_push_keys(KEYS))
        wrong = (None, [], {}, {"auth": KEYS["auth"]}, {**KEYS, "more": "x"})
        wrong += ({**KEYS, "auth": 7}, {**KEYS, "auth": "a b" * 7}, {**KEYS, "p256dh": "B"})
        for keys in wrong:
            self.assertFalse(are_push_keys(keys), keys)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestPush(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.rep.company_id
        cls.company.field_push = True
        cls.phone, _token = cls.env["field.device"]._enrol(cls.rep, PHONE, "Phone")
        cls.phone._set_push({"endpoint": ENDPOINT, "keys": KEYS})

    def test_nothing_of_it_outlives_the_module(self):
        own = [("field_device_id", "=", self.phone.id)]
        self.assertTrue(self.env["mail.push.device"]._field_phones(own))
        hooks._forget_phones(self.env)
        self.assertFalse(self.env["mail.push.device"]._field_phones(own))

    def _waiting(self):
        rows = self.env["mail.push"].with_context(active_test=False)
        rows = rows.search([("mail_push_device_id.field_device_id", "=", self.phone.id)])
        return [json.loads(row.payload) for row in rows]

    def _tell(self, **values):
        body = f"<p>{SECRET}</p>"
        return self.env["field.notice"]._notify("privacy", self.rep, SECRET, body, **values)

    def test_a_message_wakes_the_phone_without_a_word_of_it(self):
        self._tell()
        (payload,) = self._waiting()
        self.assertEqual(payload["title"], "Field Sales")
        self.assertEqual(payload["options"], {"body": "There is a message for you in the app."})
        self.assertNotIn("Dragon", json.dumps(payload))

    def test_the_push_of_odoo_leaves_the_phone_out(self):
        browser = self.env["mail.push.device"].create(
            {"partner_id": self.rep.partner_id.id, "endpoint": "https://b", "keys": "{}"}
        )
        Thread = self.env["mail.thread"]
        devices, _private, public = Thread._web_push_get_partners_parameters(
            self.rep.partner_id.ids
        )
        self.assertEqual(devices, browser)
        self.assertTrue(public, "the keys were made when it was switched on")

    def test_nothing_where_it_is_off(self):
        self.company.field_push = False
        self._tell()
        self.assertEqual(self._waiting(), [])
        with self.assertRaises(FieldRejected) as caught:
            self.phone._set_push({"endpoint": ENDPOINT, "keys": KEYS})
        self.assertEqual(caught.exception.code, "push_off")
        App = self.as_user("field.app", self.rep)
        self.assertNotIn("push", App._me_values(self.rep))
        self.company.field_push = True
        self.assertTrue(App._me_values(self.rep)["push"])

    def test_only_ways_that_are_not_mail(self):
        Choice = self.env["field.notice.choice"]
        choice = Choice.create({"user_id": self.rep.id, "kind": "privacy", "channel": "mail"})
        self._tell()
        self.assertEqual(self._waiting(), [])
        choice.channel = "app"
        self._tell()
        self.assertEqual(len(self._waiting()), 1)

    def test_quiet_hours_are_quiet(self):
        Choice = self.env["field.notice.choice"]
        Choice.create({"user_id": self.rep.id, "kind": "privacy", "channel": "app"})
        self.env["field.policy"].search([]).write({"quiet_from": 0, "quiet_until": 23.5})
        self._tell()
        self.assertEqual(self._waiting(), [])

    def test_one_address_for_each_phone_and_none_after_the_end(self):
        again = {"endpoint": f"{ENDPOINT}2", "keys": KEYS}
        self.phone._set_push(again)
        found = self.env["mail.push.device"]._field_phones(
            [("field_device_id", "=", self.phone.id)]
        )
        self.assertEqual(found.endpoint, again["endpoint"])
        self.assertEqual(found.partner_id, self.rep.partner_id)
        self.phone.action_revoke()
        self.assertFalse(found.exists())

    def test_a_strange_address_is_refused(self):
        for wrong in ({"endpoint": "https://127.0.0.1/"}, {"keys": None}):
            with self.assertRaises(FieldRejected) as caught:
                self.phone._set_push({"endpoint": ENDPOINT, "keys": KEYS, **wrong})
            self.assertEqual(caught.exception.code, "bad_payload")


@tagged("post_install", "-at_install")
class TestPushApi(HttpCase):
    def test_the_phone_asks_to_be_woken_and_no_more(self):
        build_team(self)
        self.rep.company_id.field_push = True
        device, token = self.env["field.device"]._enrol(self.rep, PHONE, "Phone")
        self.env.flush_all()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        url = self.base_url() + "/field/api/v1/push"

        def send(method, body=None):
            data = json.dumps(body)
            return self.opener.request(method, url, data=data, headers=headers, timeout=30)

        mine = [("field_device_id", "=", device.id)]
        put = send("PUT", {"endpoint": ENDPOINT, "keys": KEYS})
        self.assertEqual((put.status_code, put.json()), (200, {"ok": True}))
        self.assertEqual(self.env["mail.push.device"]._field_phones(mine).endpoint, ENDPOINT)
        bad = send("PUT", {"endpoint": "https://127.0.0.1/", "keys": KEYS})
        self.assertEqual((bad.status_code, bad.json()["error"]["code"]), (422, "bad_payload"))
        self.assertEqual(send("PUT", []).status_code, 400)
        self.assertEqual(send("DELETE").status_code, 200)
        self.assertFalse(self.env["mail.push.device"]._field_phones(mine))
        headers.pop("Authorization")
        self.assertEqual(send("DELETE").status_code, 401)
