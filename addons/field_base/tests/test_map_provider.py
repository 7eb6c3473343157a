import base64
import gzip
import struct

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from ..tools.pmtiles import PmtilesError, read_header

TEMPLATE = "https://tiles.example.com/{z}/{x}/{y}.png"
# one grey pixel
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGOoBwAAgQCAyLpFPwAAAABJRU5ErkJggg=="
)


def make_package(tile=PNG, tile_type=2, version=3, max_zoom=0):
    """A PMTiles file whose tiles down to ``max_zoom`` are one, as the format's paper has it."""
    tiles = sum(4**zoom for zoom in range(max_zoom + 1))
    entry = bytes([1, 0]) + varint(tiles) + varint(len(tile)) + bytes([1])
    root = gzip.compress(entry)
    meta = gzip.compress(b"{}")
    start = 127
    meta_at = start + len(root)
    tiles_at = meta_at + len(meta)
    header = b"PMTiles" + bytes([version])
    header += struct.pack(
        "<8Q", start, len(root), meta_at, len(meta), tiles_at, 0, tiles_at, len(tile)
    )
    header += struct.pack("<3Q", tiles, 1, 1)
    header += bytes([1, 2, 1, tile_type, 0, max_zoom])
    header += struct.pack("<4i", -1800000000, -850000000, 1800000000, 850000000)
    header += bytes([0]) + struct.pack("<2i", 0, 0)
    assert len(header) == start
    return header + root + meta + tile


def varint(number):
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes([*found, number])


def upload(env, name="city.pmtiles", content=None):
    content = make_package() if content is None else content
    return env["ir.attachment"].create({"name": name, "raw": content})


