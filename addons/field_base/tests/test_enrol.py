import base64
import uuid
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import make_event
from .test_api import SYNC, ApiCase

ENROL = "/field/api/v1/enrol"
USERS = "odoo.addons.base.models.res_users"


@tagged("post_install", "-at_install")
class TestEnrol(ApiCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.registry.__dict__.pop, "_login_failures", None)

    def enrol(self, login="field_rep", password=None, **extra):
        body = {
            "login": login,
            "password": password or login,
            "device_uuid": str(uuid.uuid4()),
            "name": "Pixel 9",
            **extra,
        }
        return self.call(ENROL, body, token=False)

    def test_enrol_and_sync(self):
        self.rep.password = "field_rep"
        uid = str(uuid.uuid4())
        response = self.enrol(device_uuid=uid.upper())
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        device = self.env["field.device"].search([("uuid", "=", uid)])
        self.assertEqual((device.user_id, device.kind, device.name), (self.rep, "app", "Pixel 9"))
        self.assertEqual(answer["device"], {"id": device.id, "uuid": uid, "name": "Pixel 9"})
        self.assertEqual(answer["user"]["id"], self.rep.id)
        self.assertEqual(answer["user"]["tz"], "Asia/Shanghai")
        body = {"device": uid, "events": [make_event()]}
        results = self.call(SYNC, body, token=answer["token"]).json()["results"]
        self.assertEqual(results[0]["ref"], f"field.device,{device.id}")

    def test_again_renews_the_token(self):
        self.rep.password = "field_rep"
        uid = str(uuid.uuid4())
        first, second = (self.enrol(device_uuid=uid).json() for _i in range(2))
        self.assertEqual(first["device"], second["device"])
        empty = {"events": []}
        self.assertRefused(self.call(SYNC, empty, token=first["token"]), 401, "bad_token")
        self.assertEqual(self.call(SYNC, empty, token=second["token"]).status_code, 200)

    @mute_logger(USERS)
    def test_recovery_key_is_the_same_again_and_nobody_elses(self):
        """It opens what a phone encrypted under a PIN that was forgotten."""
        self.rep.password = "field_rep"
        uid = str(uuid.uuid4())
        first, again, other = (
            self.enrol(device_uuid=one).json()["recovery"] for one in (uid, uid, str(uuid.uuid4()))
        )
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)
        self.assertEqual(len(base64.b64decode(first)), 32)
        self.env["ir.config_parameter"].sudo().set_param("database.secret", "another")
        self.assertNotEqual(self.enrol(device_uuid=uid).json()["recovery"], first)

    def test_wrong_password_and_login(self):
        wrong = self.assertRefused(self.enrol(password="wrong"), 401, "bad_login")
        unknown = self.assertRefused(self.enrol(login="nobody"), 401, "bad_login")
        self.assertEqual(wrong, unknown)

    @mute_logger(USERS)
    def test_cool_down(self):
        with patch.object(type(self.env["res.users"]), "_on_login_cooldown", lambda *a: True):
            response = self.enrol()
        self.assertRefused(response, 429, "too_many_attempts")
        self.assertEqual(response.headers["Retry-After"], "60")

    def test_second_factor_is_not_bypassed(self):
        self.rep.password = "field_rep"
        with patch.object(type(self.env["res.users"]), "_mfa_type", lambda user: "totp"):
            self.assertRefused(self.enrol(), 403, "needs_second_factor")

    def test_people_without_role(self):
        for user in (self.internal, self.portal, self.auditor):
            user.password = user.login
            with self.subTest(user=user.login):
                self.assertRefused(self.enrol(user.login), 403, "no_role")

    def test_device_of_somebody_else_and_revoked_device(self):
        self.rep.password = "field_rep"
        other = self.env["field.device"].create({"name": "x", "user_id": self.other_rep.id})
        self.assertRefused(self.enrol(device_uuid=other.uuid), 409, "device_taken")
        self.device.action_revoke()
        self.assertRefused(self.enrol(device_uuid=self.device.uuid), 403, "revoked")

    def test_bad_bodies(self):
        for extra in (
            {"login": None},
            {"password": 5},
            {"password": ["x"]},
            {"device_uuid": "x"},
            {"name": " "},
            {"name": {}},
        ):
            with self.subTest(extra=extra):
                self.assertRefused(self.enrol(**extra), 400, "bad_request")
        self.assertRefused(self.call(ENROL, b"[]", token=False), 400, "bad_request")
        self.assertRefused(self.call(ENROL, b"{", token=False), 400, "bad_json")
        self.assertRefused(self.call(ENROL, b" " * 20000, token=False), 413, "too_large")
