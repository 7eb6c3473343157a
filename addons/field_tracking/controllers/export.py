from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request


class FieldTrackExport(http.Controller):
    @http.route("/field/tracks/export/<int:export_id>", type="http", auth="user", methods=["GET"])
    def export(self, export_id):
        """The file somebody has just asked for in the export form; his own request only."""
        wizard = request.env["field.track.export"].browse(export_id).exists()
        if not wizard or wizard.sudo().create_uid != request.env.user:
            raise NotFound()
        text, mimetype = wizard.day_ids._export(wizard.kind, wizard.reason)
        headers = [
            ("Content-Type", f"{mimetype}; charset=utf-8"),
            ("Content-Disposition", content_disposition(f"tracks.{wizard.kind}")),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(text.encode(), headers)
