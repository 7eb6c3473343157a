from odoo import fields, models


class FieldTrackExport(models.TransientModel):
    """Which days in which format, and why."""

    _name = "field.track.export"
    _description = "Export of tracks"

    day_ids = fields.Many2many("field.track.day", string="Days", readonly=True)
    kind = fields.Selection(
        [("gpx", "GPX"), ("geojson", "GeoJSON"), ("csv", "CSV table")],
        "Format",
        required=True,
        default="gpx",
    )
    reason = fields.Char(help="The people whose tracks these are read it.")

    def action_export(self):
        """Check the right and the reason now, so that the download cannot fail quietly."""
        self.ensure_one()
        self.day_ids._check_can_export()
        users = self.day_ids.sudo().user_id
        self.env["field.access.log"]._check_reason(users, "export", self.reason)
        return {
            "type": "ir.actions.act_url",
            "url": f"/field/tracks/export/{self.id}",
            "target": "download",
        }
