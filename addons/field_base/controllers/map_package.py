from odoo import http
from odoo.http import request

from .api import API
from .dispatcher import ApiError


class FieldMapApi(http.Controller):
    @http.route(
        "/field/api/v1/map/package/<int:package_id>",
        api_methods=("GET", "HEAD"),
        auth="field_device",
        readonly=True,
        **API,
    )
    def package(self, package_id):
        """A map package, whole or by ranges; the address stands in the person's ``me.map``."""
        providers = request.env["field.map.provider"].search([("package_ids", "in", package_id)])
        package = providers.package_ids.filtered(lambda one: one.id == package_id).sudo()
        if not package:
            raise ApiError(404, "not_found")
        stream = request.env["ir.binary"]._get_stream_from(package)
        return stream.get_response(as_attachment=False, max_age=None)
