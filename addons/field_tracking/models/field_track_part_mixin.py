from odoo import models


class FieldTrackPartMixin(models.AbstractModel):
    """A part of a tracked day; reading it is an opening of that day."""

    _name = "field.track.part.mixin"
    _description = "Part of a tracked day"
    _inherit = ["field.access.mixin"]

    def _log_opening(self):
        days = self.sudo().day_id
        self.env["field.access.log"]._log(days.user_id, "track", None, days)
