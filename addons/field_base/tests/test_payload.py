from odoo.tests import BaseCase

from ..tools.errors import FieldRejected
from ..tools.payload import is_uuid, read_instant, read_position, read_uuid, require_payload

UUID = "0192F0C1-7a5e-7c3a-8b5e-2f6f0a9d1c11"


class TestPayload(BaseCase):
    def assertRefused(self, code, call, *args, **kwargs):
        with self.assertRaises(FieldRejected) as caught:
            call(*args, **kwargs)
        self.assertEqual(caught.exception.code, code)
        return caught.exception.message._translate("en_US")

    def test_require(self):
        payload = {"n": 3, "x": 2, "t": "签到", "d": {}, "more": 1}
        values = require_payload(payload, {"n": int, "x": float, "t": str}, {"d": dict, "l": list})
        self.assertEqual(values, {"n": 3, "x": 2.0, "t": "签到", "d": {}, "l": None})

    def test_require_names_the_field(self):
        for payload, wanted in (
            ({}, "“n” is missing."),
            ({"n": None}, "“n” is missing."),
            ({"n": "3"}, "“n” must be a whole number."),
            ({"n": True}, "“n” must be a whole number."),
            ({"n": 3.5}, "“n” must be a whole number."),
        ):
            with self.subTest(payload=payload):
                message = self.assertRefused("bad_payload", require_payload, payload, {"n": int})
                self.assertEqual(message, wanted)

    def test_require_wrong_types(self):
        for value in ("1", True, [], {}, float("nan"), float("inf"), 10**400):
            with self.subTest(value=value):
                self.assertRefused("bad_payload", require_payload, {"x": value}, {}, {"x": float})
        self.assertRefused("bad_payload", require_payload, [], {})

    def test_uuid(self):
        self.assertEqual(read_uuid({"u": UUID}, "u"), UUID.lower())
        self.assertIsNone(read_uuid({}, "u", required=False))
        for value in (None, "", "x", UUID + "0", UUID.replace("-", ""), 12, f"{{{UUID}}}"):
            with self.subTest(value=value):
                self.assertRefused("bad_payload", read_uuid, {"u": value}, "u")
                self.assertFalse(is_uuid(value))

    def test_instant(self):
        self.assertIsNone(read_instant({}, "at", required=False))
        self.assertEqual(read_instant({"at": "2026-11-23T09:41:07Z"}, "at").hour, 9)
        self.assertRefused("bad_payload", read_instant, {"at": "nine"}, "at")

    def test_position(self):
        self.assertEqual(
            read_position({"lat": 31, "lng": 121.5, "accuracy": 12, "speed": "x"}),
            {"lat": 31.0, "lng": 121.5, "accuracy": 12.0, "fix_age": None},
        )
        self.assertIsNone(read_position(None))
        self.assertRefused("bad_position", read_position, None, required=True)
        twice = read_position(read_position({"lat": -90, "lng": 180}))
        self.assertEqual((twice["lat"], twice["lng"]), (-90.0, 180.0))

    def test_position_refused(self):
        good = {"lat": 31.0, "lng": 121.0}
        for change in (
            {"lat": 91},
            {"lat": -90.1},
            {"lat": "31"},
            {"lat": None},
            {"lat": True},
            {"lat": 10**400},
            {"lat": float("nan")},
            {"lng": 180.5},
            {"lng": float("inf")},
            {"lng": []},
            {"accuracy": -1},
            {"accuracy": "12"},
            {"accuracy": float("inf")},
            {"fix_age": -3},
        ):
            with self.subTest(change=change):
                self.assertRefused("bad_position", read_position, {**good, **change})
        for value in ([], "31,121", 5):
            self.assertRefused("bad_position", read_position, value)
