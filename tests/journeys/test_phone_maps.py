"""Streets that are taken along: downloaded in pieces, drawn without a network, deleted."""

import base64

import pytest

from .phone_case import PhoneCase
from .phone_town import settled
from odoo.addons.field_base.tests.test_map_provider import make_package, varint

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


# Somewhere on the map the colour of water.
IS_WATER = """[...document.querySelectorAll(".leaflet-tile-pane canvas")].some((canvas) => {
    const { width, height } = canvas;
    const [red, , blue, alpha] = canvas.getContext("2d")
        .getImageData(width / 2, height / 2, 1, 1).data;
    return alpha === 255 && blue > red + 40;
})"""


def water_tile():
    """A Mapbox vector tile that is water all over, as its specification encodes it."""

    def field(number, content):
        return bytes([number << 3 | 2]) + varint(len(content)) + content

    side = varint(2 * 4096), varint(2 * 4096 - 1)  # there and back
    ring = [9, 0, 0, 26, side[0], 0, 0, side[0], side[1], 0, 15]
    geometry = b"".join(part if isinstance(part, bytes) else bytes([part]) for part in ring)
    feature = bytes([3 << 3, 3]) + field(4, geometry)
    layer = bytes([15 << 3, 2]) + field(1, b"water") + field(2, feature)
    return field(3, layer + bytes([5 << 3]) + varint(4096))


class TestPackages(PhoneCase):
    def provide(self, package=None):
        # what follows a picture's end is not looked at
        package = package or make_package(TILE + bytes(SIZE - len(make_package(TILE))))
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

    def test_streets_as_vectors_are_drawn_nearer_than_the_package_goes(self):
        """The map opens many steps nearer than the last tiles there are."""
        self.provide(make_package(water_tile(), tile_type=1, max_zoom=2))
        tab = self.connected().tab
        settled(tab)
        tab.tap("[data-tab=me]")
        tab.tap("button[name=get_package]")
        tab.see("[data-whole=true]", "on this phone")
        tab.wait(
            "caches.open('field-app-later').then((one) => one.keys())"
            ".then((keys) => keys.some(({ url }) => url.includes('assets_map_vector')))",
            "what draws it",
        )
        tab.offline()
        tab.tap("[data-tab=map]")
        tab.wait(IS_WATER, "water of the package")
