import logging

import requests

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import transcripts

_logger = logging.getLogger(__name__)
_TIMEOUT = 300  # seconds: a quarter of an hour of speech takes its time


class FieldTranscriptProvider(models.Model):
    """Who writes down what was said in a recording. There is none until somebody adds one.

    Another service is a kind with its ``_transcribe_<kind>(raw, file_name, mimetype, language)``.
    """

    _name = "field.transcript.provider"
    _description = "Transcription service"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [("whisper", "Whisper protocol (own server or cloud)")], required=True, default="whisper"
    )
    url = fields.Char("Address", required=True, help="Where recordings are sent, in full.")
    key = fields.Char(groups="field_base.field_base_group_admin", copy=False)
    model = fields.Char("Speech model", help="As the service calls it; empty takes its usual one.")

    @api.constrains("url")
    def _check_url(self):
        for provider in self:
            if provider.url and not provider.url.startswith(("https://", "http://")):
                raise ValidationError(
                    self.env._("The address of a transcription service begins with https://")
                )

    @api.model
    def _get_for(self, company):
        """The first one of a company, or nothing."""
        return self.sudo().search([("company_id", "=", company.id)], limit=1)

    def _transcribe(self, raw, file_name, mimetype, language):
        """What was said.

        :param str language: two letters, of the person who recorded
        :raises TranscriptError: it did not answer with a text
        """
        self.ensure_one()
        return getattr(self, f"_transcribe_{self.kind}")(raw, file_name, mimetype, language)

    def _transcribe_whisper(self, raw, file_name, mimetype, language):
        headers, form = transcripts.ask(self.kind, self.sudo().key, self.model, language)
        files = {"file": (file_name, raw, mimetype)}
        try:
            response = requests.post(
                self.url, headers=headers, data=form, files=files, timeout=_TIMEOUT
            )
            answer = response.json()
        except (requests.RequestException, ValueError) as error:
            raise transcripts.TranscriptError(type(error).__name__) from error
        return transcripts.read(self.kind, answer)
