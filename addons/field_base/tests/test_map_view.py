import re

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from ..hooks import uninstall_hook
from .test_map_provider import upload

SHANGHAI = (31.2304, 121.4737)
HOOT_SUITE = "@field_base"
HOOT_SUCCESS = "[HOOT] Test suite succeeded"


def hoot_id(name):
    """The number under which Hoot knows a suite, as in web/tests/test_js.py."""
    number = 0
    for char in name:
        number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"


class TestMapArch(TransactionCase):
    def _view(self, arch, model="res.partner"):
        return self.env["ir.ui.view"].create(
            {"name": "map", "model": model, "type": "field_map", "arch": arch}
        )

    def _map(self, attributes="", content=""):
        return self._view(
            f'<field_map lat="partner_latitude" lng="partner_longitude" {attributes}>'
            f"{content}</field_map>"
        )

    def _assert_refused(self, message, attributes="", content=""):
        with self.assertRaisesRegex(ValidationError, message):
            self._map(attributes, content)

    def test_a_full_map_is_accepted(self):
        view = self._map(
            'color="user_id" caption="name" limit="100" create="0" string="Where"',
            '<field name="city"/><field name="user_id" string="Salesperson"/>',
        )
        self.assertEqual(view.type, "field_map")

    def test_type_is_guessed_from_the_arch(self):
        view = self.env["ir.ui.view"].create(
            {
                "name": "map",
                "model": "res.partner",
                "arch": '<field_map lat="partner_latitude" lng="partner_longitude"/>',
            }
        )
        self.assertEqual(view.type, "field_map")

    def test_unknown_attribute(self):
        self._assert_refused("Unknown attributes of a map: zoom.*It knows: ", 'zoom="3"')

    def test_limit_is_a_number(self):
        self._assert_refused("limit of a map is a number", 'limit="many"')
        self._assert_refused("limit of a map is a number", 'limit="0"')

    def test_missing_lat_or_lng(self):
        with self.assertRaisesRegex(ValidationError, "needs the attribute “lng”"):
            self._view('<field_map lat="partner_latitude"/>')

    def test_unknown_field(self):
        self._assert_refused("“nope”, the color of the map, is no field", 'color="nope"')
        self._assert_refused("nope", content='<field name="nope"/>')

    def test_field_of_the_wrong_type(self):
        with self.assertRaisesRegex(ValidationError, "“name” cannot be the lat of the map"):
            self._view('<field_map lat="name" lng="partner_longitude"/>')
        self._assert_refused("“name” cannot be the color of the map", 'color="name"')

    def test_what_a_map_can_be_coloured_by_instead(self):
        view = self._map('color="user_id" colors="country_id, parent_id" scale="company_type"')
        got = self.env["res.partner"].get_views([(view.id, "field_map")])
        sent = set(got["models"]["res.partner"]["fields"])
        self.assertLessEqual({"user_id", "country_id", "parent_id", "company_type"}, sent)
        self._assert_refused("“name” cannot be the colors of the map", 'colors="user_id,name"')
        self._assert_refused("“nope”, the scale of the map, is no field", 'scale="nope"')
        self._assert_refused("“user_id” cannot be the scale of the map", 'scale="user_id"')

    def test_coordinates_must_be_searchable(self):
        with self.assertRaisesRegex(ValidationError, "cannot be searched"):
            self._view(
                '<field_map lat="print_page_width" lng="print_page_height"/>', "report.paperformat"
            )

    def test_only_fields_inside(self):
        self._assert_refused("contains only fields, not <button>", content='<button name="x"/>')

    def test_client_gets_fields_of_attributes(self):
        view = self._map('color="user_id"', '<field name="city"/>')
        got = self.env["res.partner"].get_views([(view.id, "field_map")])
        self.assertLessEqual(
            {"partner_latitude", "partner_longitude", "user_id", "city"},
            set(got["models"]["res.partner"]["fields"]),
        )

    def test_a_field_that_the_user_may_not_read_is_not_sent(self):
        """The client then draws the map without its colours."""
        view = self._map('color="user_id"')
        self.patch(self.registry["res.partner"]._fields["user_id"], "groups", "base.group_system")
        user = new_test_user(self.env, "map_reader", groups="base.group_user")
        got = self.env["res.partner"].with_user(user).get_views([(view.id, "field_map")])
        fields = got["models"]["res.partner"]["fields"]
        self.assertIn("partner_latitude", fields)
        self.assertNotIn("user_id", fields)

    def test_not_located_is_null_or_zero(self):
        """The domains that the client uses: 0/0 and never set are both "no position"."""
        partners = self.env["res.partner"].create(
            [
                {"name": "set", "partner_latitude": SHANGHAI[0], "partner_longitude": SHANGHAI[1]},
                {"name": "never"},
                {"name": "zero", "partner_latitude": 0, "partner_longitude": 0},
                {"name": "equator", "partner_latitude": 0, "partner_longitude": 9.5},
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET partner_latitude = NULL, partner_longitude = NULL"
            " WHERE id = %s",
            [partners[1].id],
        )
        ours = [("id", "in", partners.ids)]
        located = ["|", ("partner_latitude", "!=", 0), ("partner_longitude", "!=", 0)]
        unlocated = [("partner_latitude", "=", 0), ("partner_longitude", "=", 0)]
        search = self.env["res.partner"].search
        self.assertEqual(search(ours + located), partners[0] + partners[3])
        self.assertEqual(search(ours + unlocated), partners[1] + partners[2])

    def test_uninstalling_takes_the_map_out_of_actions(self):
        actions = self.env["ir.actions.act_window"].create(
            [
                {"name": "both", "res_model": "res.partner", "view_mode": "list,field_map,form"},
                {"name": "only", "res_model": "res.partner", "view_mode": "field_map"},
            ]
        )
        bundle = self.env["ir.attachment"].create(
            {"name": "map", "url": "/web/assets/1234567/field_base.assets_map.min.js"}
        )
        uninstall_hook(self.env)
        self.assertEqual(actions.mapped("view_mode"), ["list,form", "list,form"])
        self.assertFalse(bundle.exists())


@tagged("post_install", "-at_install")
class TestMapUnits(HttpCase):
    def test_units(self):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={hoot_id(HOOT_SUITE)}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal=HOOT_SUCCESS,
        )


