"""The API for other systems: read everything once, then what has changed; write customers."""

from odoo import http
from odoo.http import request

from .api import API
from .dispatcher import ApiError, parse_body

MAX_BODY = 2 * 1024 * 1024


class FieldOpenApi(http.Controller):
    @http.route("/field/api/v1/data", api_methods=("GET",), auth="field_client", **API)
    def describe(self):
        """What this key opens; see docs/open-api.md."""
        return _json(request.env["field.open.api"]._describe(request.field_client))

    @http.route(
        "/field/api/v1/data/<string:resource>", api_methods=("GET",), auth="field_client", **API
    )
    def read_rows(self, resource):
        """One page of rows; see docs/open-api.md."""
        query = request.httprequest.args
        limit = query.get("limit")
        if limit and not (limit.isascii() and limit.isdigit() and int(limit[:9]) > 0):
            raise ApiError(400, "bad_request")
        OpenApi, client = request.env["field.open.api"], request.field_client
        limit = int(limit[:9]) if limit else None
        return _json(OpenApi._read_page(client, resource, query.get("since", ""), limit))

    @http.route(
        "/field/api/v1/customers",
        api_methods=("POST",),
        auth="field_client",
        max_content_length=MAX_BODY,
        **API,
    )
    def write_customers(self):
        """Enter or change customers; see docs/open-api.md."""
        body = parse_body(request.httprequest.get_data(cache=True))
        rows = body.get("rows") if isinstance(body, dict) else None
        dry_run = isinstance(body, dict) and body.get("dry_run", False)
        if not isinstance(rows, list) or not isinstance(dry_run, bool):
            raise ApiError(400, "bad_request")
        key = request.httprequest.headers.get("Idempotency-Key")
        Request = request.env["field.api.request"]
        answer, accepted = Request._write_customers(request.field_client, rows, key, dry_run)
        return _json(answer, 200 if accepted else 422)


def _json(values, status=200):
    headers = [("Cache-Control", "no-store")]
    return request.make_json_response(values, headers=headers, status=status)
