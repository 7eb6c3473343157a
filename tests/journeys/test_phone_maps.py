"""Streets that are taken along: downloaded in pieces, drawn without a network, deleted."""

import base64

import pytest

from .phone_case import PhoneCase
from .phone_town import settled
from odoo.addons.field_base.tests.test_map_provider import make_package

pytestmark = pytest.mark.xdist_group("phone")

TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGOoBwAAgQCAyLpFPwAAAABJRU5ErkJggg=="
)
SIZE = 5 * 1024 * 1024

# The line breaks after the first piece; what was asked for is kept.
BREAK = """(() => {
    window.ranges = [];
    const real = window.fetch;
    window.fetch = (url, options) => {
        const range = options?.headers?.Range;
        if (range) {
            window.ranges.push(range);
            if (window.ranges.length === 2) {
                return Promise.reject(new TypeError("cut"));
            }
        }
        return real(url, options);
    };
})()"""


class TestPackages(PhoneCase):
    def provide(self):
        # what follows a picture's end is not looked at
        package = make_package(TILE + bytes(SIZE - len(make_package(TILE))))
        admin = self.town.admin
        file = admin.create(
            "ir.attachment", name="city.pmtiles", datas=base64.b64encode(package).decode()
        )
        provider = admin.create(
            "field.map.provider", name="City", kind="pmtiles", package_ids=[(6, 0, [file])]
        )
        self.addCleanup(admin.call, "field.map.provider", "unlink", [provider])
        return len(package)

    def test_a_map_is_taken_along_and_given_back(self):
        size = self.provide()
        phone = self.connected()
        tab = phone.tab
        settled(tab)
        tab.js(BREAK)
        tab.tap("[data-tab=me]")
        tab.see("[data-package]", "5.0 MB")
        tab.tap("button[name=get_package]")
        tab.see(".o_fa_toast", "Tap again")
        tab.see("[data-package]", "2.0 of 5.0 MB")
        tab.tap("button[name=get_package]")
        tab.see("[data-whole=true]", "on this phone")
        piece = 2 * 1024 * 1024
        starts = [0, piece, piece, 2 * piece]
        ends = [piece - 1, 2 * piece - 1, 2 * piece - 1, size - 1]
        self.assertEqual(
            tab.js("window.ranges"),
            [f"bytes={start}-{end}" for start, end in zip(starts, ends, strict=True)],
        )
        tab.picture("app-maps-en")
        tab.wait(
            "caches.open('field-app-later').then((one) => one.keys())"
            ".then((keys) => keys.some(({ url }) => url.includes('assets_map_vector')))",
            "what draws it",
        )
        tab.offline()
        tab.tap("[data-tab=map]")
        tab.wait(
            "[...document.querySelectorAll('img.leaflet-tile')]"
            ".some((tile) => tile.src.startsWith('blob:') && tile.naturalWidth)",
            "a tile of the package",
        )
        tab.tap("[data-tab=me]")
        tab.tap("button[name=delete_package]")
        tab.gone("[data-whole=true]")
        rows = "new Dexie('map-packages').open().then((db) => db.table('%s').count())"
        self.assertEqual([tab.js(rows % name) for name in ("packages", "pieces")], [0, 0])
