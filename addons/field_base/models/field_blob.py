import hashlib
import io

# Odoo keeps Pillow from loading plug-ins by itself, hence the import of the WebP one.
from PIL import Image, UnidentifiedImageError, WebPImagePlugin  # noqa: F401
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError

from ..tools.errors import FieldRejected

MAX_PIXELS = 50_000_000
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
    _inherit = ["field.scope.mixin"]
    _order = "id desc"
    _rec_name = "uuid"

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
    def _store(self, device, uuid, content, mimetype, sha256):
        """Keep an upload. The same again gives the same record, other content is refused.

        :param bytes content: the whole file
        :param str sha256: hex digest the device computed when it captured the file
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
        return self.sudo()._create_with_file(device, uuid, content, mimetype, digest)

    @api.model
    def _check_content(self, content, mimetype):
        if not content:
            raise FieldRejected("empty", self.env._("The file is empty."))
        if mimetype not in EXTENSIONS:
            message = self.env._("Files of the type “%(type)s” are not accepted.", type=mimetype)
            raise FieldRejected("bad_type", message)
        if not mimetype.startswith("image/"):
            return
        try:
            with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
                width, height = image.size  # read from the header; nothing is decoded
                actual = Image.MIME.get(image.format)
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as exc:
            raise FieldRejected("bad_image", self.env._("The file is not a picture.")) from exc
        if actual != mimetype:
            raise FieldRejected(
                "bad_image", self.env._("The picture is of another type than said.")
            )
        if width * height > MAX_PIXELS:
            raise FieldRejected("bad_image", self.env._("The picture has too many pixels."))

    @api.model
    def _create_with_file(self, device, uuid, content, mimetype, digest):
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
                }
            )
        except UniqueViolation as exc:
            raise ConcurrencyError("Another request brings the same file") from exc
        blob.attachment_id = self.env["ir.attachment"].create(
            {
                "name": f"{uuid}.{EXTENSIONS[mimetype]}",
                "raw": content,
                "mimetype": mimetype,
                "res_model": self._name,
                "res_id": blob.id,
                "company_id": blob.company_id.id,
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

    def _on_complete(self):
        """Hook for modules that wait for this file (its ``uuid``); runs once per file, as sudo."""
