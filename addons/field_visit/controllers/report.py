from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request


class FieldVisitReport(http.Controller):
    @http.route("/field/visit/<int:visit_id>/report.pdf", type="http", auth="user")
    def report(self, visit_id):
        """The report of a visit, for who may read the visit."""
        visit = request.env["field.visit"].browse(visit_id).exists()
        if not visit or not visit.has_access("read"):
            raise NotFound()
        request.env["field.access.log"]._log(visit.user_id, "photo", None, visit)
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Disposition", content_disposition(f"{visit.name}.pdf")),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(visit._as_report_pdf(), headers)
