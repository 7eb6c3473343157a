from markupsafe import Markup
from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request

PER_MINUTE = 30
PAGE = {"type": "http", "auth": "public", "methods": ["GET"], "save_session": False}


class FieldEvidence(http.Controller):
    @http.route("/field/verify/<string:code>", **PAGE)
    def verify(self, code):
        """Anybody: does what an evidence file says still stand, is a photo as it arrived?

        No name, no place, no content.
        """
        address = request.httprequest.remote_addr
        if not request.env["field.rate"].sudo()._is_allowed("verify", address, PER_MINUTE):
            return self._page({"state": "busy"}, 429)
        proof = request.env["field.proof"]._find(code)
        photo = not proof and request.env["field.blob"]._find_by_code(code)
        if not (proof or photo):
            return self._page({"state": "unknown"}, 404)
        result = (proof or photo)._check()
        codes = {finding["code"] for finding in result["findings"]}
        return self._page({"proof": proof, "photo": photo, "codes": codes, **result}, 200)

    def _page(self, values, status):
        values = {**values, "doctype": Markup("<!DOCTYPE html>")}
        response = request.render("field_base.verify_page", values)
        response.status_code = status
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'"
        )
        return response

    @http.route("/field/evidence/<string:code>.<string:kind>", type="http", auth="user")
    def file(self, code, kind):
        """The evidence file, for who may read what it is about."""
        proof = request.env["field.proof"]._find(code)
        record = proof and request.env[proof.res_model].browse(proof.res_id).exists()
        if not record or not record.has_access("read") or kind not in ("pdf", "json"):
            raise NotFound()
        proof = proof.with_context(lang=request.env.lang, tz=request.env.user.tz)
        request.env["field.access.log"]._log(proof.user_id, "photo", None, record)
        if kind == "json":
            return request.make_json_response(proof._as_json(), self._headers(code, kind))
        headers = [*self._headers(code, kind), ("Content-Type", "application/pdf")]
        return request.make_response(proof._as_pdf(), headers)

    def _headers(self, code, kind):
        name = content_disposition(f"evidence-{code[:8]}.{kind}")
        return [("Content-Disposition", name), ("Cache-Control", "no-store")]
