from odoo import http
from odoo.http import request

from odoo.addons.field_base.controllers.dispatcher import ApiError

_BIGGEST = 2**31 - 1  # of an id


class FieldArticlesApi(http.Controller):
    # nosemgrep: field-csrf-off (the token of the device is checked by its own way to log in)
    @http.route(
        "/field/api/v1/articles/files/<int:file_id>",
        type="field_api",
        api_methods=("GET",),
        auth="field_device",
        csrf=False,
        save_session=False,
    )
    def article_file(self, file_id):
        """One file of an article that is meant for the person."""
        known = file_id <= _BIGGEST
        domain = [("id", "=", file_id), ("article_id.is_for_me", "=", True)]
        file = known and request.env["field.knowledge.file"].search(domain)
        if not file:
            raise ApiError(404, "not_found")
        data = file.with_context(bin_size=False).data.decode()
        answer = {"id": file.id, "sum": file.checksum, "type": file.mimetype, "data": data}
        return request.make_json_response(answer, [("Cache-Control", "no-store")])