class MapCase(HttpCase):
    """The customers' map as a representative sees it, in the web client."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = new_test_user(
            cls.env, "map_rep", groups="field_base.field_base_group_rep,base.group_partner_manager"
        )
        cls.customers = cls.env["res.partner"].create(
            [
                {
                    "name": f"Map shop {number}",
                    "is_company": True,
                    "city": "Shanghai",
                    "partner_latitude": SHANGHAI[0] + number / 100,
                    "partner_longitude": SHANGHAI[1] + (number % 3) / 100,
                }
                for number in range(8)
            ]
            + [{"name": "Map shop nowhere", "is_company": True}]
        )
        action = cls.env.ref("field_base.res_partner_action_customers")
        action.domain = [("id", "in", cls.customers.ids)]
        cls.url = "/odoo/field-customers"

    JS = """
        const wait = async (what, test) => {
            for (let i = 0; i < 200; i++) {
                const found = test();
                if (found) { return found; }
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
            throw new Error("waited in vain for " + what);
        };
        const one = (selector) => document.querySelector(selector);
        const all = (selector) => [...document.querySelectorAll(selector)];
        const check = (what, good) => { if (!good) { throw new Error("not so: " + what); } };
        (async () => {
            %s
            await wait("the markers", () => all(".o_field_map_marker").length === 8);
            check("list", all(".o_field_map_item").length === 8);
            check("one has no position", /1/.test(one(".o_field_map_unlocated").textContent));
            const box = one(".o_field_map_canvas").getBoundingClientRect();
            check("all markers are in the map", all(".o_field_map_marker").every((marker) => {
                const at = marker.getBoundingClientRect();
                return at.left >= box.left && at.right <= box.right && at.top >= box.top
                    && at.bottom <= box.bottom;
            }));
            await wait("the land", () => one(".leaflet-tile-pane canvas"));
            const item = all(".o_field_map_item")[3];
            item.querySelector(".o_field_map_item_main").click();
            const selected = await wait("selection", () => one(".o_field_map_marker.o_selected"));
            check("same record", selected.dataset.markerId === item.dataset.recordId);
            check("card", one(".o_field_map_card_title").textContent
                === item.querySelector(".o_field_map_item_title").textContent);
            %s
            one(".o_field_map_open").click();
            await wait("the form", () => one(".o_form_view"));
            console.log("test successful");
        })().catch((error) => console.error(error.message));
    """

    def _assert_no_foreign_requests(self):
        self.assertFalse(self.foreign, "the map asks other servers")

    def setUp(self):
        super().setUp()
        self.foreign = []

    def fetch_proxy(self, url):
        if not re.match(r"(data|blob):", url):
            self.foreign.append(url)
        return super().fetch_proxy(url)


@tagged("post_install", "-at_install")
class TestMapDesktop(MapCase):
    browser_size = "1400x900"

    def test_customers_map(self):
        open_map = """
            (await wait("the map's button", () => one(".o_switch_view.o_field_map"))).click();
        """
        beside = """
            check("list beside the map", one(".o_field_map_side").getBoundingClientRect().right
                <= one(".o_field_map_main").getBoundingClientRect().left + 1);
        """
        self.browser_js(
            self.url, self.JS % (open_map, beside), "odoo.isReady === true", login="map_rep"
        )
        self._assert_no_foreign_requests()


@tagged("post_install", "-at_install")
class TestMapPhone(MapCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_customers_map(self):
        open_map = """
            (await wait("the view menu", () => one(".o_cp_switch_buttons button"))).click();
            (await wait("the map's entry", () => one(".o-dropdown-item .fa-map-marker"))).click();
        """
        below = """
            check("list below the map", one(".o_field_map_side").getBoundingClientRect().top
                >= one(".o_field_map_main").getBoundingClientRect().bottom - 1);
            check("no sideways scrolling", document.documentElement.scrollWidth <= 390);
        """
        self.browser_js(
            self.url, self.JS % (open_map, below), "odoo.isReady === true", login="map_rep"
        )
        self._assert_no_foreign_requests()


@tagged("post_install", "-at_install")
class TestMapPackageDesktop(MapCase):
    browser_size = "1400x900"

    JS = """
        const wait = async (what, test) => {
            for (let i = 0; i < 200; i++) {
                const found = test();
                if (found) { return found; }
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
            throw new Error("waited in vain for " + what);
        };
        const one = (selector) => document.querySelector(selector);
        (async () => {
            (await wait("the map's button", () => one(".o_switch_view.o_field_map"))).click();
            await wait("the markers", () => one(".o_field_map_marker"));
            await wait("a tile of the package", () =>
                [...document.querySelectorAll(".leaflet-tile-pane img")].some(
                    (img) => img.src.startsWith("blob:") && img.naturalWidth > 0));
            if (one(".o_field_map_credit").textContent !== "Our region · GS(2026)0001") {
                throw new Error("credit: " + one(".o_field_map_credit").textContent);
            }
            if (one(".o_field_map_offline")) { throw new Error("the package was not used"); }
            console.log("test successful");
        })().catch((error) => console.error(error.message));
    """

    def test_streets_from_an_uploaded_package(self):
        """Uploaded once, drawn on the map, no other server asked."""
        provider = self.env["field.map.provider"].create(
            {
                "name": "Region",
                "kind": "pmtiles",
                "attribution": "Our region",
                "approval_no": "GS(2026)0001",
                "package_ids": [(6, 0, upload(self.env).ids)],
            }
        )
        provider.action_choose()
        self.browser_js(self.url, self.JS, "odoo.isReady === true", login="map_rep")
        self._assert_no_foreign_requests()
