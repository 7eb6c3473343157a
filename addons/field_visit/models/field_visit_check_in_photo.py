"""The photo of a check-in outside the fence: a step of its own, so that it is kept, compared,
shown to the leader and erased like every photo of a visit."""

from odoo import models

KEY = "check-in-photo"


class FieldVisit(models.Model):
    _inherit = "field.visit"

    def _keep_check_in_photo(self, photos, at, event):
        """:param dict photos: as of ``_do_check_in``

        :raise FieldRejected: photo_used, bad_photo, camera_only
        """
        if not photos:
            return
        step = self._make_check_in_photo_step()
        if photos.get("data"):
            step._check_camera_allows_upload()
            self.env["field.visit.photo"]._create_upload(step, photos["data"], KEY)
        step.with_env(self.env)._do_done(blobs=photos.get("blobs", ()), at=at, event=event)

    def _make_check_in_photo_step(self):
        """The first step of the visit, named in every language that is installed."""
        Step = self.env["field.visit.step"].sudo()._with_evidence()
        step = Step.create(
            {
                "visit_id": self.id,
                "key": KEY,
                "name": "Photo at the check-in",
                "kind": "photo",
                "sequence": -1,
                "min_photos": 1,
            }
        )
        for code, _name in self.env["res.lang"].get_installed():
            spoken = step.with_context(lang=code)
            spoken.name = spoken.env._("Photo at the check-in")
        self.invalidate_recordset(["step_ids"], flush=False)
        return step
