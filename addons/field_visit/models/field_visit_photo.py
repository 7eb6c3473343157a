import base64
import binascii
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.field_base.tools.errors import FieldRejected

IMAGE_TYPES = ("image/jpeg", "image/png", "image/webp")
MAX_BYTES = 15 * 1024 * 1024
MAX_PHOTOS = 20


class FieldVisitPhoto(models.Model):
    _name = "field.visit.photo"
    _description = "Photo of a Visit"
    _order = "step_id, id"

    step_id = fields.Many2one("field.visit.step", required=True, index=True, ondelete="cascade")
    visit_id = fields.Many2one(related="step_id.visit_id", store=True, index=True)
    user_id = fields.Many2one(related="visit_id.user_id", store=True)
    company_id = fields.Many2one(related="visit_id.company_id", store=True)
    blob_uuid = fields.Char("Upload ID", required=True, readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    source = fields.Selection(
        [("app", "Phone app"), ("upload", "Uploaded")], required=True, readonly=True
    )
    taken_at = fields.Datetime("Taken", readonly=True)

    _blob_uuid_uniq = models.UniqueIndex("(blob_uuid)", "Each photo belongs to one step.")

    @api.model
    def _expect(self, step, blobs, at):
        """Note that ``step`` is proved by these photos; link those that are already here.

        A photo named twice, or again, counts once. One that belongs to another step is refused.
        """
        blobs = list(dict.fromkeys(blobs or ()))
        if not blobs:
            return self.browse()
        if len(blobs) > MAX_PHOTOS:
            raise FieldRejected(
                "bad_payload", self.env._("A step takes %(count)s photos.", count=MAX_PHOTOS)
            )
        Photo = self.sudo()
        known = Photo.search([("blob_uuid", "in", blobs)])
        if known.step_id - step:
            raise FieldRejected(
                "photo_used", self.env._("This photo already belongs to another step.")
            )
        missing = [uuid for uuid in blobs if uuid not in set(known.mapped("blob_uuid"))]
        photos = Photo.create(
            [
                {"step_id": step.id, "blob_uuid": uuid, "source": "app", "taken_at": at}
                for uuid in missing
            ]
        )
        photos._link(self.env["field.blob"].sudo().search([("uuid", "in", missing)]))
        step.invalidate_recordset(["photo_ids"], flush=False)
        return photos.with_env(self.env)

    def _link(self, blobs):
        """Attach the pictures that have arrived. Only the representative's own blobs count, and
        only pictures; the attachment moves to the step, so that it is read by who reads the visit.
        """
        by_uuid = {
            blob.uuid: blob
            for blob in blobs
            if blob.attachment_id and (blob.attachment_id.mimetype in IMAGE_TYPES)
        }
        for photo in self.filtered(lambda photo: not photo.attachment_id):
            blob = by_uuid.get(photo.blob_uuid)
            if not blob or blob.user_id != photo.user_id:
                continue
            blob.attachment_id.write(
                {
                    "res_model": "field.visit.step",
                    "res_id": photo.step_id.id,
                    "name": photo._get_file_name(blob.attachment_id.mimetype),
                }
            )
            photo.attachment_id = blob.attachment_id

    def _get_file_name(self, mimetype):
        self.ensure_one()
        extension = mimetype.split("/")[1].replace("jpeg", "jpg")
        return f"{self.step_id.name} {self.blob_uuid[:8]}.{extension}".replace("/", "-")

    @api.model
    def _create_upload(self, step, data, name):
        """Keep a picture sent by the form.

        :raise FieldRejected: bad_photo
        """
        try:
            raw = base64.b64decode(data, validate=True)
        except (binascii.Error, TypeError, ValueError):
            raw = b""
        mimetype = raw and guess_mimetype(raw)
        if mimetype not in IMAGE_TYPES or len(raw) > MAX_BYTES:
            raise FieldRejected(
                "bad_photo", self.env._("Send a picture (JPEG, PNG or WebP) of at most 15 MB.")
            )
        if len(step.photo_ids) >= MAX_PHOTOS:
            raise FieldRejected(
                "bad_photo", self.env._("A step takes %(count)s photos.", count=MAX_PHOTOS)
            )
        photo = self.sudo().create(
            {
                "step_id": step.id,
                "blob_uuid": str(uuid4()),
                "source": "upload",
                "taken_at": fields.Datetime.now(),
            }
        )
        photo.attachment_id = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": photo._get_file_name(mimetype),
                    "raw": raw,
                    "mimetype": mimetype,
                    "res_model": "field.visit.step",
                    "res_id": step.id,
                }
            )
        )
        return photo.with_env(self.env)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        if any(photo.visit_id.check_in_at for photo in self):
            raise UserError(self.env._("Photos of a visit are kept."))
