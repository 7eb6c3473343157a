import hashlib
import json
from pathlib import Path

import polib

from odoo import api, models
from odoo.modules import Manifest
from odoo.tools import json as script_json
from odoo.tools import ormcache
from odoo.tools.translate import get_po_paths

# Words the app brings along; a person may use another language than his company.
LANGUAGES = ("en_US", "zh_CN")
BUNDLE = "field_base.assets_app"
MAP_BUNDLE = "field_base.assets_app_map"
PACKAGE_BUNDLE = "field_base.assets_map_vector"
ICONS = "/field_base/static/img/app"
# Fetched after the app works, so that a first start on a slow line is short.
LATER = (
    "/field_base/static/lib/natural_earth/land.json",
    "/web/static/lib/zxing-library/zxing-library.js",
)


class FieldAppShell(models.AbstractModel):
    """What the phone app consists of: addresses of its files, under one version.

    Shell, scripts and words of one version belong together. The version is the hash of what they
    are (addresses of bundles contain the hash of their content), so it is the same in each server
    process and changes when, and only when, something has changed.
    """

    _name = "field.app.shell"
    _description = "Phone app shell"

    @api.model
    def _get_app_version(self):
        """Version of the app as people see it: that of the module within this Odoo."""
        return Manifest.for_addon("field_base").version.removeprefix("19.0.")

    @api.model
    def _get_links(self, bundle):
        """Addresses of a bundle, the same whoever asks."""
        qweb = self.env["ir.qweb"].sudo().with_context(lang="en_US")
        return qweb._get_asset_links(bundle)

    @api.model
    def _get_sources(self):
        """Files the app is made of, as ``module/static/…``, in their order."""
        return [
            path.lstrip("/")
            for bundle in (BUNDLE, MAP_BUNDLE)
            for path, *_rest in self.env["ir.asset"]._get_asset_paths(bundle, assets_params={})
        ]

    @api.model
    @ormcache("lang", cache="assets")
    def _get_translations(self, lang):
        """``{English: translated}`` of everything the app can say, or None for other languages.

        What the same modules say on the desk only would make every phone carry it too.
        """
        if lang not in LANGUAGES:
            return None
        sources = dict.fromkeys(self._get_sources())
        table = {}
        for module in dict.fromkeys(path.split("/")[0] for path in sources):
            for path in get_po_paths(module, lang) if module != "web" else ():
                table.update(_read_words(path, sources))
        return table

    @api.model
    def _get_asked_files(self):
        """Hook: big files that few phones need. They are kept from the first use on, not before.

        :returns: ``{name: address}``; another content needs another address
        """
        return {}

    @api.model
    def _get_parts(self):
        """Everything that makes a version, as plain values."""
        words = {
            lang: _sha1(json.dumps(self._get_translations(lang), sort_keys=True))
            for lang in LANGUAGES
        }
        return {
            "app": self._get_app_version(),
            "links": self._get_links(BUNDLE),
            "map": self._get_links(MAP_BUNDLE),
            "packages": self._get_links(PACKAGE_BUNDLE),
            "words": {lang: f"/field/i18n/{lang}.json?v={key[:12]}" for lang, key in words.items()},
            "later": list(LATER),
            "asked": self._get_asked_files(),
        }

    @api.model
    def _get_config(self):
        """What the page knows of its own parts; nothing of any person."""
        parts = self._get_parts()
        version = _sha1(json.dumps(parts, sort_keys=True))[:16]
        return {**parts, "version": version, "db": self.env.cr.dbname}

    @api.model
    def _render_page(self):
        config = self._get_config()
        values = {
            "config": script_json.scriptsafe.dumps(config, sort_keys=True),
            "scripts": [link for link in config["links"] if link.endswith(".js")],
            "styles": [link for link in config["links"] if link.endswith(".css")],
            "icons": ICONS,
        }
        qweb = self.env["ir.qweb"].sudo().with_context(lang="en_US")
        return f"<!DOCTYPE html>\n{qweb._render('field_base.app_shell', values)}"

    @api.model
    def _get_worker_config(self):
        """What the service worker keeps: first all that a start needs, then the rest; what is only
        fetched when somebody asks for it stays from then on."""
        config = self._get_config()
        icons = [f"{ICONS}-{size}.png" for size in (180, 192, 512)]
        return {
            "version": config["version"],
            "shell": "/field/",
            "first": [*config["links"], *config["words"].values()],
            "later": [
                *config["map"],
                *config["packages"],
                *config["later"],
                *icons,
                "/field/manifest.webmanifest",
            ],
            "asked": list(config["asked"].values()),
        }

    @api.model
    def _get_web_manifest(self):
        sizes = [(size, "any") for size in (192, 512)] + [(512, "maskable")]
        return {
            "id": "/field/",
            "name": "Field Sales",
            "short_name": "Field",
            "start_url": "/field/",
            "scope": "/field/",
            "display": "standalone",
            "orientation": "portrait",
            "background_color": "#f4f6f4",
            "theme_color": "#0f6b5c",
            "icons": [
                {
                    "src": f"{ICONS}{'-maskable' if purpose == 'maskable' else ''}-{size}.png",
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for size, purpose in sizes
            ],
        }


def _sha1(text):
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _read_words(path, sources):
    """``{English: translated}`` of a .po file, of what stands in one of the sources."""
    return {
        entry.msgid: entry.msgstr
        for entry in polib.pofile(Path(path).read_text("utf-8"))
        if entry.msgstr
        and any(name.removeprefix("code:addons/") in sources for name, _line in entry.occurrences)
    }
