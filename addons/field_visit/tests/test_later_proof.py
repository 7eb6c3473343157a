from uuid import uuid4

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase
from .test_proofs import PNG
from .test_sync import SyncCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestLaterProof(SyncCommon, VisitCase):
    """A proof that was forgotten is added while only the person reads the score."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy(truth_hours=2, proof_mode="mark", proof_photos=1)
        cls._set_up_phone()

    def _visit(self):
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        with freeze_time("2026-11-23 02:00:00"):
            visit.action_check_out()
        self.assertTrue(visit.proof_missing)
        return visit

    def test_on_the_desk(self):
        visit = self._visit()
        with freeze_time("2026-11-23 03:50:00"):
            self.env.invalidate_all()
            step = self._step(visit, "shelf")
            self.assertTrue(step.can_answer)
            step.add_photo(PNG)
            step.action_done()
        self.assertEqual((step.state, visit.proof_missing), ("done", False))

    def test_not_when_the_time_is_over(self):
        visit = self._visit()
        with freeze_time("2026-11-23 04:10:00"):
            self.env.invalidate_all()
            step = self._step(visit, "shelf")
            self.assertFalse(step.can_answer)
            self.assertRejected("not_checked_in", step.add_photo, PNG)
        self.assertTrue(visit.proof_missing)

    def test_proofs_only_and_only_once(self):
        visit = self._visit()
        with freeze_time("2026-11-23 03:00:00"):
            self.env.invalidate_all()
            self.assertRejected("not_checked_in", self._step(visit, "look").action_done)
            shelf = self._step(visit, "shelf")
            shelf.add_photo(PNG)
            shelf.action_done()
            self.assertRejected("not_checked_in", shelf.action_reopen)
            self.assertRejected("forbidden", shelf.with_user(self.lea).add_photo, PNG)

    def test_leader_may_not(self):
        visit = self._visit()
        with freeze_time("2026-11-23 03:00:00"):
            self.env.invalidate_all()
            self.assertFalse(self._step(visit, "shelf").with_user(self.lea).can_answer)

    def test_phone_that_was_offline(self):
        """What was added in time counts, also when it comes here after the time."""
        visit = self._visit()
        payload = {"visit_uuid": visit.uuid, "step_key": "shelf", "blobs": [str(uuid4())]}
        with freeze_time("2026-11-23 07:00:00"):
            visit._with_evidence().write({"truth_shown": True, "truth_due_at": False})
            late = self._event("visit.step_done", payload, at="2026-11-23T04:01:00.000Z")
            in_time = self._event("visit.step_done", payload, at="2026-11-23T03:59:00.000Z")
            results = self.env["field.event"]._sync(self.device, [late, in_time])["results"]
        self.assertEqual([one["state"] for one in results], ["rejected", "applied"])
        self.assertFalse(visit.proof_missing)

    def test_phone_knows_until_when(self):
        visit = self._visit()
        (row,) = self.env["field.app"].with_user(self.rita)._visits(visit)
        self.assertEqual(row["proof_until"], "2026-11-23T04:00:00Z")
