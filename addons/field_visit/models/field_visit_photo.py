import base64
import binascii
import hashlib
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.retention import KEY, RETENTION

IMAGE_TYPES = ("image/jpeg", "image/png", "image/webp")
MAX_BYTES = 15 * 1024 * 1024
MAX_PHOTOS = 20
RATINGS = [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5")]


class FieldVisitPhoto(models.Model):
    _name = "field.visit.photo"
    _description = "Photo of a Visit"
    _inherit = ["field.visit.file.mixin"]
    _file_types = IMAGE_TYPES

    source = fields.Selection(
        [("app", "Phone app"), ("upload", "Uploaded")], required=True, readonly=True
    )

    partner_id = fields.Many2one(related="visit_id.partner_id", store=True, index=True)
    is_signature = fields.Boolean(
        "Signature", readonly=True, help="Of a step or a question of a form: no picture of a place."
    )
    rating = fields.Selection(RATINGS, readonly=True, index="btree_not_null")
    rated_by_id = fields.Many2one("res.users", "Rated by", readonly=True)
    rated_at = fields.Datetime("Rated on", readonly=True)

    _user_taken_idx = models.Index("(user_id, taken_at)")
    _blob_uuid_uniq = models.UniqueIndex("(blob_uuid)", "Each photo belongs to one step.")

    @api.model
    def _expect(self, step, files, at):
        """As of the mixin; a list of uuids are pictures, or the signature that the step is."""
        vals = {"source": "app", "is_signature": step.kind == "signature"}
        files = files if isinstance(files, dict) else dict.fromkeys(files or (), vals)
        if len(files) > MAX_PHOTOS:
            raise FieldRejected(
                "bad_payload", self.env._("A step takes %(count)s photos.", count=MAX_PHOTOS)
            )
        return super()._expect(step, files, at)

    @api.model
    def _get_used_text(self):
        return self.env._("This photo already belongs to another step.")

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
            .with_context(**{KEY: RETENTION})
            .create(
                {
                    "name": photo._get_file_name(mimetype),
                    "raw": raw,
                    "mimetype": mimetype,
                    "res_model": "field.visit.step",
                    "res_id": step.id,
                    "field_sha256": hashlib.sha256(raw).hexdigest(),
                }
            )
        )
        if step.kind == "storefront":
            photo._compare()
        return photo.with_env(self.env)

    def action_rate(self, rating):
        """Give pictures of one's team 1 to 5 points.

        :raise AccessError: for those who lead nobody, and about one's own pictures
        """
        if rating not in dict(RATINGS):
            raise UserError(self.env._("A photo has 1 to 5 points."))
        self.check_access("read")
        self.visit_id._check_can_review()
        self.sudo().write(
            {"rating": rating, "rated_by_id": self.env.uid, "rated_at": fields.Datetime.now()}
        )
        return True
