import requests

from odoo import fields, models

from ..tools import transcripts

_TIMEOUT = 300  # seconds: a quarter of an hour of speech takes its time


class FieldTranscriptProvider(models.Model):
    """Who writes down what was said in a recording. There is none until somebody adds one.

    Another service is a kind with its ``_transcribe_<kind>(raw, file_name, mimetype, language)``.
    """

    _name = "field.transcript.provider"
    _description = "Transcription service"
    _inherit = ["field.service.mixin"]

    kind = fields.Selection(
        [("whisper", "Whisper protocol (own server or cloud)")], required=True, default="whisper"
    )
    url = fields.Char(required=True, help="Where recordings are sent, in full.")
    model = fields.Char("Speech model", help="As the service calls it; empty takes its usual one.")

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
