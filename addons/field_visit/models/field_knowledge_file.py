"""Pictures and papers of an article; small ones lie on the phones."""

import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.image import image_process
from odoo.tools.mimetypes import guess_mimetype

from .field_knowledge import SAVING

PICTURES = ("image/jpeg", "image/png", "image/webp")
TYPES = (*PICTURES, "application/pdf")
MAX_BYTES = 5 * 1024 * 1024
#: Of one file that lies on the phones; pictures are made smaller first.
MAX_OFFLINE = 500 * 1024
_SIDE, _QUALITY = 1280, 80


class FieldKnowledgeFile(models.Model):
    _name = "field.knowledge.file"
    _description = "File of an Article"
    _order = "article_id, sequence, id"

    article_id = fields.Many2one(
        "field.knowledge.article", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="article_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    data = fields.Binary("File", required=True, attachment=True)
    is_offline = fields.Boolean(
        "On the phones", default=True, help="Else it is fetched when somebody opens it."
    )
    mimetype = fields.Char("Type", readonly=True)
    size = fields.Integer("Size (bytes)", readonly=True, aggregator=None)
    checksum = fields.Char(readonly=True)

    @api.constrains("is_offline", "size")
    def _check_offline(self):
        for file in self.filtered("is_offline"):
            if file.size > MAX_OFFLINE:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” has %(size)s kB. At most %(most)s kB are kept on phones: make "
                        "it smaller, or let it be fetched when it is opened.",
                        name=file.name,
                        size=file.size // 1024,
                        most=MAX_OFFLINE // 1024,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create([self._prepare_file_vals(vals) for vals in vals_list])
        files._change_articles()
        return files

    def write(self, vals):
        result = super().write(self._prepare_file_vals(vals))
        self._change_articles()
        return result

    def unlink(self):
        articles = self.article_id
        result = super().unlink()
        self._change_articles(articles)
        return result

    def _change_articles(self, articles=None):
        """A file came, went or is another one; an article that is being saved sees by itself."""
        if self.env.context.get("field_knowledge") is not SAVING:
            (self.article_id if articles is None else articles)._changed()

    @api.model
    def _prepare_file_vals(self, vals):
        """What a file is is read from its bytes, whatever is said about it.

        :raise ValidationError: for other types, and for what is too large
        """
        vals = {k: v for k, v in vals.items() if k not in ("mimetype", "size", "checksum")}
        if "data" not in vals:
            return vals
        raw = self._shrink(self._read_data(vals["data"]))
        return vals | {
            "data": base64.b64encode(raw),
            "mimetype": guess_mimetype(raw),
            "size": len(raw),
            "checksum": hashlib.sha256(raw).hexdigest(),
        }

    @api.model
    def _read_data(self, data):
        try:
            raw = base64.b64decode(data or b"")
        except (binascii.Error, TypeError, ValueError):
            raw = b""
        if guess_mimetype(raw) not in TYPES or len(raw) > MAX_BYTES:
            raise ValidationError(
                self.env._("Choose a picture (JPEG, PNG or WebP) or a PDF of at most 5 MB.")
            )
        return raw

    @api.model
    def _shrink(self, raw):
        """A picture as large as a phone shows it."""
        if guess_mimetype(raw) not in PICTURES or len(raw) <= MAX_OFFLINE:
            return raw
        return image_process(raw, size=(_SIDE, _SIDE), quality=_QUALITY, output_format="JPEG")

    def _as_app_values(self):
        """What a phone knows of a file before it has it."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "type": self.mimetype,
            "size": self.size,
            "sum": self.checksum,
            "offline": self.is_offline,
        }
