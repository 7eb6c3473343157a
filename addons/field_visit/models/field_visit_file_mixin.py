from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.retention import KEY, RETENTION

EXTENSIONS = {"jpeg": "jpg", "mp4": "m4a", "mpeg": "mp3"}


class FieldVisitFileMixin(models.AbstractModel):
    """A file that proves a step. The phone's event names it; the file itself may come before or
    after, so that a visit is accepted before its photos and recordings."""

    _name = "field.visit.file.mixin"
    _description = "File of a visit"
    _order = "step_id, id"
    #: Types of files that count.
    _file_types = ()

    step_id = fields.Many2one("field.visit.step", required=True, index=True, ondelete="cascade")
    visit_id = fields.Many2one(related="step_id.visit_id", store=True, index=True)
    user_id = fields.Many2one(related="visit_id.user_id", store=True)
    company_id = fields.Many2one(related="visit_id.company_id", store=True)
    blob_uuid = fields.Char("Upload ID", required=True, readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", "File", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    taken_at = fields.Datetime("Taken", readonly=True)

    @api.model
    def _expect(self, step, files, at):
        """Note that ``step`` is proved by these files; link those that are already here.

        One that is named twice, or again, counts once. One of another step is refused.

        :param dict files: ``{uuid of the upload: more values of the row}``
        :raise FieldRejected: photo_used
        """
        if not files:
            return self.browse()
        Model = self.sudo()
        known = Model.search([("blob_uuid", "in", list(files))])
        if known.step_id - step:
            raise FieldRejected("photo_used", self._get_used_text())
        missing = [uuid for uuid in files if uuid not in set(known.mapped("blob_uuid"))]
        rows = Model.create(
            [
                {"step_id": step.id, "blob_uuid": uuid, "taken_at": at, **files[uuid]}
                for uuid in missing
            ]
        )
        rows._link(self.env["field.blob"].sudo().search([("uuid", "in", missing)]))
        step.invalidate_recordset(["photo_ids", "recording_ids"], flush=False)
        return rows.with_env(self.env)

    @api.model
    def _get_used_text(self):
        """What the representative reads when a file belongs to another step."""
        return self.env._("This file already belongs to another step.")

    def _link(self, blobs):
        """Attach the files that have arrived. Only the representative's own blobs count, and only
        of the right type; the attachment moves to the step, so that it is read by who reads the
        visit."""
        by_uuid = {
            blob.uuid: blob
            for blob in blobs
            if blob.attachment_id and blob.attachment_id.mimetype in self._file_types
        }
        for row in self.filtered(lambda row: not row.attachment_id):
            blob = by_uuid.get(row.blob_uuid)
            if not blob or blob.user_id != row.user_id:
                continue
            blob.attachment_id.with_context(**{KEY: RETENTION}).write(
                {
                    "res_model": "field.visit.step",
                    "res_id": row.step_id.id,
                    "name": row._get_file_name(blob.attachment_id.mimetype),
                }
            )
            row.attachment_id = blob.attachment_id

    def _get_file_name(self, mimetype):
        self.ensure_one()
        kind = mimetype.split("/")[1]
        name = f"{self.step_id.name} {self.blob_uuid[:8]}.{EXTENSIONS.get(kind, kind)}"
        return name.replace("/", "-")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        if any(row.visit_id.check_in_at for row in self):
            raise UserError(self.env._("Photos and recordings of a visit are kept."))
