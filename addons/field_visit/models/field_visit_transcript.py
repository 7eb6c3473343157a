"""Recordings that are written down: only where the policy says so and a service is there."""

import logging

from odoo import api, fields, models

from ..tools.transcripts import TranscriptError

_logger = logging.getLogger(__name__)
_TRIES = 3


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    audio_transcribe = fields.Boolean(
        "Write recordings down",
        help="Recordings are sent to the company's transcription service. Off: nothing is sent.",
    )

    def _get_consent_facts(self):
        facts = super()._get_consent_facts()
        written = self.audio_allowed and self.audio_transcribe
        return facts | ({"audio_transcribe": True} if written else {})

    def _consent_what(self):
        lines = super()._consent_what()
        if self.audio_allowed and self.audio_transcribe:
            lines.append(
                self.env._(
                    "Your recordings are sent to a service that writes them down; the text is "
                    "erased together with the recording."
                )
            )
        return lines


class FieldVisitRecording(models.Model):
    _inherit = "field.visit.recording"

    # read by `read_transcript`, which notes who reads
    transcript = fields.Text("Text of the talk", readonly=True, groups=fields.NO_ACCESS)
    transcript_state = fields.Selection(
        [("done", "Written down"), ("failed", "Could not be written down")],
        "Transcript",
        readonly=True,
        index="btree_not_null",
    )
    transcript_tries = fields.Integer("Tries to write it down", readonly=True, aggregator=None)

    def read_transcript(self):
        """What was said, for those who may listen to it; it is noted like listening.

        :returns: the text, "" where nothing was written down
        """
        self.ensure_one()
        self.check_access("read")
        subjects = self.step_id._field_evidence_subjects()
        self.env["field.access.log"]._log(subjects.user_id, "recording", None, subjects)
        return self.sudo().transcript or ""

    def write(self, vals):
        """The text goes with the recording it was made of."""
        if "attachment_id" in vals and not vals["attachment_id"]:
            vals = {**vals, "transcript": False, "transcript_state": False}
        return super().write(vals)

    @api.model
    def _cron_transcribe(self, batch=5):
        """Write down what is waiting, a few at a time: speech takes long."""
        cron = self.env["ir.cron"]
        Provider = self.env["field.transcript.provider"]
        companies = [company.id for (company,) in Provider.sudo()._read_group([], ["company_id"])]
        domain = [
            ("company_id", "in", companies),
            ("transcript_state", "=", False),
            ("attachment_id", "!=", False),
            ("visit_id.policy_id.audio_transcribe", "=", True),
        ]
        tried = self.browse()
        while rows := self.search([*domain, ("id", "not in", tried.ids)], limit=batch):
            for row in rows:
                row._transcribe(Provider._get_for(row.company_id))
            tried |= rows
            if not cron._commit_progress(len(rows)):
                break

    def _transcribe(self, provider):
        self.ensure_one()
        file = self.attachment_id.sudo()
        language = (self.user_id.sudo().lang or "")[:2]
        try:
            text = provider._transcribe(file.raw, file.name, file.mimetype, language)
        except TranscriptError as error:
            _logger.info("transcription service %s: %s", provider.id, error)
            tries = self.transcript_tries + 1
            state = "failed" if tries >= _TRIES else False
            self.sudo().write({"transcript_tries": tries, "transcript_state": state})
        else:
            self.sudo().write({"transcript": text, "transcript_state": "done"})
