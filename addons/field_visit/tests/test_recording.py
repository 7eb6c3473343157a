import hashlib
from datetime import timedelta
from uuid import uuid4

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AT_CUSTOMER, VisitCase
from .test_sync import SyncCommon
from odoo.addons.field_base.tools.errors import FieldRejected

NOTICE = "I would like to record our talk."
SOUND = b"\x1aE\xdf\xa3 a talk about coolers"
NOW = "2026-11-23 01:30:00"


class RecordingCase(SyncCommon, VisitCase):
    """A procedure with a talk, a policy that allows to record it, and a phone that does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        cls.sop.step_ids = [
            (0, 0, {"name": "Needs", "kind": "audio", "sequence": 5, "key": "needs"})
        ]
        cls.policy = cls._policy(audio_allowed=True)

    def _begin(self):
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        return visit

    def _upload(self, uuid, meta=None, raw=SOUND):
        digest = hashlib.sha256(raw).hexdigest()
        blobs = self.env["field.blob"]
        return blobs._store(self.device, uuid, raw, "audio/webm", digest, meta)

    def _answer(self, visit, *recordings, **payload):
        payload |= {"visit_uuid": visit.uuid, "step_key": "needs"}
        if recordings:
            payload["recordings"] = list(recordings)
        event = self._event("visit.step_done", payload)
        return self.env["field.event"]._sync(self.device, [event])["results"][0]

    def _recording(self, uuid=None, **values):
        return {"uuid": uuid or str(uuid4()), "seconds": 83, "informed": NOTICE, **values}


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRecording(RecordingCase):
    def test_recording_proves_the_step_before_and_after_its_file(self):
        for first in (True, False):
            with self.subTest(file_first=first):
                visit, uuid = self._begin(), str(uuid4())
                blob = first and self._upload(uuid)
                result = self._answer(visit, self._recording(uuid, interrupted=True))
                self.assertEqual(result["state"], "applied", result)
                blob = blob or self._upload(uuid)
                step = self._step(visit, "needs")
                self.assertEqual((step.state, step.recording_count), ("done", 1))
                row = step.recording_ids
                self.assertEqual((row.seconds, row.informed, row.interrupted), (83, NOTICE, True))
                self.assertEqual(row.attachment_id, blob.attachment_id)
                self.assertEqual(row.attachment_id.raw, SOUND)
                self.assertEqual(row.attachment_id.res_model, "field.visit.step")
                visit.action_check_out(AT_CUSTOMER)

    def test_nothing_is_recorded_unless_the_policy_allows_it(self):
        self.assertFalse(self.env["field.policy"].new({}).audio_allowed)
        visit = self._begin()
        self.policy.audio_allowed = False
        with self.assertRaises(FieldRejected) as caught:
            self._upload(str(uuid4()))
        self.assertEqual(caught.exception.code, "audio_off")
        result = self._answer(visit, self._recording())
        self.assertEqual((result["state"], result["code"]), ("rejected", "audio_off"))
        self.assertFalse(self._step(visit, "needs").recording_ids)
        visit.action_check_out(AT_CUSTOMER)
        self.assertNotIn("needs", self._begin().step_ids.mapped("key"))

    def test_late_recording_is_judged_by_the_day_it_was_made(self):
        draft = self.policy.copy(
            {"effective_from": "2026-11-23", "audio_allowed": False, "state": "active"}
        )
        self.assertEqual(self.env["field.policy"]._get_for_users(self.rita)[self.rita.id], draft)
        self._upload(str(uuid4()), '{"captured_at": "2026-11-21T03:00:00.000Z"}')
        with self.assertRaises(FieldRejected):
            self._upload(str(uuid4()), '{"captured_at": "2026-11-23T01:00:00.000Z"}')
        with self.assertRaises(FieldRejected):
            self._upload(str(uuid4()), '{"captured_at": "yesterday, honestly"}')

    def test_customer_must_have_been_told(self):
        visit = self._begin()
        for informed in (None, "", "  ", 7):
            result = self._answer(visit, self._recording(informed=informed))
            self.assertEqual(result["code"], "informed_required", informed)

    def test_odd_payloads_are_refused(self):
        visit = self._begin()
        odd = [
            [{"uuid": "x", "seconds": 1, "informed": NOTICE}],
            [self._recording(seconds=-1)],
            [self._recording(seconds="long")],
            ["talk"],
            [self._recording() for _n in range(11)],
        ]
        for recordings in odd:
            result = self._answer(visit, *recordings)
            self.assertEqual(result["code"], "bad_payload", recordings)
        self.assertFalse(self._step(visit, "needs").recording_ids)

    def test_step_without_a_recording_stays_open(self):
        visit = self._begin()
        self.assertEqual(self._answer(visit)["code"], "recording_missing")
        self.assertRejected("recording_missing", self._step(visit, "needs").action_done)
        self._step(visit, "needs").action_cannot("He would rather not")
        self.assertEqual(self._step(visit, "needs").state, "cannot")

    def test_photo_is_no_recording_and_another_step_takes_none(self):
        visit, uuid = self._begin(), str(uuid4())
        self._upload(uuid)
        Photo = self.env["field.visit.photo"]
        Photo._expect(self._step(visit, "shelf"), [uuid], fields.Datetime.now())
        self.assertFalse(self._step(visit, "shelf").photo_ids.attachment_id)
        uuid = str(uuid4())
        self._answer(visit, self._recording(uuid))
        Recording = self.env["field.visit.recording"]
        with self.assertRaises(FieldRejected):
            Recording._expect(
                self._step(visit, "look"), {uuid: {"informed": NOTICE}}, fields.Datetime.now()
            )

    def test_who_listens_is_noted(self):
        visit, uuid = self._begin(), str(uuid4())
        self._answer(visit, self._recording(uuid))
        self._upload(uuid)
        attachment = self._step(visit, "needs").recording_ids.attachment_id
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(attachment.with_user(self.lea).raw, SOUND)
        log = self.env["field.access.log"].search([("viewer_id", "=", self.lea.id)])
        self.assertEqual((log.kind, log.user_id), ("recording", self.rita))
        with self.assertRaises(AccessError):
            attachment.with_user(self.ravi).read(["raw"])

    def test_each_role_sees_its_own(self):
        visit = self._begin()
        self._answer(visit, self._recording())
        seen = {
            user.login: self.env["field.visit.recording"].with_user(user).search_count([])
            for user in (self.rita, self.ravi, self.lea, self.otis, self.dora, self.audra)
        }
        self.assertEqual(list(seen.values()), [1, 0, 1, 0, 1, 1], seen)
        row = self.env["field.visit.recording"].with_user(self.rita).search([])
        for change in (lambda: row.write({"informed": "x"}), row.unlink):
            with self.assertRaises(AccessError):
                change()
        with self.assertRaises(UserError):
            row.sudo().unlink()
        with self.assertRaises(AccessError):
            self.env["field.visit.recording"].with_user(self.nina).search([])

    def test_file_goes_after_its_time_and_the_fact_stays(self):
        visit, uuid = self._begin(), str(uuid4())
        self._answer(visit, self._recording(uuid))
        blob = self._upload(uuid)
        old = fields.Datetime.now() - timedelta(days=91)
        self.env.cr.execute("UPDATE field_blob SET create_date = %s", [old])
        self.policy.retention_audio_days = 90
        erased = (
            self.env["field.retention"]
            .sudo()
            ._erase_audio(
                self.env.company, self.rita, fields.Datetime.now() - timedelta(days=90), 100
            )
        )
        self.assertEqual(erased[0].count, 1)
        self.assertFalse(blob.exists().attachment_id)
        row = self._step(visit, "needs").recording_ids
        self.assertEqual((row.seconds, bool(row.attachment_id)), (83, False))

    @mute_logger("odoo.sql_db")
    def test_recordings_need_a_time_after_which_they_go(self):
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.policy.retention_audio_days = 0
            self.policy.flush_recordset()
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.policy.write({"retention_audio_days": 90, "audio_minutes": 61})
            self.policy.flush_recordset()

    def test_people_agree_to_recordings_as_to_all_else(self):
        version = self.policy._get_consent_version()
        self.assertIn("Talks with customers", str(self.policy._consent_what()))
        self.policy.audio_allowed = False
        self.assertNotIn("Talks with customers", str(self.policy._consent_what()))
        self.assertNotEqual(self.policy._get_consent_version(), version)

    def test_phone_knows_its_rules_and_counts(self):
        visit = self._begin()
        self._answer(visit, self._recording())
        App = self.env["field.app"].with_user(self.rita)
        step = next(s for s in App._visits(visit)[0]["steps"] if s["key"] == "needs")
        self.assertEqual((step["kind"], step["recording_count"]), ("audio", 1))
        policy = self.env["field.policy"]._get_app_values(self.rita)["policy"]
        self.assertEqual((policy["audio_allowed"], policy["audio_minutes"]), (True, 15))
