"""The phone app's shell: one page, its service worker and its manifest.

They hold nothing of any person: the same bytes for everybody, safe to keep on a phone.
"""

import json

from odoo import http
from odoo.http import request
from odoo.tools import file_open

SHELL = {"type": "http", "auth": "public", "methods": ["GET"], "save_session": False}
WORKER = "field_base/static/src/app/service_worker.js"


class FieldAppShell(http.Controller):
    @http.route("/field", **SHELL)
    def redirect(self):
        """The app's scope ends with a slash: without it, it would cover /fieldx too."""
        return request.redirect("/field/")

    @http.route("/field/", **SHELL)
    def shell(self):
        """The one page of the app."""
        html = request.env["field.app.shell"]._render_page()
        return _answer(html, "text/html; charset=utf-8")

    @http.route("/field/sw.js", **SHELL)
    def worker(self):
        """The service worker; each change of the app changes its bytes, which is the update."""
        config = request.env["field.app.shell"]._get_worker_config()
        with file_open(WORKER) as file:
            code = f"const FIELD_CONFIG = {json.dumps(config, sort_keys=True)};\n{file.read()}"
        headers = [("Service-Worker-Allowed", "/field/")]
        return _answer(code, "text/javascript; charset=utf-8", headers)

    @http.route("/field/manifest.webmanifest", **SHELL)
    def manifest(self):
        """What a phone needs to install the app."""
        manifest = request.env["field.app.shell"]._get_web_manifest()
        return _answer(json.dumps(manifest), "application/manifest+json; charset=utf-8")

    @http.route("/field/i18n/<string:lang>.json", **SHELL)
    def translations(self, lang, **_version):
        """The app's words in one language, taken from the modules' .po files."""
        table = request.env["field.app.shell"]._get_translations(lang)
        if table is None:
            raise request.not_found()
        text = json.dumps(table, sort_keys=True, ensure_ascii=False)
        return _answer(text, "application/json; charset=utf-8")


def _answer(body, mimetype, headers=()):
    """Always ask again: what may be kept is decided by the service worker, not by a cache."""
    return request.make_response(
        body, [("Content-Type", mimetype), ("Cache-Control", "no-cache"), *headers]
    )
