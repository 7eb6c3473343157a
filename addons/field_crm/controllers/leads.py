from odoo import http
from odoo.http import request

from odoo.addons.field_base.controllers.dispatcher import ApiError, parse_body

MAX_BODY = 2 * 1024 * 1024


class FieldLeadsApi(http.Controller):
    # nosemgrep: field-csrf-off (the key of the source is checked by its own way to log in)
    @http.route(
        "/field/api/v1/leads",
        type="field_api",
        api_methods=("POST",),
        auth="field_lead_source",
        csrf=False,
        save_session=False,
        max_content_length=MAX_BODY,
    )
    def leads(self):
        """Take in leads of a source; see docs/openapi.yaml."""
        source = request.field_lead_source
        body = parse_body(request.httprequest.get_data(cache=True))
        leads = body.get("leads") if isinstance(body, dict) and "leads" in body else [body]
        dry_run = isinstance(body, dict) and body.get("dry_run", False)
        if not isinstance(leads, list) or not isinstance(dry_run, bool):
            raise ApiError(400, "bad_request")
        if isinstance(body, dict) and "leads" not in body:
            leads = [{name: value for name, value in body.items() if name != "dry_run"}]
        answer, accepted = (
            request.env["field.lead.intake"]
            .sudo()
            ._receive(source, leads, request.httprequest.headers.get("Idempotency-Key"), dry_run)
        )
        headers = [("Cache-Control", "no-store")]
        return request.make_json_response(answer, headers, status=200 if accepted else 422)
