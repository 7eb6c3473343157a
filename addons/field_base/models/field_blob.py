import hashlib

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError

from ..tools.blob_meta import read_meta
from ..tools.errors import FieldRejected
from ..tools.pictures import UNREADABLE, is_too_large, read_header
from ..tools.retention import KEY, RETENTION

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/ogg": "ogg",
    "audio/webm": "webm",
    "audio/wav": "wav",
}


class FieldBlob(models.Model):
    """A photo, recording or signature a device uploaded, whole and unchanged."""

    _name = "field.blob"
    _description = "Upload"
    _inherit = ["field.scope.mixin", "field.evidence.mixin"]
    _order = "id desc"
    _rec_name = "uuid"
    _evidence_columns = (
        "uuid",
        "sha256",
        "size",
        "mimetype",
        "user_id",
        "company_id",
        "device_id",
        "meta",
        "nonce_state",
        "phash",
    )

    uuid = fields.Char("Upload ID", required=True, readonly=True)
    sha256 = fields.Char("SHA-256", required=True, readonly=True, index=True)
    size = fields.Integer("Size (bytes)", required=True, readonly=True)
    mimetype = fields.Char("Type", required=True, readonly=True)
    device_id = fields.Many2one("field.device", readonly=True, index=True, ondelete="restrict")
    attachment_id = fields.Many2one(
        "ir.attachment", "File", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        [("complete", "Complete")], required=True, readonly=True, default="complete"
    )

    _uuid_uniq = models.Constraint("UNIQUE(uuid)", "The file is already there.")

    @api.model
    def _store(self, device, uuid, content, mimetype, sha256, meta=None):
        """Keep an upload. The same again gives the same record, other content is refused.

        :param bytes content: the whole file
        :param str sha256: hex digest the device computed when it captured the file
        :param str meta: what the camera says, JSON; see tools/blob_meta.py
        :returns: field.blob (sudo)
        :raises FieldRejected: ``hash_mismatch`` ``blob_conflict`` ``bad_type`` ``empty`` …
        """
        found = self.sudo().search([("uuid", "=", uuid)])
        digest = hashlib.sha256(content).hexdigest()
        if digest != (sha256 or "").lower():
            message = self.env._("The file was damaged on the way. It will be sent again.")
            raise FieldRejected("hash_mismatch", message)
        if found:
            if found.user_id != device.user_id or found.sha256 != digest:
                message = self.env._("Another file was already sent under this ID.")
                raise FieldRejected("blob_conflict", message)
            return found
        self._check_content(content, mimetype)
        if mimetype.startswith("audio/"):
            captured_at = read_meta(meta).get("captured_at")
            self.env["field.policy"]._check_audio(device, captured_at)
        self._check_quota(device, len(content))
        return self.sudo()._create_with_file(device, uuid, content, mimetype, digest, meta)

    @api.model
    def _check_content(self, content, mimetype):
        if not content:
            raise FieldRejected("empty", self.env._("The file is empty."))
        if mimetype not in EXTENSIONS:
            message = self.env._("Files of the type “%(type)s” are not accepted.", type=mimetype)
            raise FieldRejected("bad_type", message)
        if not mimetype.startswith("image/"):
            return
        if is_too_large(content):
            raise FieldRejected("bad_image", self.env._("The picture has too many pixels."))
        try:
            actual = read_header(content)[0]
        except UNREADABLE as exc:
            raise FieldRejected("bad_image", self.env._("The file is not a picture.")) from exc
        if actual != mimetype:
            raise FieldRejected(
                "bad_image", self.env._("The picture is of another type than said.")
            )

    @api.model
    def _create_with_file(self, device, uuid, content, mimetype, digest, meta):
        said = self._meta_values(device, content, mimetype, digest, meta)
        try:
            blob = self.create(
                {
                    "uuid": uuid,
                    "sha256": digest,
                    "size": len(content),
                    "mimetype": mimetype,
                    "user_id": device.user_id.id,
                    "company_id": device.company_id.id,
                    "device_id": device.id,
                    **said,
                }
            )
        except UniqueViolation as exc:
            raise ConcurrencyError("Another request brings the same file") from exc
        attachments = self.env["ir.attachment"].with_context(**{KEY: RETENTION})
        blob.attachment_id = attachments.create(
            {
                "name": f"{uuid}.{EXTENSIONS[mimetype]}",
                "raw": content,
                "mimetype": mimetype,
                "res_model": self._name,
                "res_id": blob.id,
                "company_id": blob.company_id.id,
                "field_sha256": digest,
            }
        )
        blob._check_stored()
        blob._on_complete()
        return blob

    def _check_stored(self):
        """Read the file back before saying yes, for the phone deletes its copy on our word.

        Odoo takes a file that lies in the filestore for complete, also one that was cut off when
        the disk was full. Such a one is given to the garbage collection, so that the next try
        writes it anew.
        """
        attachment = self.attachment_id
        attachment.invalidate_recordset()
        if hashlib.sha256(attachment.raw or b"").hexdigest() != self.sha256:
            if attachment.store_fname:
                attachment._mark_for_gc(attachment.store_fname)
            raise OSError("The uploaded file could not be stored")

    def _erase_evidence(self, reason):
        """The files go with the rows."""
        files = self.sudo().attachment_id
        certificate = super()._erase_evidence(reason)
        files.exists().with_context(**{KEY: RETENTION}).unlink()
        return certificate

    def _check_files(self):
        """Which files are not what their upload said: changed on disk or gone.

        :returns: list of values of field.finding
        """
        findings = []
        for blob in self.sudo():
            content = blob.attachment_id.raw
            if hashlib.sha256(content or b"").hexdigest() != blob.sha256:
                if content:
                    text = self.env._("The file of upload %(uuid)s was altered.", uuid=blob.uuid)
                else:
                    text = self.env._("The file of upload %(uuid)s is missing.", uuid=blob.uuid)
                code = "file" if content else "file_missing"
                values = {"code": code, "res_model": self._name, "res_id": blob.id}
                findings.append({**values, "message": text})
        return findings

    def _on_complete(self):
        """Hook for modules that wait for this file (its ``uuid``); runs once per file, as sudo."""
        self.env["field.consent"].sudo().search(
            [("signature_uuid", "in", self.mapped("uuid"))]
        )._link_signature()

    def _field_evidence_subjects(self):
        """Rows whose person is told when somebody else opens one of these files."""
        return self
