import json
import random

from odoo.tests import BaseCase

from ..tools.canonical import canonical, event_hash, sha256_hex


class TestCanonical(BaseCase):
    def test_numbers_are_written_as_javascript_writes_them(self):
        # values and texts of RFC 8785, appendix B, and what JSON.stringify says of the rest
        for value, text in (
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (100, "100"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (123456789012345680000.0, "123456789012345680000"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (1.5e-7, "1.5e-7"),
            (9.999999999999997e22, "9.999999999999997e+22"),
            (333333333.3333332, "333333333.3333332"),
            (5e-324, "5e-324"),
            (-1.7976931348623157e308, "-1.7976931348623157e+308"),
            (31.2304160, "31.230416"),
            (0.002, "0.002"),
            (2**53, "9007199254740992"),
            (10**25, "1e+25"),
        ):
            with self.subTest(value=value):
                self.assertEqual(canonical(value), text)

    def test_every_float_is_read_back_as_itself(self):
        chance = random.Random(8785)
        for _i in range(2000):
            value = chance.uniform(-1, 1) * 10 ** chance.randint(-30, 30)
            self.assertEqual(float(canonical(value)), value)

    def test_keys_are_sorted_by_utf16_code_units(self):
        value = {"€": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\x80": 6, "ö": 7}
        self.assertEqual(
            list(json.loads(canonical(value))), ["\r", "1", "\x80", "ö", "€", "😀", "\ufb33"]
        )

    def test_structure(self):
        value = {"b": [1, None, True, False, '签到\n"x"\\'], "a": {"d": {}, "c": []}}
        text = '{"a":{"c":[],"d":{}},"b":[1,null,true,false,"签到\\n\\"x\\"\\\\"]}'
        self.assertEqual(canonical(value), text)

    def test_lone_surrogates_are_escaped(self):
        self.assertEqual(canonical("\ud800x"), '"\\ud800x"')
        self.assertEqual(canonical("\0"), '"\\u0000"')

    def test_what_json_cannot_hold_is_refused(self):
        for value in (float("nan"), float("inf"), 10**400, {1, 2}, b"x"):
            with self.subTest(value=value), self.assertRaises(ValueError):
                canonical(value)

    def test_documented_example(self):
        event = {
            "uuid": "0192f0c1-7a5e-7c3a-8b5e-2f6f0a9d1c11",
            "seq": 812,
            "kind": "visit.check_in",
            "captured_at": "2026-11-23T09:41:05.300Z",
            "payload": {"position": {"lat": 31.230416, "lng": 121.473701, "accuracy": 12.0}},
        }
        text = (
            '{"captured_at":"2026-11-23T09:41:05.300Z",'
            '"device":"6f9619ff-8b86-4d01-b42d-00cf4fc964ff","kind":"visit.check_in",'
            '"payload":{"position":{"accuracy":12,"lat":31.230416,"lng":121.473701}},'
            '"prev_hash":"","seq":812,"uuid":"0192f0c1-7a5e-7c3a-8b5e-2f6f0a9d1c11"}'
        )
        found = event_hash("6f9619ff-8b86-4d01-b42d-00cf4fc964ff", event, "")
        self.assertEqual(found, sha256_hex(text))
        self.assertEqual(found, "7800d9a621156a31fc190c2c5d90f0662d7fc775943d5a68d97fa5e6af6b548a")
        linked = event_hash("6f9619ff-8b86-4d01-b42d-00cf4fc964ff", event, found)
        self.assertNotEqual(linked, found)
