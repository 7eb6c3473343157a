"""Face match: one of several ways, decided here, with a consent of its own and no template here."""

import base64
import hashlib
import json
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import field_visit_step_face
from .common import AT_CUSTOMER, VisitCase
from .test_steps import PNG
from .test_sync import SyncCommon
from odoo.addons.field_base.tools.biometrics import holds_template

RULES = {
    "proof_mode": "block",
    "proof_count": 1,
    "proof_by_face": True,
    "proof_by_selfie": True,
    "retention_photo_days": 90,
    "face_sample": 0,
}
MODEL = "face-api 1.7.15"
#: As long as what the model makes of a face.
DESCRIPTOR = [round(-0.2 + n * 0.003 + 1e-7, 7) for n in range(128)]


class FaceCase(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        cls.policy = cls._policy(fence_mode="none", **RULES)
        cls.Consent = cls.env["field.consent"]
        cls.Enrolment = cls.env["field.face.enrolment"]

    def _one(self, kind, payload, **kwargs):
        event = self._event(kind, payload, **kwargs)
        return self.env["field.event"]._sync(self.device, [event])["results"][0]

    def _applied(self, kind, payload, **kwargs):
        result = self._one(kind, payload, **kwargs)
        self.assertEqual(result["state"], "applied", result)

    def _agree(self):
        version = self.policy._get_consent_version("face")
        self._applied("consent.sign", {"version": version, "name": "Rita", "topic": "face"})
        self._applied("face.enrol", {"model": MODEL})

    def _begin(self):
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        return visit

    def _face_step(self, visit):
        return visit.step_ids.filtered(lambda step: step.kind == "face")

    def _prove(self, visit, distance, **more):
        payload = {"visit_uuid": visit.uuid, "step_key": "proof-face", "blobs": [str(uuid4())]}
        face = {"distance": distance, "model": MODEL, **more}
        return self._one("visit.step_done", {**payload, "face": face})


class TestTemplates(VisitCase):
    """What is refused wherever it stands in an event, and what is not."""

    def test_templates_are_known_in_every_dress(self):
        as_object = {str(n): value for n, value in enumerate(DESCRIPTOR)}
        for value in (
            {"face": DESCRIPTOR},
            {"a": [{"b": [DESCRIPTOR]}]},
            {"face": as_object},
            {"value": json.dumps(DESCRIPTOR)},
            {"note": " ".join(map(str, DESCRIPTOR))},
            {"face": {"descriptor": "AAAA"}},
            {"faceprint": ""},
        ):
            self.assertTrue(holds_template({"payload": value}), str(value)[:60])

    def test_nothing_else_is(self):
        for value in (
            {"face": {"distance": 0.4123, "model": MODEL}},
            {"companion_ids": list(range(500))},
            {"lines": [{"product_id": n, "price": n + 0.5} for n in range(200)]},
            {"note": "3.50, " * 20 + "and so on"},
            {"note": "13.50, " * 90},
            {"answers": {f"shelf_{n}": n / 10 for n in range(90)}},
            {"prices": {str(n): n / 10 for n in range(90)}},
            {"prices": [n + 0.5 for n in range(90)]},
            {"note": "1" * 100_000},
            {"template": "visit", "numbers": [0.5] * 20},
        ):
            self.assertFalse(holds_template({"payload": value}), str(value)[:60])


@tagged("post_install", "-at_install")
class TestFacePolicy(VisitCase):
    def _refused(self, **rules):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation) as caught:
            self._policy(**rules).flush_recordset()
        return caught.exception.diag.constraint_name

    def test_off_by_default(self):
        policy = self.env["field.policy"]._get_for_users(self.rita)[self.rita.id]
        self.assertFalse(policy.proof_by_face)
        self.assertNotIn("face", self.env["field.app"].with_user(self.rita)._me_values(self.rita))

    def test_never_the_only_way(self):
        face = {**RULES, "proof_by_selfie": False}
        self.assertIn("face_never_alone", self._refused(**face))

    def test_the_place_is_no_other_way(self):
        """Where no satellite is seen, face would be all that is left."""
        face = {**RULES, "proof_by_selfie": False, "proof_by_place": True}
        self.assertIn("face_never_alone", self._refused(**face))

    def test_two_proofs_need_two_other_ways(self):
        self.assertIn("face_never_alone", self._refused(**{**RULES, "proof_count": 2}))

    def test_two_other_ways_are_enough_for_two(self):
        self._policy(**RULES, proof_by_code=True).flush_recordset()
        self._policy(proof_count=2).flush_recordset()

    def test_the_sentence_says_what_to_do(self):
        objects = self.env["field.policy"]._table_objects
        rule = next(one for name, one in objects.items() if "face_never_alone" in name)
        text = rule.get_error_message(self.env["field.policy"])
        self.assertIn("can never be the only way", str(text))

    def test_selfies_are_kept_for_a_time(self):
        self.assertIn("face_kept", self._refused(**{**RULES, "retention_photo_days": 0}))

    def test_limits_have_a_range(self):
        self.assertIn("face_range", self._refused(face_limit=0.9))

    def test_a_procedure_cannot_require_it(self):
        step = {"sop_id": self.sop.id, "name": "Face", "kind": "face"}
        with self.assertRaisesRegex(ValidationError, "can never be required"):
            self.env["field.sop.step"].create({**step, "required": True})
        self.env["field.sop.step"].create({**step, "required": False})


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestFace(FaceCase):
    def test_same_person(self):
        self._agree()
        visit = self._begin()
        self.assertFalse(self._face_step(visit).required)
        self.assertEqual(self._prove(visit, 0.5)["state"], "applied")
        step = self._face_step(visit)
        self.assertEqual((step.state, step.face_match), ("done", "same"))
        self.assertEqual((step.face_model, step.face_limit), (MODEL, 0.5))
        self.assertAlmostEqual(step.face_distance, 0.5)
        visit.action_check_out()
        self.assertEqual((visit.state, visit.proof_missing), ("done", False))
        self.assertFalse(visit.face_review)

    def test_another_person_proves_nothing_and_is_looked_at(self):
        self._agree()
        visit = self._begin()
        self.assertEqual(self._prove(visit, 0.51)["state"], "applied")
        self.assertEqual(self._face_step(visit).face_match, "different")
        self.assertEqual(visit._get_truth_facts()[visit].photos, 0)
        text = self.assertRejected("proof_missing", visit.action_check_out)
        self.assertIn("Selfie", text)
        selfie = visit.step_ids.filtered(lambda step: step.kind == "selfie")
        selfie._do_done(blobs=[str(uuid4())])
        visit.action_check_out()
        visit.action_explain("I was there")
        queue = self.env["field.visit"].with_user(self.lea).get_review_queue()
        item = next(item for item in queue["items"] if item["id"] == visit.id)
        self.assertIn("The face does not match", item["reasons"])

    def test_the_policy_decides(self):
        self._agree()
        self.policy.face_limit = 0.4
        visit = self._begin()
        self._prove(visit, 0.45)
        self.assertEqual(self._face_step(visit).face_match, "different")

    def test_some_are_looked_at_by_chance(self):
        self.policy.face_sample = 10
        self._agree()
        for draw, expected in ((9, "sample"), (10, False)):
            visit = self._begin()
            with patch.object(field_visit_step_face.secrets, "randbelow", return_value=draw):
                self._prove(visit, 0.2)
            self.assertEqual(visit.face_review, expected)
            visit.action_check_out()

    def test_without_consent(self):
        visit = self._begin()
        self.assertEqual(self._prove(visit, 0.2)["code"], "face_consent")
        self.assertEqual(self._one("face.enrol", {"model": MODEL})["code"], "face_consent")
        self.assertEqual(self._face_step(visit).state, "todo")
        self.assertFalse(self.Enrolment.search([]))

    def test_consent_to_work_is_none_to_faces(self):
        version = self.policy._get_consent_version()
        self._applied("consent.sign", {"version": version, "name": "Rita"})
        self.assertEqual(self._prove(self._begin(), 0.2)["code"], "face_consent")
        self._agree()
        self.assertEqual(len(self.Consent.search([("state", "=", "valid")])), 2)
        self._applied("consent.withdraw", {"topic": "face"}, at="2026-11-23T03:00:00.000Z")
        states = self.Consent.search([]).mapped(lambda one: (one.topic, one.state))
        self.assertEqual(set(states), {("work", "valid"), ("face", "withdrawn")})

    def test_text_of_the_other_topic_is_outdated(self):
        values = {"version": self.policy._get_consent_version(), "name": "Rita", "topic": "face"}
        self.assertEqual(self._one("consent.sign", values)["code"], "consent_outdated")
        self.assertEqual(self._one("consent.sign", {**values, "topic": "x"})["code"], "bad_payload")

    def test_withdrawal(self):
        self._agree()
        consent = self.Consent.search([("topic", "=", "face")])
        self.assertEqual(self.Enrolment.search([]).consent_id, consent)
        visit = self._begin()
        consent.with_user(self.rita).action_withdraw()
        self.assertEqual(consent.state, "withdrawn")
        self.assertIn("portrait is deleted", consent.activity_ids[:1].note)
        self.assertFalse(
            self.env["field.app"].with_user(self.rita)._me_values(self.rita)["face"]["valid"]
        )
        self.assertEqual(self._prove(visit, 0.2)["code"], "face_consent")
        # the phone says that it has deleted the portrait
        self._applied("face.erase", {}, at="2026-11-23T03:59:00.000Z")
        self.assertTrue(self.Enrolment.search([]).ended_at)

    def test_other_words_ask_again(self):
        self._agree()
        self.policy.retention_photo_days = 30
        self.assertEqual(self._prove(self._begin(), 0.2)["code"], "face_consent")

    def test_switched_off(self):
        self._agree()
        visit = self._begin()
        self.policy.proof_by_face = False
        self.assertEqual(self._prove(visit, 0.2)["code"], "face_off")

    def test_a_template_is_not_even_journaled(self):
        self._agree()
        visit = self._begin()
        result = self._prove(visit, 0.2, descriptor=DESCRIPTOR)
        self.assertEqual((result["state"], result["code"]), ("rejected", "biometric"))
        self.assertEqual(self._face_step(visit).state, "todo")
        event = self._event("contact.ping", {"anything": DESCRIPTOR})
        answers = [
            self.env["field.event"]._sync(self.device, [event])["results"][0] for _n in range(2)
        ]
        self.assertEqual({answer["code"] for answer in answers}, {"biometric"})
        rows = self.env["field.event"].search([("code", "=", "biometric")])
        self.assertEqual(set(rows.mapped("payload")), {"{}"})

    def test_what_is_no_measure(self):
        self._agree()
        visit = self._begin()
        for distance in (-1, 3, "0.2", None, True):
            self.assertEqual(self._prove(visit, distance)["code"], "bad_payload", distance)
        self.assertEqual(self._prove(visit, 0.2, model="x" * 200)["code"], "bad_payload")
        payload = {"visit_uuid": visit.uuid, "step_key": "proof-face", "blobs": [str(uuid4())]}
        self.assertEqual(self._one("visit.step_done", payload)["code"], "face_missing")
        self.assertEqual(
            self._one("visit.step_done", {**payload, "face": {"distance": 0.1}})["code"],
            "bad_payload",
        )

    def test_a_selfie_belongs_to_it(self):
        self._agree()
        visit = self._begin()
        face = {"distance": 0.2, "model": MODEL}
        payload = {"visit_uuid": visit.uuid, "step_key": "proof-face", "face": face}
        self.assertEqual(self._one("visit.step_done", payload)["code"], "photos_missing")
        self.assertFalse(self._face_step(visit).face_match)

    def test_evidence_is_not_typed(self):
        self._agree()
        visit = self._begin()
        self._prove(visit, 0.7)
        with self.assertRaises(UserError):
            self._face_step(visit).write({"face_match": "same"})
        with self.assertRaises(UserError):
            visit.write({"face_review": False})
        with self.assertRaises(UserError):
            self.Enrolment.search([]).sudo().write({"ended_at": "2026-11-23 05:00:00"})

    def test_another_provider_has_its_own_method(self):
        """A module adds a kind and how it measures; what the phone says is then its input only."""
        self._agree()
        visit = self._begin()
        Provider = type(self.env["field.face.provider"])
        measured = {"distance": 0.1, "model": "other"}
        with patch.object(Provider, "_measure_phone", lambda _self, step, sent: measured):
            self._prove(visit, 0.9)
        self.assertEqual(self._face_step(visit).face_match, "same")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestFacePrivacy(FaceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.uuid = str(uuid4())

    def setUp(self):
        super().setUp()
        self._agree()
        self.visit = self._begin()
        self._prove(self.visit, 0.31)

    def test_my_data_and_export(self):
        Privacy = self.env["field.privacy"].with_user(self.rita)
        parts = {part["key"]: part for part in Privacy.get_my_data()["parts"]}
        self.assertEqual((parts["face_match"]["count"], parts["face_proofs"]["count"]), (1, 1))
        self.assertEqual(parts["face_proofs"]["days"], 90)
        data = Privacy._export(self.rita)["data"]
        self.assertAlmostEqual(data["face_proofs"]["rows"][0]["face_distance"], 0.31)
        self.assertEqual(data["face_match"]["rows"][0]["face_model"], MODEL)
        topics = [row["topic"] for row in data["consents"]["rows"]]
        self.assertEqual(topics, ["face"])

    def test_phone_is_told_the_text(self):
        face = self.env["field.app"].with_user(self.rita)._me_values(self.rita)["face"]
        self.assertTrue(face["valid"])
        text = json.dumps(face["sections"])
        for words in ("stay on this phone", "one way among others", "90 days", "withdraw"):
            self.assertIn(words, text)

    def test_consent_as_pdf(self):
        consent = self.Consent.search([("topic", "=", "face")])
        self.assertEqual(consent._get_title(), "Consent to face match")
        self.assertTrue(consent._render_pdf().startswith(b"%PDF"))

    def test_measures_go_with_the_photos(self):
        step = self._face_step(self.visit)
        old = fields.Datetime.now() - timedelta(days=100)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE field_visit_step SET answered_at = %s WHERE id = %s", [old, step.id]
        )
        self.env.invalidate_all()
        Retention = self.env["field.retention"]
        for kind, company, users, days in Retention._get_jobs():
            while Retention._erase_batch(kind, company, users, days, 100):
                self.env.invalidate_all()
        self.assertEqual((step.face_distance, step.face_model), (0, False))
        self.assertEqual(step.face_match, "same")

    def test_each_role(self):
        row = self.Enrolment.search([])
        self.env.flush_all()
        for user in (self.rita, self.lea, self.dora, self.audra):
            self.assertEqual(self.Enrolment.with_user(user).search([]), row, user.login)
        for user in (self.ravi, self.olga, self.otis):
            self.assertFalse(self.Enrolment.with_user(user).search([]), user.login)
        with self.assertRaises(AccessError):
            self.Enrolment.with_user(self.nina).search([])
        for user in (self.rita, self.lea, self.dora, self.audra):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"face_model": "x"})
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()

    def test_a_new_portrait_takes_the_place_of_the_old_one(self):
        self._applied("face.enrol", {"model": "face-api 9"})
        rows = self.Enrolment.search([])
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows.filtered(lambda row: not row.ended_at).face_model, "face-api 9")

    def test_the_selfie_is_kept_for_a_look(self):
        raw, photo = base64.b64decode(PNG), self._face_step(self.visit).photo_ids
        digest = hashlib.sha256(raw).hexdigest()
        self.env["field.blob"]._store(self.device, photo.blob_uuid, raw, "image/png", digest)
        self.assertTrue(photo.attachment_id)
        self.assertEqual(photo.with_user(self.lea).read(["match"])[0]["match"], "same")
