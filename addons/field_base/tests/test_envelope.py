from odoo.tests import BaseCase

from ..tools.canonical import event_hash
from ..tools.envelope import read_event

DEVICE = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
GOOD = {
    "uuid": "0192f0c1-7a5e-7c3a-8b5e-2f6f0a9d1c11",
    "seq": 812,
    "kind": "visit.check_in",
    "captured_at": "2026-11-23T09:41:05.300Z",
    "prev_hash": "",
    "payload": {"x": 1.0},
}


class TestEnvelope(BaseCase):
    def read(self, **change):
        return read_event(DEVICE, {**GOOD, **change})

    def test_good(self):
        envelope = self.read()
        self.assertIsNone(envelope.code)
        self.assertEqual(envelope.uuid, GOOD["uuid"])
        self.assertEqual(envelope.payload_text, '{"x":1}')
        self.assertEqual(envelope.hash, event_hash(DEVICE, GOOD, ""))

    def test_upper_case_is_the_same_event(self):
        self.assertEqual(self.read(uuid=GOOD["uuid"].upper()).hash, self.read().hash)
        self.assertEqual(self.read(uuid=GOOD["uuid"].upper()).body_hash, self.read().body_hash)

    def test_own_hash_of_the_device_is_checked(self):
        self.assertIsNone(self.read(hash=event_hash(DEVICE, GOOD, "")).code)
        wrong = self.read(hash="0" * 64)
        self.assertEqual((wrong.code, wrong.uuid), ("bad_hash", None))

    def test_body_hash_covers_all_that_counts(self):
        same = self.read().body_hash
        self.assertEqual(self.read(attempt=3).body_hash, same)
        for change in (
            {"seq": 813},
            {"kind": "visit.check_out"},
            {"captured_at": "2026-11-23T09:41:06Z"},
            {"prev_hash": "a" * 64},
            {"payload": {"x": 2}},
        ):
            with self.subTest(change=change):
                self.assertNotEqual(self.read(**change).body_hash, same)

    def test_broken_but_remembered(self):
        for change in (
            {"seq": -1},
            {"seq": "1"},
            {"seq": True},
            {"seq": 1.5},
            {"seq": 2**31},
            {"kind": None},
            {"kind": "one"},
            {"kind": "visit.check_in; drop"},
            {"kind": "__class__.x"},
            {"captured_at": None},
            {"captured_at": "2026-11-23T09:41:05"},
            {"prev_hash": "xyz"},
            {"prev_hash": 5},
            {"payload": []},
            {"payload": None},
            {"payload": {"note": "a\0b"}},
            {"payload": {"\ud800": 1}},
        ):
            with self.subTest(change=change):
                envelope = self.read(**change)
                self.assertEqual(envelope.code, "bad_event")
                self.assertEqual(envelope.uuid, GOOD["uuid"])
                self.assertIn("0192f0c1", envelope.payload_text)
                self.assertEqual(len(envelope.body_hash), 64)
                envelope.payload_text.encode()

    def test_without_identity(self):
        deep = {}
        for _i in range(200):
            deep = {"d": deep}
        for number in (float("nan"), float("-inf"), 10**400):
            self.assertIsNone(self.read(payload={"x": number}).uuid)
            self.assertEqual(self.read(seq=number).code, "bad_event")
        for raw in (None, [], 5, "x", {}, {**GOOD, "uuid": "x"}, {**GOOD, "uuid": 5}):
            self.assertEqual(read_event(DEVICE, raw).code, "bad_event")
            self.assertIsNone(read_event(DEVICE, raw).uuid)
        self.assertIsNone(self.read(payload=deep).uuid)
