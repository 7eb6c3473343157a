import base64
import binascii
import hashlib
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.mimetypes import guess_mimetype

from ..tools.proofs import PRIVATE_STEPS
from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.pictures import is_too_large
from odoo.addons.field_base.tools.retention import KEY, RETENTION

IMAGE_TYPES = ("image/jpeg", "image/png", "image/webp")
MAX_BYTES = 15 * 1024 * 1024
MAX_PHOTOS = 20
_NOT_OF_PLACE = ("signature", *PRIVATE_STEPS)
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
    is_of_place = fields.Boolean(
        "Of the place",
        compute="_compute_is_of_place",
        search="_search_is_of_place",
        help="Shows the customer's place: neither the face of the person nor a signature.",
    )
    rating = fields.Selection(RATINGS, readonly=True, index="btree_not_null")
    rated_by_id = fields.Many2one("res.users", "Rated by", readonly=True)
    rated_at = fields.Datetime("Rated on", readonly=True)

    _user_taken_idx = models.Index("(user_id, taken_at)")
    _blob_uuid_uniq = models.UniqueIndex("(blob_uuid)", "Each photo belongs to one step.")

    @api.depends("is_signature", "step_id.kind")
    def _compute_is_of_place(self):
        for photo in self:
            hidden = photo.is_signature or photo.step_id.kind in _NOT_OF_PLACE
            photo.is_of_place = not hidden

    def _search_is_of_place(self, operator, value):
        if operator != "in":
            return NotImplemented
        shown = Domain("is_signature", "=", False) & Domain("step_id.kind", "not in", _NOT_OF_PLACE)
        if set(value) == {True, False}:
            return Domain.TRUE
        return shown if True in value else ~shown

    @api.model
    def _expect(self, step, files, at):
        """As of the mixin; a list of uuids are pictures, or the signature that the step is."""
        vals = {"source": "app", "is_signature": step.kind == "signature"}
        files = files if isinstance(files, dict) else dict.fromkeys(files or (), vals)
        most = step._get_most_photos()
        if len(files) > most:
            raise FieldRejected(
                "bad_payload", self.env._("A step takes %(count)s photos.", count=most)
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
        if mimetype not in IMAGE_TYPES or len(raw) > MAX_BYTES or is_too_large(raw):
            raise FieldRejected(
                "bad_photo",
                self.env._(
                    "Send a picture (JPEG, PNG or WebP) of at most 15 MB and 50 megapixels."
                ),
            )
        most = step._get_most_photos()
        if len(step.photo_ids) >= most:
            raise FieldRejected(
                "bad_photo", self.env._("A step takes %(count)s photos.", count=most)
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
