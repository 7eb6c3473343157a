from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, FAR, VisitCase, north

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestProofs(VisitCase):
    def _begin(self, **rules):
        self._policy(**rules)
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        return visit

    def test_nothing_is_asked_by_default(self):
        visit = self._begin()
        visit.action_check_out()
        self.assertFalse(visit.proof_missing)

    def test_missing_photos_are_marked(self):
        visit = self._begin(proof_mode="mark", proof_photos=1)
        visit.action_check_out()
        self.assertEqual((visit.state, visit.proof_missing), ("done", True))

    def test_missing_photos_refuse_the_check_out(self):
        visit = self._begin(proof_mode="block", proof_photos=1)
        text = self.assertRejected("proof_missing", visit.action_check_out)
        self.assertIn("0 of 1", text)
        self._step(visit, "shelf").add_photo(PNG)
        visit.action_check_out()
        self.assertEqual((visit.state, visit.proof_missing), ("done", False))

    def test_where_no_step_takes_photos_there_is_one_for_them(self):
        self.sop.step_ids.filtered(lambda step: step.kind == "photo").unlink()
        visit = self._begin(proof_mode="block", proof_photos=2)
        step = self._step(visit, "proof-photo")
        self.assertEqual((step.name, step.kind, step.min_photos), ("Photo", "photo", 2))
        self.assertRejected("proof_missing", visit.action_check_out)
        for _photo in range(2):
            step.add_photo(PNG)
        visit.action_check_out()
        call = self._plan(channel="phone")
        call.action_check_in()
        self.assertNotIn("proof-photo", call.step_ids.mapped("key"))
        call.action_check_out()
        for rules in ({"proof_mode": "none"}, {"proof_mode": "mark", "proof_photos": 0}):
            visit = self._begin(**rules)
            self.assertNotIn("proof-photo", visit.step_ids.mapped("key"))
            visit.action_check_out()

    def test_a_selfie_is_a_photo(self):
        self.sop.step_ids.filtered(lambda step: step.kind == "photo").unlink()
        rules = {"proof_mode": "mark", "proof_photos": 1, "proof_count": 1}
        visit = self._begin(**rules, proof_by_selfie=True)
        self.assertEqual(visit.step_ids.mapped("key"), ["look", "talk", "extra", "proof-selfie"])

    def test_an_assumed_end_is_marked_not_refused(self):
        visit = self._begin(proof_mode="block", proof_photos=1)
        visit.sudo()._do_check_out(end_source="auto")
        self.assertEqual((visit.state, visit.proof_missing), ("done", True))

    def test_phone_visits_need_no_proof(self):
        self._policy(proof_mode="block", proof_photos=1, proof_position=True)
        visit = self._plan(channel="phone")
        visit.action_check_in()
        visit.action_check_out()
        self.assertFalse(visit.proof_missing)

    def test_position_at_check_in(self):
        self._policy(fence_mode="none", proof_mode="mark", proof_position=True)
        visit = self._plan()
        self.assertRejected("reason_required", visit.action_check_in)
        visit.action_check_in(reason="Cellar")
        visit.action_check_out()
        self.assertEqual((visit.check_in_exception, visit.proof_missing), (False, True))
        self._policy(proof_mode="block")
        again = self._plan()
        self.assertRejected("no_position", again.action_check_in, reason="Cellar")
        again.action_check_in(reason="Cellar", exception=True)
        self.assertTrue(again.check_in_exception)

    def test_photos_from_the_camera_only(self):
        visit = self._begin(photo_camera_only=True)
        self.assertRejected("camera_only", self._step(visit, "shelf").add_photo, PNG)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestVisitTrial(VisitCase):
    """The trial run finds real visits that changed rules would have hit."""

    def _visit(self, user=None, position=AT_CUSTOMER, minutes="02:00", **kwargs):
        visit = self._plan(user)
        visit.action_check_in(position, **kwargs)
        with freeze_time(f"2026-11-23 {minutes}:00"):
            visit.action_check_out()
        return visit

    def _trial(self, user=None, **rules):
        default = self.env["field.policy"]._get_for_users(self.olga)[self.olga.id]
        draft = default.copy({"state": "draft", "effective_from": "2026-12-01", **rules})
        trial = self.env["field.policy.trial"].with_user(user or self.dora)
        trial = trial.create({"policy_id": draft.id})
        trial.action_run()
        return trial

    def _hit(self, trial, records):
        lines = trial.line_ids.filtered(lambda line: line.res_model == "field.visit")
        return lines.filtered(lambda line: line.res_id in records.ids)

    def test_a_smaller_fence(self):
        near, far = self._visit(), self._visit(position=north(180))
        trial = self._trial(fence_radius=100, fence_accuracy_cap=20)
        lines = self._hit(trial, near | far)
        self.assertEqual(lines.mapped("res_id"), [far.id])
        self.assertEqual(lines.note, "180 m away, 100 m allowed: a reason.")
        self.assertFalse(lines.doubt)
        self.assertEqual(lines.action_open()["res_id"], far.id)
        self.assertIn("Check-ins outside the fence", trial.summary)

    def test_probable_false_alarms_are_named(self):
        verified = self._visit(position=north(180))
        verified.sudo()._with_evidence().write({"presence_state": "verified"})
        lines = self._hit(self._trial(fence_radius=100, fence_accuracy_cap=20), verified)
        self.assertEqual(lines.doubt, "The track confirms the visit.")

    def test_what_is_hit_already_is_no_news(self):
        far = self._visit(position=FAR, reason="Moved")
        trial = self._trial(fence_radius=100)
        self.assertFalse(self._hit(trial, far))
        trial.show_known = True
        trial.action_run()
        self.assertTrue(self._hit(trial, far).is_known)
        self.assertTrue(self._hit(self._trial(fence_mode="hard"), far))

    def test_longer_visits(self):
        visit = self._visit(minutes="01:42")
        lines = self._hit(self._trial(min_visit_minutes=20), visit)
        self.assertEqual(lines.note, "12.0 of 20 minutes.")
        self.assertFalse(self._hit(self._trial(min_visit_minutes=10), visit))

    def test_proofs(self):
        visit = self._visit()
        lines = self._hit(self._trial(proof_mode="block", proof_photos=2), visit)
        self.assertEqual(lines.note, "0 of 2 photos")

    def test_a_leader_meets_his_own_people_only(self):
        mine, others = self._visit(minutes="01:40"), self._visit(self.olga, minutes="01:40")
        trial = self._trial(self.lea, min_visit_minutes=30)
        self.assertEqual(self._hit(trial, mine | others).mapped("res_id"), [mine.id])
        trial = self._trial(self.dora, min_visit_minutes=30)
        self.assertEqual(len(self._hit(trial, mine | others)), 2)
        # who works under a rule of his own is not hit by one for the company
        own = {"name": "Own", "user_id": self.rita.id, "effective_from": "2026-01-01"}
        self.env["field.policy"].create(own)
        trial = self._trial(self.dora, min_visit_minutes=30)
        self.assertEqual(self._hit(trial, mine | others).mapped("res_id"), [others.id])
