from markupsafe import Markup

from odoo import http
from odoo.http import request

PER_MINUTE = 20
PAGE = {"type": "http", "auth": "public", "save_session": False}


class FieldVisitWord(http.Controller):
    """The page behind the customer's link: what is asked, and three buttons. No login."""

    @http.route("/field/word/<string:token>", methods=["GET"], **PAGE)
    def show(self, token):
        """What was asked, for whoever holds the link."""
        word, status = self._find(token)
        return self._page(word, token, status)

    # nosemgrep: field-csrf-off (the secret link itself is the right to answer; there is no session)
    @http.route("/field/word/<string:token>", methods=["POST"], csrf=False, **PAGE)
    def answer(self, token, answer="", rating="", remark=""):
        """The customer's answer, once. The link is the right to give it, so no session and no
        form token."""
        word, status = self._find(token)
        if word and word._is_open() and answer in ("confirmed", "denied"):
            word._answer(answer, "link", rating, remark)
        return self._page(word, token, status)

    def _find(self, token):
        address = request.httprequest.remote_addr
        if not request.env["field.rate"].sudo()._is_allowed("word", address, PER_MINUTE):
            return None, 429
        word = request.env["field.visit.word"]._find(token)
        return word, 200 if word else 404

    def _page(self, word, token, status):
        lang = word and (word.partner_id.lang or word.user_id.lang)
        if lang:
            request.update_context(lang=lang)
        values = {
            "doctype": Markup("<!DOCTYPE html>"),
            "busy": status == 429,
            "word": word and word.with_context(lang=lang or request.env.lang),
            "token": token,
        }
        response = request.render("field_visit.word_page", values)
        response.status_code = status
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
        )
        return response
