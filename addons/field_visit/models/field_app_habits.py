from odoo import api, models

from odoo.addons.field_base.tools.collection import Collection, plain

FIELDS = ("kind", "visit_count", "date_from", "date_to", "sample", "explanation", "due_at")
_NAMES = 5


class FieldApp(models.AbstractModel):
    """What stands out in one's own visits: the phone is where one reads it first."""

    _inherit = "field.app"

    @api.model
    def _collections(self):
        habits = Collection(
            "field.visit.habit",
            [("user_id", "=", self.env.uid), ("state", "=", "open"), ("date_to", ">=", "-14d")],
            (*FIELDS, "is_shown"),
            order="date_to desc, id desc",
            cap=20,
            rows=self._habits,
        )
        return {"habits": habits, **super()._collections()}

    @api.model
    def _habits(self, habits):
        """Rows with the names of the customers it is about, the latest first."""
        rows = []
        for habit in habits:
            row = {name: plain(habit[name]) for name in ("id", *FIELDS, "is_shown")}
            latest = habit.visit_ids.sorted("check_in_at", reverse=True)[:_NAMES]
            row["customers"] = [visit.partner_id.sudo().display_name for visit in latest]
            rows.append(row)
        return rows
