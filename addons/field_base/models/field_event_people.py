from odoo import models

from ..tools.errors import FieldRejected
from ..tools.payload import read_uuid, require_payload


class FieldEvent(models.Model):
    """What people agree to, ask for and have read."""

    _inherit = "field.event"

    def _apply_consent_sign(self, payload):
        """consent.sign {version, name, signature_blob?, topic?}"""
        values = require_payload(payload, {"version": str, "name": str}, {"topic": str})
        return self.env["field.consent"]._sign(
            self.user_id,
            values["version"],
            values["name"],
            self.happened_at,
            signature_uuid=read_uuid(payload, "signature_blob", required=False),
            event=self,
            topic=values["topic"] or "work",
        )

    def _apply_consent_withdraw(self, payload):
        """consent.withdraw {topic?}"""
        topic = require_payload(payload, {}, {"topic": str})["topic"] or "work"
        return self.env["field.consent"]._withdraw(self.user_id, self.happened_at, topic)

    def _apply_announcement_read(self, payload):
        """announcement.read {announcement_id, at?}; the time is when the event happened"""
        values = require_payload(payload, {"announcement_id": int}, {"at": str})
        Announcement = self.env["field.announcement"]
        announcement = Announcement.sudo().browse(values["announcement_id"]).exists()
        receipt = announcement._do_read(self.user_id, self.happened_at, "app")
        if not receipt:
            message = self.env._("This announcement was not sent to you, or is gone.")
            raise FieldRejected("not_found", message)
        return receipt

    def _apply_privacy_object(self, payload):
        """privacy.object {kind, text}: kind is what is objected to, in words"""
        values = require_payload(payload, {"kind": str, "text": str})
        return self._file_request("object", values["text"], subject=values["kind"])

    def _apply_privacy_correct(self, payload):
        """privacy.correct {model, res_id, text}"""
        values = require_payload(payload, {"model": str, "res_id": int, "text": str})
        record = (values["model"], values["res_id"])
        return self._file_request("correct", values["text"], record=record)

    def _file_request(self, kind, text, **options):
        if not text.strip():
            raise FieldRejected("bad_payload", self.env._("Please say what you ask for."))
        Request = self.env["field.privacy.request"]
        return Request._file(self.user_id, kind, text.strip(), uuid=self.uuid, **options)
