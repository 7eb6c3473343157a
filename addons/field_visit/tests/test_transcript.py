import unittest
from unittest.mock import Mock, patch

import requests
from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..tools import transcripts
from .common import AT_CUSTOMER
from .test_recording import NOW, SOUND, RecordingCase

POST = "odoo.addons.field_visit.models.field_transcript_provider.requests.post"
SAID = {"text": " He wants two coolers by Friday. \n"}


class TestTranscriptProtocol(unittest.TestCase):
    def test_what_is_asked(self):
        headers, form = transcripts.ask("whisper", "secret", "large-v3", "zh")
        self.assertEqual(headers, {"Authorization": "Bearer secret"})
        self.assertEqual((form["model"], form["language"]), ("large-v3", "zh"))
        self.assertEqual(transcripts.ask("whisper", False, False, "")[0], {})

    def test_what_is_answered(self):
        self.assertEqual(transcripts.read("whisper", SAID), "He wants two coolers by Friday.")
        for wrong in ({}, [], {"text": 7}, {"error": {"message": "no such model"}}, None):
            with self.assertRaises(transcripts.TranscriptError):
                transcripts.read("whisper", wrong)
        with self.assertRaises(transcripts.TranscriptError):
            transcripts.ask("telepathy", "", "", "")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestTranscript(RecordingCase):
    """One talk was recorded; whether it is written down is for the policy to say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.audio_transcribe = True

    def _record(self):
        recording = self._recording()
        self._upload(recording["uuid"])
        visit = self._begin()
        self._answer(visit, recording)
        visit.action_check_out(AT_CUSTOMER)
        return self._step(visit, "needs").recording_ids

    def _add_service(self):
        values = {"name": "Ours", "url": "https://speech.example.com/v1", "key": "secret"}
        return self.env["field.transcript.provider"].create(values)

    def _run(self, answer=SAID, **mocked):
        """What the service was sent."""
        response = Mock(json=Mock(return_value=answer))
        service = patch(POST, **({"return_value": response} | mocked))
        with service as post, self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_transcribe").method_direct_trigger()
        self.env.invalidate_all()
        return [call.kwargs | {"url": call.args[0]} for call in post.call_args_list]

    def test_off_by_default(self):
        self.assertFalse(self.env["field.transcript.provider"].search([]))
        self.assertFalse(self.env["field.policy"].new({}).audio_transcribe)
        row = self._record()
        self.assertFalse(self._run(), "no service")
        self._add_service()
        self.policy.audio_transcribe = False
        self.assertFalse(self._run(), "a service, but the policy does not say so")
        self.assertFalse(row.transcript_state)

    def test_written_down_once(self):
        row = self._record()
        self._add_service()
        (sent,) = self._run()
        self.assertEqual(sent["url"], "https://speech.example.com/v1")
        self.assertEqual(sent["files"]["file"][1], SOUND)
        self.assertEqual(sent["headers"], {"Authorization": "Bearer secret"})
        self.assertEqual(row.transcript_state, "done")
        self.assertEqual(row.with_user(self.rita).read_transcript(), SAID["text"].strip())
        self.assertFalse(self._run(), "it is there")

    def test_who_reads_is_noted(self):
        row = self._record()
        self._add_service()
        self._run()
        log = [("user_id", "=", self.rita.id), ("kind", "=", "recording")]
        before = self.env["field.access.log"].sudo().search_count(log)
        self.assertTrue(row.with_user(self.lea).read_transcript())
        self.assertEqual(self.env["field.access.log"].sudo().search_count(log), before + 1)
        for user, call in ((self.olga, "read_transcript"), (self.otis, "read_transcript")):
            with self.assertRaises(AccessError):
                getattr(row.with_user(user), call)()
        with self.assertRaises(AccessError):
            row.with_user(self.lea).read(["transcript"])

    def test_a_service_that_fails(self):
        row = self._record()
        self._add_service()
        for _again in range(4):
            self._run({"error": "overloaded"})
            self._run(side_effect=requests.ConnectionError())
        self.assertEqual((row.transcript_state, row.transcript_tries), ("failed", 3))

    def test_the_text_goes_with_the_recording(self):
        row = self._record()
        self._add_service()
        self._run()
        self.env["field.retention"]._release_files(row.attachment_id)
        self.assertFalse(row.sudo().transcript or row.transcript_state)

    def test_the_person_is_told(self):
        with_it = self.policy._consent_what()
        self.assertTrue(self.policy._get_consent_facts()["audio_transcribe"])
        self.policy.audio_transcribe = False
        self.assertEqual(len(with_it) - len(self.policy._consent_what()), 1)
        self.assertNotIn("audio_transcribe", self.policy._get_consent_facts())

    def test_an_address_is_one(self):
        with self.assertRaises(ValidationError):
            self._add_service().url = "ftp://speech.example.com"