class TestMapProvider(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = new_test_user(cls.env, "provider_rep", groups="field_base.field_base_group_rep")
        cls.leader = new_test_user(
            cls.env, "provider_leader", groups="field_base.field_base_group_leader"
        )
        cls.admin = new_test_user(
            cls.env, "provider_admin", groups="field_base.field_base_group_admin"
        )
        cls.Provider = cls.env["field.map.provider"].with_user(cls.admin)
        cls.tiles = cls.Provider.create(
            {"name": "Own tiles", "url": f"{TEMPLATE}?k={{key}}", "key": " s3cret "}
        )

    def _config(self, user=None, **kwargs):
        return (
            self.env["field.map.provider"].with_user(user or self.rep)._get_client_config(**kwargs)
        )

    def test_presets_are_there_and_off(self):
        """Nothing is asked from anybody until an administrator chooses it."""
        names = ("tianditu", "amap", "baidu", "osm")
        presets = [self.env.ref(f"field_base.field_map_provider_{name}") for name in names]
        self.assertEqual([preset.active for preset in presets], [False] * 4)
        self.assertEqual([preset.datum for preset in presets], ["wgs84", "gcj02", "bd09", "wgs84"])
        self.assertTrue(all(preset.attribution for preset in presets))
        self.assertEqual(self._config()["providers"], [])

    def test_the_chosen_one_is_used_by_all_maps(self):
        self.tiles.write({"attribution": "© Us", "approval_no": "GS(2026)0001", "datum": "gcj02"})
        self.tiles.action_choose()
        self.assertTrue(self.tiles.is_chosen)
        (found,) = self._config()["providers"]
        self.assertEqual(found["url"], f"{TEMPLATE}?k=s3cret")
        self.assertEqual(found["datum"], "gcj02")
        self.assertEqual((found["attribution"], found["approvalNo"]), ("© Us", "GS(2026)0001"))
        self.tiles.action_drop()
        self.assertEqual(self._config()["providers"], [])

    def test_a_preset_wants_its_key_first(self):
        preset = self.env.ref("field_base.field_map_provider_tianditu").with_user(self.admin)
        with self.assertRaisesRegex(UserError, "Enter the key"):
            preset.action_choose()
        preset.key = "abc"
        preset.action_choose()
        self.assertTrue(preset.active)
        found = self._config()["providers"][0]
        self.assertIn("tk=abc", found["url"])
        self.assertIn("tk=abc", found["labelsUrl"])

    def test_addresses_are_checked(self):
        for url, message in (
            ("ftp://x/{z}/{x}/{y}", "begins with https"),
            ("https://x/{z}/{x}.png", "begins with https"),
            ("javascript:alert(1)//{x}{y}{z}", "begins with https"),
            (f"{TEMPLATE}?t={{token}}", r"Nothing is known to put in for \{token\}"),
            (False, "need an address"),
        ):
            with self.subTest(url), self.assertRaisesRegex(ValidationError, message):
                self.Provider.create({"name": "x", "url": url})

    def test_what_is_in_use_cannot_be_archived(self):
        self.tiles.action_choose()
        with self.assertRaisesRegex(ValidationError, "is used on the maps of"):
            self.tiles.active = False
        self.tiles.action_drop()
        self.tiles.active = False

    def test_another_companys_provider(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.tiles.sudo().company_id = other
        with self.assertRaises(UserError):
            self.tiles.action_choose()
        self.assertFalse(
            self.env["field.map.provider"].with_user(self.rep).search([("id", "=", self.tiles.id)])
        )

    def test_only_administrators_change_providers_and_see_the_key(self):
        for user in (self.rep, self.leader):
            provider = self.tiles.with_user(user)
            self.assertEqual(provider.name, "Own tiles")
            with self.assertRaises(AccessError):
                provider.read(["key"])
            with self.assertRaises(UserError):
                provider.export_data(["key"])
            with self.assertRaises(AccessError):
                provider.search([("key", "=", "s3cret")])
            with self.assertRaises(AccessError):
                provider.write({"name": "Mine"})
            with self.assertRaises(AccessError):
                provider.action_choose()
            with self.assertRaises(AccessError):
                provider.action_drop()

    def test_package(self):
        provider = self.Provider.create({"name": "City", "kind": "pmtiles"})
        with self.assertRaisesRegex(UserError, "Upload the map package"):
            provider.action_choose()
        provider.package_ids = upload(self.env(user=self.admin))
        self.assertEqual(provider.tile_type, "png")
        self.assertEqual(provider.bounds, [-85, -180, 85, 180])
        provider.action_choose()
        (found,) = self._config()["providers"]
        self.assertEqual(found["tileType"], "png")
        self.assertTrue(found["url"].startswith(f"/web/content/{provider.package_id.id}"))
        phone = self._config(phone=True)["providers"][0]
        self.assertTrue(phone["url"].startswith("/field/api/v1/map/package/"))
        self.assertEqual(phone["size"], len(make_package()))
        # the reader of a provider may read its package, and nobody else
        self.assertTrue(provider.package_id.with_user(self.rep).raw)

    def test_a_new_package_replaces_the_old_one(self):
        env = self.env(user=self.admin)
        provider = self.Provider.create(
            {"name": "City", "kind": "pmtiles", "package_ids": [(6, 0, upload(env).ids)]}
        )
        old = provider.package_id
        provider.package_ids += upload(env, content=make_package(tile_type=1, max_zoom=15))
        self.assertFalse(old.exists())
        self.assertEqual(len(provider.package_ids), 1)
        self.assertEqual(provider.tile_type, "mvt")
        package = provider.package_id
        provider.unlink()
        self.assertFalse(package.exists())

    def test_the_package_is_the_fallback_of_online_tiles(self):
        self.Provider.create(
            {
                "name": "City",
                "kind": "pmtiles",
                "package_ids": [(6, 0, upload(self.env(user=self.admin)).ids)],
            }
        )
        self.tiles.action_choose()
        self.assertEqual(
            [found["kind"] for found in self._config()["providers"]], ["raster", "pmtiles"]
        )

    def test_other_files_are_refused(self):
        for content, code in (
            (b"PK\x03\x04" + b"0" * 200, "not_pmtiles"),
            (b"PMTiles", "not_pmtiles"),
            (make_package(version=2), "version"),
            (make_package(tile_type=9), "tile_type"),
        ):
            with self.subTest(code):
                with self.assertRaises(PmtilesError) as refused:
                    read_header(content)
                self.assertEqual(refused.exception.args, (code,))
                file = upload(self.env(user=self.admin), "x.zip", content)
                with self.assertRaisesRegex(ValidationError, f"no map package.*{code}"):
                    self.Provider.create(
                        {"name": "x", "kind": "pmtiles", "package_ids": [(6, 0, file.ids)]}
                    )

    def test_somebody_elses_file_is_not_taken_over(self):
        private = upload(self.env(user=self.leader))
        with self.assertRaises(AccessError):
            self.Provider.create(
                {"name": "x", "kind": "pmtiles", "package_ids": [(6, 0, private.ids)]}
            )

    def test_the_favourite_app_is_everybodys_own(self):
        self.rep.with_user(self.rep).field_navigation_app = "baidu"
        self.assertEqual(self._config()["navigation_app"], "baidu")
        with self.assertRaises(AccessError):
            self.leader.with_user(self.rep).field_navigation_app = "baidu"

    def test_the_phone_is_told(self):
        self.tiles.action_choose()
        values = self.env["field.app"].with_user(self.rep)._me_values(self.rep)
        self.assertEqual(values["map"]["providers"][0]["name"], "Own tiles")

    def test_customers_on_the_phone(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Shop",
                "country_id": self.env.ref("base.cn").id,
                "partner_latitude": 31.2,
                "partner_longitude": 121.4,
                "field_entrance_lat": 31.21,
                "field_entrance_lng": 121.41,
                "field_position_accuracy": 8,
            }
        )
        app = self.env["field.app"].with_user(self.rep)
        (row,) = app._customers(partner.with_user(self.rep))
        self.assertEqual(row["country"], "CN")
        self.assertEqual(row["entrance"], [31.21, 121.41])
        self.assertEqual((row["accuracy"], row["position_source"]), (8, "manual"))
        found = self.env["res.partner"].with_user(self.rep).search(app._customers_domain())
        self.assertIn(partner, found)
        self.assertNotIn(self.env.company.partner_id, found)


@tagged("post_install", "-at_install")
class TestMapPackageHttp(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = new_test_user(cls.env, "package_rep", groups="field_base.field_base_group_rep")
        cls.package = upload(cls.env)
        cls.provider = cls.env["field.map.provider"].create(
            {"name": "City", "kind": "pmtiles", "package_ids": [(6, 0, cls.package.ids)]}
        )

    def test_ranges_in_the_web_client(self):
        self.authenticate("package_rep", "package_rep")
        url = f"/web/content/{self.package.id}"
        answer = self.url_open(url, headers={"Range": "bytes=0-126"})
        self.assertEqual(answer.status_code, 206)
        self.assertEqual(read_header(answer.content).tile_type, "png")

    def test_ranges_on_the_phone(self):
        device = self.env["field.device"].create({"name": "Phone", "user_id": self.rep.id})
        token = device._issue_token()
        url = f"/field/api/v1/map/package/{self.package.id}"
        headers = {"Authorization": f"Bearer {token}", "Range": "bytes=0-126"}
        answer = self.url_open(url, headers=headers)
        self.assertEqual(answer.status_code, 206)
        self.assertEqual(read_header(answer.content).max_zoom, 0)
        self.assertEqual(self.url_open(url).status_code, 401)
        other = self.env["ir.attachment"].create({"name": "x", "raw": b"secret"})
        missing = self.url_open(
            f"/field/api/v1/map/package/{other.id}", headers={"Authorization": f"Bearer {token}"}
        )
        self.assertEqual(missing.status_code, 404)

    def test_the_session_says_which_map(self):
        self.provider.action_choose()
        self.authenticate("package_rep", "package_rep")
        answer = self.make_jsonrpc_request("/web/session/get_session_info", {})
        self.assertEqual(answer["field_map"]["providers"][0]["kind"], "pmtiles")
