"""Photos that were announced and never come prove nothing, until they come after all."""

import base64
import hashlib
from datetime import datetime, timedelta
from uuid import uuid4

from freezegun import freeze_time

from odoo.tests import tagged

from ..tools import truth
from .common import AT_CUSTOMER, VisitCase
from .test_proofs import PNG

START = datetime(2026, 11, 23, 1, 30)
END = START + timedelta(minutes=20)


@tagged("post_install", "-at_install")
class TestPhotoLost(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.device = cls.env["field.device"].create({"name": "Phone", "user_id": cls.rita.id})
        cls.Photo = cls.env["field.visit.photo"]

    def _visit(self, kind="shelf", **rules):
        """A visit that is over, with a step whose photo is on its way."""
        self._policy(truth_hours=1, **rules)
        visit = self._plan(plan_date=START.date())
        with freeze_time(START):
            visit._do_check_in(AT_CUSTOMER, at=START)
            step = visit.step_ids.filtered(lambda step: kind in (step.key, step.kind))
            self.uuid = str(uuid4())
            step._do_done(blobs=[self.uuid], at=START)
            visit._do_check_out(AT_CUSTOMER, at=END)
        visit._with_evidence().truth_shown = True
        # the database's clock is not the frozen one
        self.env.cr.execute(
            "UPDATE field_visit_photo SET create_date = %s WHERE blob_uuid = %s", [END, self.uuid]
        )
        self.env.invalidate_all()
        return visit

    def _wait(self, hours):
        with freeze_time(END + timedelta(hours=hours)), self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_lose_photos").method_direct_trigger()
        self.env.invalidate_all()

    def _upload(self):
        raw = base64.b64decode(PNG)
        digest = hashlib.sha256(raw).hexdigest()
        self.env["field.blob"]._store(self.device, self.uuid, raw, "image/png", digest)
        self.env.invalidate_all()

    def test_photo_that_never_comes_proves_nothing(self):
        visit = self._visit(proof_mode="mark", proof_photos=1)
        score = visit.truth_score
        self._wait(71)
        self.assertEqual((visit.photo_doubt, visit.proof_missing), (False, False))
        self._wait(73)
        self.assertEqual((visit.photo_doubt, visit.proof_missing), ("never", True))
        self.assertEqual(visit.truth_score, score - truth.PHOTO)
        self.assertIn("A picture that never came", visit._get_review_reasons())
        Visit = self.env["field.visit"].with_user(self.lea)
        with freeze_time(END + timedelta(hours=74)):
            self.assertIn(visit, Visit.search(Visit._get_review_domain()))

    def test_it_counts_again_when_it_comes(self):
        visit = self._visit(proof_mode="mark", proof_photos=1)
        score = visit.truth_score
        self._wait(100)
        self.assertLess(visit.truth_score, score)
        self._upload()
        self.assertEqual((visit.photo_doubt, visit.proof_missing), (False, False))
        self.assertEqual(visit.truth_score, score)

    def test_policy_says_how_long(self):
        visit = self._visit(photo_wait_hours=2)
        self._wait(3)
        self.assertEqual(visit.photo_doubt, "never")

    def test_stronger_doubt_stays(self):
        visit = self._visit()
        visit._note_photo_doubt("same")
        self._wait(100)
        self.assertEqual(visit.photo_doubt, "same")
        self._upload()
        self.assertEqual(visit.photo_doubt, "same")

    def test_phone_that_was_offline_has_its_time_too(self):
        visit = self._visit()
        self.env.cr.execute(
            "UPDATE field_visit_photo SET create_date = %s WHERE visit_id = %s",
            [END + timedelta(hours=90), visit.id],
        )
        self.env.invalidate_all()
        self._wait(100)
        self.assertFalse(visit.photo_doubt)

    def test_file_that_was_erased_has_been_there(self):
        visit = self._visit()
        self._upload()
        with self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_look_at_photos").method_direct_trigger()
        visit.sudo().step_ids.photo_ids.attachment_id = False
        self._wait(100)
        self.assertFalse(visit.photo_doubt)

    def test_signature_and_storefront_that_never_came(self):
        self.sop.step_ids = [(0, 0, {"name": "Sign", "kind": "signature", "key": "sign"})]
        visit = self._visit("sign")
        self.assertTrue(visit._has_witness())
        self._wait(100)
        self.assertFalse(visit._has_witness())
        rules = {"proof_mode": "mark", "proof_count": 1, "proof_by_storefront": True}
        visit = self._visit("storefront", **rules)
        self.assertFalse(visit.proof_missing)
        self._wait(100)
        self.assertTrue(visit.proof_missing)
