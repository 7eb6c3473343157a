"""Pictures that are compared: with the reference of the shelf, with that of the storefront."""

import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.image import image_process

from ..tools import likeness
from odoo.addons.field_base.tools.pictures import UNREADABLE

_STOREFRONT = "storefront"
_THUMB = (360, 360)


class FieldVisitPhoto(models.Model):
    _inherit = "field.visit.photo"

    fingerprint = fields.Char(readonly=True)
    match = fields.Selection(
        [("none", "No reference yet"), ("same", "Like the reference"), ("different", "Different")],
        readonly=True,
        index="btree_not_null",
    )
    likeness = fields.Integer("Likeness (%)", readonly=True, aggregator="avg")
    is_reference = fields.Boolean("Reference", readonly=True)
    reference_key = fields.Char(readonly=True)
    thumb = fields.Binary("Small picture", readonly=True, attachment=False)

    _reference_uniq = models.UniqueIndex(
        "(partner_id, reference_key) WHERE is_reference", "There is one reference of each."
    )

    def _get_reference_key(self):
        """What a picture is the reference for: the storefront, or the shelf of that step."""
        self.ensure_one()
        return _STOREFRONT if self.step_id.kind == _STOREFRONT else self.step_id.key

    def _link(self, blobs):
        result = super()._link(blobs)
        self.filtered(
            lambda photo: (
                photo.attachment_id and photo.step_id.kind == _STOREFRONT and not photo.match
            )
        )._compare()
        return result

    def _compare(self):
        """Hold storefronts beside the reference of their customer."""
        for photo in self.sudo():
            photo.fingerprint = photo.fingerprint or photo._read_fingerprint()
            reference = photo._find_reference()
            photo.write(photo._judge_match(reference))
            photo.visit_id._look_at_proofs_again()

    def _judge_match(self, reference):
        if not reference:
            return {"match": "none"}
        if not self.fingerprint:
            return {"match": "different", "likeness": 0}  # no picture is like none
        alike = likeness.likeness(self.fingerprint, reference.fingerprint)
        match = "same" if alike >= likeness.ALIKE else "different"
        return {"match": match, "likeness": round(100 * alike)}

    def _read_fingerprint(self):
        try:
            return likeness.fingerprint(self.attachment_id.raw or b"")
        except UNREADABLE:
            return False

    def _find_reference(self):
        domain = [
            ("partner_id", "=", self.partner_id.id),
            ("reference_key", "=", self._get_reference_key()),
            ("is_reference", "=", True),
        ]
        return self.sudo().search(domain, limit=1)

    def action_make_reference(self):
        """From now on new pictures of this shelf or storefront are held beside this one.

        :raise AccessError: for those who lead nobody, and about one's own pictures
        """
        self.check_access("read")
        self.visit_id._check_can_review()
        for photo in self.sudo().filtered("attachment_id"):
            photo._find_reference().write({"is_reference": False, "thumb": False})
            photo.flush_recordset()
            photo.write(
                {
                    "is_reference": True,
                    "reference_key": photo._get_reference_key(),
                    "fingerprint": photo._read_fingerprint(),
                    "thumb": photo._make_small(),
                }
            )
            photo._compare_waiting()
        return True

    def _make_small(self, raw=None):
        """The picture as a JPEG that fits on a phone, in base64; False for one that is none.

        :param bytes raw: the picture as it is to be shown; as it came when not given
        """
        self.ensure_one()
        try:
            raw = image_process(
                raw or self.attachment_id.raw, size=_THUMB, quality=60, output_format="JPEG"
            )
        except (UserError, *UNREADABLE):
            return False
        return base64.b64encode(raw)

    def _compare_waiting(self):
        """Storefronts that came before there was a reference."""
        if self.step_id.kind == _STOREFRONT:
            self.search(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("match", "in", ("none", False)),
                    ("step_id.kind", "=", _STOREFRONT),
                    ("attachment_id", "!=", False),
                ]
            )._compare()
