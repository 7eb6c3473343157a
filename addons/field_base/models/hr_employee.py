from odoo import api, models

CHART_FIELDS = {"parent_id", "user_id", "active"}


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        self._field_chart_changed()
        return employees

    def write(self, vals):
        result = super().write(vals)
        if CHART_FIELDS & vals.keys():
            self._field_chart_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self._field_chart_changed()
        return result

    def _field_chart_changed(self):
        """Who leads whom is read from the chart; what this transaction cached is old."""
        self.env["res.users"].invalidate_model(
            ["field_leader_ids", "field_track_viewer_ids"], flush=False
        )
