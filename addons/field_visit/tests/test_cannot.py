"""Steps that could not be done, counted by their reason, and how far a visit has come."""

import json
import unittest
from pathlib import Path
from uuid import uuid4

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.progress import progress_of
from .common import AT_CUSTOMER, VisitCase
from .test_sync import SyncCommon

VECTORS = json.loads(
    (Path(__file__).parents[1] / "static" / "tests" / "progress_vectors.json").read_text()
)


class TestProgressRule(unittest.TestCase):
    """The same vectors hold on the phone: static/tests/goal/progress_logic.test.js."""

    def test_vectors(self):
        for steps, percent in VECTORS:
            with self.subTest(steps=steps):
                self.assertEqual(progress_of(steps), percent)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:50:00")
class TestCannot(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        cls.closed, cls.result = cls.env["field.visit.reason"].create(
            [{"name": "Being rebuilt", "usage": "cannot"}, {"name": "Sold", "usage": "result"}]
        )

    def _begin(self, **values):
        visit = self._plan(**values)
        visit.action_check_in(AT_CUSTOMER)
        return visit

    def _send(self, visit, key, **payload):
        payload = {"visit_uuid": visit.uuid, "step_key": key, **payload}
        event = self._event("visit.step_cannot", payload, at="2026-11-23T01:50:00.000Z")
        return self.env["field.event"]._sync(self.device, [event])["results"][0]

    def test_phone_names_the_reason_and_shows_it(self):
        visit = self._begin()
        blob = str(uuid4())
        said = {"reason": "Being rebuilt: until May", "reason_id": self.closed.id, "blobs": [blob]}
        for _time in range(2):
            answer = self._send(visit, "shelf", **said)
            self.assertEqual(answer["state"], "applied", answer)
        step = self._step(visit, "shelf")
        self.assertEqual((step.state, step.cannot_reason_id), ("cannot", self.closed))
        self.assertEqual(step.reason, "Being rebuilt: until May")
        self.assertEqual(step.photo_ids.mapped("blob_uuid"), [blob])

    def test_own_words_or_a_foreign_reason_are_counted_as_none(self):
        visit = self._begin()
        self._send(visit, "look", reason="The cat sat on it")
        self._send(visit, "talk", reason="No", reason_id=self.result.id)
        self.assertFalse((self._step(visit, "look") + self._step(visit, "talk")).cannot_reason_id)
        self.assertEqual(self._step(visit, "talk").state, "cannot")

    def test_desk_chooses_a_reason_and_takes_it_back(self):
        step = self._step(self._begin(), "shelf")
        step.cannot_reason_id = self.closed
        step.action_cannot()
        self.assertEqual((step.state, step.reason), ("cannot", "Being rebuilt"))
        step.action_reopen()
        self.assertEqual((step.state, step.cannot_reason_id.id), ("todo", False))

    def test_reasons_are_counted(self):
        visit = self._begin()
        for key in ("look", "shelf"):
            self._send(visit, key, reason="Being rebuilt", reason_id=self.closed.id)
        action = self.env.ref("field_visit.field_visit_step_action_cannot")
        self.assertIn("cannot", action.domain)
        (row,) = (
            self.env["field.visit.step"]
            .with_user(self.lea)
            .formatted_read_group(
                [("state", "=", "cannot"), ("visit_id", "=", visit.id)],
                ["cannot_reason_id"],
                ["__count"],
            )
        )
        self.assertEqual((row["cannot_reason_id"][0], row["__count"]), (self.closed.id, 2))

    def test_weights_make_the_progress(self):
        look, shelf, talk, extra = self.sop.step_ids.sorted("sequence")
        shelf.write({"weight": 5, "expected_min": 6})
        talk.write({"weight": 2, "expected_min": 4})
        visit = self._begin()
        self.assertEqual((visit.progress, visit.expected_min), (0, 10))
        self._step(visit, "look")._do_done()
        self.assertEqual(visit.progress, 13, "1 of 8")
        self._step(visit, "talk")._do_done(note="Wants more")
        self.assertEqual(visit.progress, 38, "3 of 8")
        self._send(visit, "shelf", reason="No")
        self.assertEqual(visit.progress, 38, "answered, but not done")
        shelf.weight = 100
        visit.invalidate_recordset()
        self.assertEqual(visit.progress, 38, "the copy stays as it was at the check-in")
        (row,) = self.env["field.app"].with_user(self.rita)._visits(visit)
        weights = {step["key"]: (step["weight"], step["expected_min"]) for step in row["steps"]}
        self.assertEqual(weights["shelf"], (5, 6))
        self.assertEqual(extra.weight + look.weight, 2, "one each where nobody says")

    def test_weight_has_bounds(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.sop.step_ids[0].weight = 101
            self.env.flush_all()
