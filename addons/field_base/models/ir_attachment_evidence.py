import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.retention import evidence_open, is_open

_GUARDED = (
    "store_fname",
    "db_datas",
    "checksum",
    "file_size",
    "mimetype",
    "name",
    "res_model",
    "res_id",
    "res_field",
    "type",
    "url",
    "public",
    "field_sha256",
)


class IrAttachment(models.Model):
    """Files of evidence: no path changes, moves or deletes them, an administrator's included."""

    _inherit = "ir.attachment"

    field_sha256 = fields.Char(
        "Evidence", readonly=True, copy=False, help="SHA-256 of a file that is evidence."
    )

    def init(self):
        """The guard in the database, for those who do not come through the ORM."""
        super().init()
        self.env["field.evidence.mixin"]._guard_evidence(self._table, _GUARDED, only="field_sha256")

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("field_sha256") for vals in vals_list) and not is_open(self.env):
            raise UserError(self.env._("Only the app's uploads are evidence."))
        return super().create(vals_list)

    def write(self, vals):
        """Refused for evidence, unless nothing of it would change."""
        evidence = self._field_evidence()
        if not evidence and not vals.get("field_sha256"):
            return super().write(vals)
        if is_open(self.env):
            with evidence_open(self.env):
                return super().write(vals)
        if not evidence or not evidence._field_is_unchanged(vals):
            raise UserError(self.env._("This file is evidence and cannot be changed."))
        return super(IrAttachment, self - evidence).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        if not is_open(self.env) and self._field_evidence():
            raise UserError(self.env._("This file is evidence and cannot be deleted."))

    def unlink(self):
        """Refused for evidence."""
        if not is_open(self.env):
            return super().unlink()
        with evidence_open(self.env):
            return super().unlink()

    def _field_evidence(self):
        return self.filtered(lambda a: a.sudo().field_sha256) if self.ids else self.browse()

    def _field_is_unchanged(self, vals):
        """Whether a write brings the very same content: Odoo does so when the storage moves."""
        if set(vals) - {"raw", "mimetype"} or not vals.get("raw"):
            return False
        digest = hashlib.sha256(vals["raw"]).hexdigest()
        return all(
            file.field_sha256 == digest and vals.get("mimetype", file.mimetype) == file.mimetype
            for file in self.sudo()
        )
