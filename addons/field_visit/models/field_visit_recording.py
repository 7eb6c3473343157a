from odoo import api, fields, models

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import is_number, is_uuid

AUDIO_TYPES = ("audio/mp4", "audio/webm", "audio/ogg", "audio/mpeg", "audio/aac", "audio/wav")
MAX_RECORDINGS = 10
MAX_NOTICE = 500
MAX_SECONDS = 24 * 3600


class FieldVisitRecording(models.Model):
    """A talk that was recorded at the customer's, and what he was told before."""

    _name = "field.visit.recording"
    _description = "Recording of a Visit"
    _inherit = ["field.visit.file.mixin"]
    _file_types = AUDIO_TYPES

    seconds = fields.Integer("Length (s)", readonly=True)
    informed = fields.Char("The customer was told", required=True, readonly=True)
    interrupted = fields.Boolean(
        readonly=True, help="The phone went off while it recorded: the end is missing."
    )

    _blob_uuid_uniq = models.UniqueIndex("(blob_uuid)", "Each recording belongs to one step.")

    @api.model
    def _read_payload(self, payload):
        """What a phone says of recordings, as values of :meth:`_expect`.

        :param payload: list of ``{uuid, seconds, informed, interrupted?}``, or None
        :raise FieldRejected: bad_payload, informed_required
        """
        if payload is None:
            return {}
        if not isinstance(payload, list) or len(payload) > MAX_RECORDINGS:
            raise self._refuse_payload()
        return dict(self._read_recording(row) for row in payload)

    @api.model
    def _read_recording(self, row):
        if not isinstance(row, dict) or not is_uuid(row.get("uuid")):
            raise self._refuse_payload()
        seconds, informed = row.get("seconds"), row.get("informed")
        if not is_number(seconds) or not 0 <= seconds <= MAX_SECONDS:
            raise self._refuse_payload()
        if not isinstance(informed, str) or not informed.strip():
            raise FieldRejected(
                "informed_required",
                self.env._("A talk is recorded only after the customer was told of it."),
            )
        return row["uuid"].lower(), {
            "seconds": int(seconds),
            "informed": informed.strip()[:MAX_NOTICE],
            "interrupted": row.get("interrupted") is True,
        }

    def _refuse_payload(self):
        return FieldRejected(
            "bad_payload",
            self.env._("“%(field)s” must be a list of recordings.", field="recordings"),
        )
