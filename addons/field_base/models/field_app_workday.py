from odoo import api, models

from ..tools.collection import Collection


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _collections(self):
        """The person's last days, so that Today knows whether he is at work."""
        days = Collection(
            "field.workday",
            [("user_id", "=", self.env.uid), ("date", ">=", "-7d")],
            ("date", "state", "open_at", "close_at", "open_uuid", "is_paused"),
            order="date desc, id desc",
            cap=14,
            watch={"field.workday.pause": "workday_id"},
        )
        return {"workdays": days, **super()._collections()}
