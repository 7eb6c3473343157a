import json
import time
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..tools import sensors
from .common import TrackCase


@tagged("post_install", "-at_install")
class TestSensors(TrackCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender, cls.sender_token = cls.new_device(cls.boss, "Gateway", "sensor")
        cls.shop = cls.env["res.partner"].create({"name": "Shop"})
        cls.sensor = cls.env["field.sensor"].create(
            {
                "name": "Freezer",
                "asset": "No. 4711",
                "code": "freezer-3",
                "device_id": cls.sender.id,
                "partner_id": cls.shop.id,
                "user_id": cls.rep.id,
                "limit_ids": [
                    (0, 0, {"metric": "temperature", "has_high": True, "high": -15, "minutes": 10})
                ],
            }
        )
        cls.start = int(time.time()) - 7200

    def send(self, *rows, token=None, body=None):
        """Rows of (minutes after the start, value) by real HTTP."""
        values = [
            {
                "sensor": "freezer-3",
                "metric": "temperature",
                "value": v,
                "time": self.start + 60 * m,
            }
            for m, v in rows
        ]
        answer = self.url_open(
            f"/field/track/{token or self.sender_token}/sensor",
            data=body or json.dumps({"values": values}).encode(),
            headers={"Content-Type": "application/json"},
            timeout=30,
        )
        self.env.invalidate_all()
        return answer

    def tasks(self):
        return self.shop.activity_ids

    def test_values_are_stored_once(self):
        for _n in range(2):
            answer = self.send((0, -18.5), (1, -18.2))
            self.assertEqual((answer.status_code, answer.content), (200, b""))
        self.assertEqual(self.sensor.value_ids.mapped("value"), [-18.2, -18.5])
        self.assertTrue(self.sender.last_contact)

    def test_a_limit_passed_long_enough_makes_one_task(self):
        self.send((0, -18), (1, -10), (5, -9))
        self.assertFalse(self.tasks(), "ten minutes are not over")
        self.send((12, -8))
        self.send((13, -8), (20, -7))
        [task] = self.tasks()
        self.assertEqual((task.user_id, task.summary), (self.rep, "Look after Freezer"))
        self.assertIn("-8", task.note)
        self.assertTrue(self.sensor.is_alarm)
        found = self.env["field.sensor"].search([("is_alarm", "=", True)])
        self.assertEqual(found, self.sensor)
        self.send((25, -18))
        self.assertFalse(self.sensor.is_alarm)
        self.send((30, -5), (45, -5))
        self.assertEqual(len(self.tasks()), 2)

    def test_late_values_are_history_and_no_alarm(self):
        self.send((60, -18))
        self.send((10, -5), (30, -5))
        self.assertFalse(self.tasks())
        self.assertEqual(len(self.sensor.value_ids), 3)

    def test_what_cannot_be_used_is_quarantined(self):
        for body, reason in (
            (b'{"sensor":"unknown","metric":"x","value":1}', "unknown_device"),
            (b'{"sensor":"freezer-3","metric":"temperature","value":"warm"}', "bad_body"),
            (b'[{"sensor":"freezer-3","metric":"t","value":1,"time":"soon"}]', "bad_time"),
            (b"{", "bad_body"),
        ):
            with self.subTest(body=body):
                self.assertEqual(self.send(body=body).status_code, 200)
                self.assertEqual(self.sender.reject_ids.mapped("reason"), [reason])
                self.sender.reject_ids.unlink()
        self.assertEqual(self.send(token="x" * 43).status_code, 401)

    def test_a_phone_is_no_sensor(self):
        self.assertEqual(self.send((0, 1), token=self.token).status_code, 200)
        self.assertFalse(self.sensor.value_ids)
        self.assertEqual(self.device.reject_ids.mapped("reason"), ["unknown_device"])

    def test_parse(self):
        parsed = sensors.parse(b'{"sensor":" a ","metric":"t","value":"1.5"}', 1e9)
        self.assertEqual(parsed.readings, [sensors.Reading("a", "t", 1.5, 10**9)])

    def test_roles(self):
        value = self.env["field.sensor.value"].create(
            {"sensor_id": self.sensor.id, "metric": "x", "value": 1, "ts": self.now()}
        )
        limit = self.sensor.limit_ids
        for record in (self.sensor, limit, value):
            for user, reads, writes in (
                (self.nobody, False, False),
                (self.rep, True, False),
                (self.leader, True, False),
                (self.auditor, True, False),
                (self.boss, True, record != value),
            ):
                with self.subTest(model=record._name, user=user.login):
                    self.assertEqual(record.with_user(user).has_access("read"), reads)
                    self.assertEqual(record.with_user(user).has_access("write"), writes)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.boss.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        for record in (self.sensor, limit, value):
            with self.assertRaises(AccessError):
                record.with_user(self.boss).read(["id", "display_name"])

    def test_old_values_go(self):
        value = {"sensor_id": self.sensor.id, "metric": "x", "value": 1}
        old = self.env["field.sensor.value"].create(
            {**value, "ts": self.now() - timedelta(days=500)}
        )
        young = old.create({**value, "ts": self.now()})
        old._gc_old()
        self.assertEqual((old | young).exists(), young)
