import hashlib
import hmac
import json
from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.signature import sign
from .common import FieldCase


@tagged("post_install", "-at_install")
class TestWebhook(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hook = cls.env["field.webhook"].create(
            {
                "name": "Data warehouse",
                "url": "https://hooks.example/field",
                "topic_ids": [
                    Command.set(cls.env.ref("field_base.field_webhook_topic_workday_opened").ids)
                ],
            }
        )

    def _open_day(self):
        env = self.env(user=self.rep, su=False)
        return env["field.workday"]._do_open(self.rep.with_env(env), fields.Datetime.now())

    def _send(self, answer):
        sent = []

        def post(url, **options):
            sent.append((url, options))
            if isinstance(answer, Exception):
                raise answer
            response = requests.Response()
            response.status_code = answer
            return response

        with patch.object(requests, "post", post), self.enter_registry_test_mode():
            self.env.ref("field_base.field_webhook_cron_deliver").method_direct_trigger()
        self.env.invalidate_all()
        return sent

    def test_signature(self):
        value = sign("secret", 1700000000, b'{"a": 1}')
        expected = hmac.new(b"secret", b'1700000000.{"a": 1}', hashlib.sha256).hexdigest()
        self.assertEqual(value, f"t=1700000000,v1={expected}")

    def test_sent_signed_and_with_a_time_limit(self):
        day = self._open_day()
        ((url, options),) = self._send(200)
        self.assertEqual(url, "https://hooks.example/field")
        header = dict(
            part.split("=") for part in options["headers"]["X-Field-Signature"].split(",")
        )
        expected = sign(self.hook.secret, int(header["t"]), options["data"])
        self.assertEqual(options["headers"]["X-Field-Signature"], expected)
        body = json.loads(options["data"])
        self.assertEqual(
            (body["event"], body["workday"]["id"], body["workday"]["person"]),
            ("workday.opened", day.id, self.rep.login),
        )
        self.assertNotIn("lat", options["data"].decode(), "no places go out")
        self.assertTrue(options["timeout"])
        self.assertEqual(self.hook.delivery_ids.state, "done")
        self.assertFalse(self._send(200), "once")

    def test_again_until_received_then_given_up(self):
        self._open_day()
        row = self.hook.delivery_ids
        for answer in (500, requests.ConnectTimeout(), 302, 500, 500, 500, 500):
            self._send(answer)
            self.assertEqual(row.state, "pending", row.tries)
            row.next_at = fields.Datetime.now()
        self._send(500)
        self.assertEqual((row.state, row.tries, row.status), ("failed", 8, "500"))
        with self.assertRaises(AccessError):
            self.as_user("field.webhook.delivery", self.auditor).browse(row.id).action_retry()
        self.as_user("field.webhook.delivery", self.admin).browse(row.id).action_retry()
        self._send(204)
        self.assertEqual(row.state, "done")

    def test_only_the_own_company_and_the_wanted_topics(self):
        self.hook.company_id = self.other_company
        day = self._open_day()
        self.assertFalse(self.hook.delivery_ids)
        self.hook.company_id = self.company
        day.sudo()._do_close(day.open_at + timedelta(hours=1))
        self.assertFalse(self.hook.delivery_ids, "the closing is not wanted")

    def test_other_addresses_are_refused(self):
        with self.assertRaises(ValidationError):
            self.hook.url = "file:///etc/passwd"

    def test_nobody_but_administrators_manages_them(self):
        for user in (self.rep, self.leader):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                self.as_user("field.webhook", user).search([])
        auditor = self.as_user("field.webhook", self.auditor).browse(self.hook.id)
        self.assertEqual(auditor.url, self.hook.url)
        with self.assertRaises(AccessError):
            auditor.read(["secret"])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            auditor.url = "https://elsewhere.example"
