"""Pictures that were announced and never came: they prove nothing, until they come after all."""

from datetime import timedelta

from odoo import api, fields, models

#: Older visits are over and done with; files erased since are not waited for.
_BACK = timedelta(days=60)


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    photo_wait_hours = fields.Integer(
        "Photos may come for (h)",
        required=True,
        default=72,
        help="A photo that has not come so long after the visit proves nothing, and the leader is "
        "told. It counts again when it comes.",
    )

    _photo_wait_range = models.Constraint(
        "CHECK(photo_wait_hours BETWEEN 1 AND 720)", "Between 1 and 720 hours (30 days)."
    )


class FieldVisitPhoto(models.Model):
    _inherit = "field.visit.photo"

    is_lost = fields.Boolean(
        "Never came", readonly=True, copy=False, help="Announced by the phone, but not there."
    )

    _waited_for_idx = models.Index(
        "(id) WHERE attachment_id IS NULL AND is_looked_at IS NOT TRUE AND is_lost IS NOT TRUE"
    )

    @api.model
    def _cron_lose(self, batch=500):
        """Mark the photos that have been waited for long enough."""
        cron = self.env["ir.cron"]
        lost = self._find_overdue()
        cron._commit_progress(remaining=len(lost))
        for start in range(0, len(lost), batch):
            part = lost[start : start + batch].try_lock_for_update()
            part._set_lost(True)
            if not cron._commit_progress(len(part)):
                break

    @api.model
    def _find_overdue(self):
        """From the end of the visit, or from when a phone that was offline told of the photo."""
        now = fields.Datetime.now()
        waiting = self.search(
            [
                ("attachment_id", "=", False),
                ("is_looked_at", "=", False),
                ("is_lost", "=", False),
                ("source", "=", "app"),
                ("visit_id.state", "=", "done"),
                ("visit_id.check_out_at", ">=", now - _BACK),
            ],
            order="id",
        )
        return waiting.filtered(
            lambda photo: (
                max(photo.visit_id.check_out_at, photo.create_date)
                + timedelta(hours=photo.visit_id.policy_id.photo_wait_hours)
                <= now
            )
        )

    def _set_lost(self, is_lost):
        self.write({"is_lost": is_lost})
        for visit in self.visit_id:
            visit._refresh_lost_doubt()
        self.visit_id._look_at_proofs_again()

    def _link(self, blobs):
        result = super()._link(blobs)
        found = self.filtered(lambda photo: photo.is_lost and photo.attachment_id)
        if found:
            found._set_lost(False)
        return result


class FieldVisit(models.Model):
    _inherit = "field.visit"

    photo_doubt = fields.Selection(selection_add=[("never", "A picture that never came")])

    def _refresh_lost_doubt(self):
        """A stronger doubt stays."""
        lost = self.env["field.visit.photo"].search_count(
            [("visit_id", "=", self.id), ("is_lost", "=", True)], limit=1
        )
        if lost:
            self._note_photo_doubt("never")
        elif self.photo_doubt == "never":
            self._with_evidence().photo_doubt = False
