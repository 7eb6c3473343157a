import base64

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.field_base.controllers.dispatcher import ApiError

_BIGGEST = 2**31 - 1  # of an id


def _find_file(works, file_id):
    """A file of the packages of these works, or nothing: who may read the work may read it."""
    if file_id > _BIGGEST:
        return None
    files = works.sudo().task_id.attachment_ids
    return files.filtered(lambda file: file.id == file_id and file.type == "binary") or None


class FieldWorksApi(http.Controller):
    # nosemgrep: field-csrf-off (the token of the device is checked by its own way to log in)
    @http.route(
        "/field/api/v1/works/<int:task_id>/files/<int:file_id>",
        type="field_api",
        api_methods=("GET",),
        auth="field_device",
        csrf=False,
        save_session=False,
    )
    def work_file(self, task_id, file_id):
        """One file of a work package the person has work of."""
        mine = [("task_id", "=", task_id), ("user_id", "=", request.env.uid)]
        works = request.env["field.task.work"]
        file = task_id <= _BIGGEST and _find_file(works.search(mine), file_id)
        if not file:
            raise ApiError(404, "not_found")
        data = base64.b64encode(file.raw).decode()
        answer = {"id": file.id, "sum": file.checksum, "type": file.mimetype, "data": data}
        return request.make_json_response(answer, [("Cache-Control", "no-store")])

    @http.route("/field/work/<int:work_id>/file/<int:file_id>", type="http", auth="user")
    def desk_file(self, work_id, file_id):
        """The same on the desk, for who may read the work."""
        work = work_id <= _BIGGEST and request.env["field.task.work"].search([("id", "=", work_id)])
        file = work and _find_file(work, file_id)
        if not file:
            raise NotFound()
        stream = request.env["ir.binary"].sudo()._get_stream_from(file)
        return stream.get_response(as_attachment=True)
