"""The maps as people see and use them: in Chromium, on a desk and on a phone, in both languages.

Each screen is also looked at by axe-core: nothing serious may keep somebody out.
`FIELD_PICTURES=docs/images ./field test tests/journeys/test_map_browser.py` makes the pictures of
the administrator's guide.
"""

from datetime import datetime, timedelta

import pytest

from odoo.tests import HttpCase, new_test_user, tagged
from tests.support import axe
from tests.support.browser import prepare_assets, window

pytestmark = pytest.mark.xdist_group("browser")

DOOR = (31.2304, 121.4737)
NAMES = {
    "en_US": ("Golden Dragon", "Happy Mart", "Sun Store", "Lucky Eight", "River House"),
    "zh_CN": ("金龙超市", "乐购便利", "太阳商店", "八方百货", "江边小店"),
}
COMPANY = {"en_US": "Blue River Foods", "zh_CN": "蓝河食品"}
PEOPLE = {"en_US": ("Chen Wei", "Wang Fang"), "zh_CN": ("陈伟", "王芳")}
# What stays as it is on a Chinese screen: units, names of makers, formats and systems.
ALLOWED = {"km", "m", "Natural", "Earth", "GPS", "WGS", "GCJ", "BD", "PMTiles", "OpenStreetMap"}
ALLOWED |= {
    "Tianditu",
    "Amap",
    "Baidu",
    "GS",
    "https",
    "tiles",
    "example",
    "com",
    "png",
    "contributors",
}
ALLOWED |= {"x", "y", "z"}


def setUpModule():
    prepare_assets()


class MapScreens:
    size = "desk"
    lang = "en_US"
    test_cursor_lock_timeout = 100

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang(self.lang)
        self.env.company.name = COMPANY[self.lang]
        rep, leader = PEOPLE[self.lang]
        self.rep = self._person("map_rep", rep, "field_base.field_base_group_rep")
        self.leader = self._person("map_leader", leader, "field_base.field_base_group_leader")
        self.boss = self._person("map_boss", leader, "field_base.field_base_group_admin")
        china = self.env.ref("base.cn")
        self.shops = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "country_id": china.id,
                    "partner_latitude": DOOR[0] + number * 0.012,
                    "partner_longitude": DOOR[1] + (number % 3) * 0.015,
                    "user_id": (self.rep if number % 2 else self.leader).id,
                    "field_fence_radius": 300,
                }
                for number, name in enumerate(NAMES[self.lang])
            ]
        )
        self.env.ref("field_base.res_partner_action_customers").domain = [
            ("id", "in", self.shops.ids)
        ]

    def _person(self, login, name, group):
        user = new_test_user(
            self.env, login, groups=f"{group},base.group_partner_manager", name=name
        )
        user.write({"lang": self.lang, "tz": "Asia/Shanghai"})
        return user

    def check(self, page, name, *inside, words=True):
        """Nobody is kept out, nothing is cut off, a Chinese screen is Chinese."""
        page.settle()
        if inside:  # the rest of the screen is Odoo's
            self.assertEqual(axe.violations(page, inside), [])
        self.assertFalse(page.is_wider_than_the_screen(), page.text()[:500])
        if self.lang == "zh_CN" and words:
            self.assertEqual(page.foreign_words(ALLOWED), [], page.text()[:3000])
        suffix = "" if self.lang == "en_US" else "-zh"
        page.picture(f"{name}{suffix}" if self.size == "desk" else f"{name}-phone{suffix}")

    def open_map(self, page):
        if self.size == "desk":
            page.click(".o_switch_view.o_field_map")
        else:
            page.click(".o_cp_switch_buttons button")
            page.click(".o-dropdown-item:has(.fa-map-marker)")
        page.see(".o_field_map_marker")
        page.wait("document.querySelector('.leaflet-tile-pane canvas')", "the land")

    def test_customers(self):
        """List and map together, navigation from the card, a selection by lasso."""
        with window(self, "map_rep", "/odoo/field-customers") as page:
            self.open_map(page)
            self.check(page, "map-customers", ".o_field_map_renderer")
            page.click(".o_field_map_item_main", NAMES[self.lang][1])
            page.see(".o_field_map_card .o_field_navigate_go")
            self.assertTrue(
                page.js("document.querySelector('.o_field_navigate_go').href").startswith(
                    "https://uri.amap.com/navigation?to="
                )
            )
            page.click(".o_field_navigate_more")
            page.see(".o_field_navigate_menu")
            self.check(page, "map-navigate", ".o_field_map_renderer")
            page.click(".o_field_navigate_more")
            page.gone(".o_field_navigate_menu")
            page.click(".o_field_map_card .btn-close")
            page.click(".o_field_map_fit")
            page.settle()
            page.click(".o_field_map_select")
            self._draw_round_everything(page)
            page.wait(
                f"/{len(self.shops)}/.test("
                "document.querySelector('.o_field_map_chosen').textContent)",
                "everything to be chosen",
            )
            page.see(".o_field_map_choice .o_cp_action_menus")
            self.check(page, "map-selection", ".o_field_map_renderer")

    def _draw_round_everything(self, page):
        page.see(".o_field_map_lasso")
        page.js(
            """(() => {
                const area = document.querySelector(".o_field_map_lasso");
                const { x, y, width, height } = area.getBoundingClientRect();
                area.setPointerCapture = () => {};
                const at = (type, dx, dy) => area.dispatchEvent(new PointerEvent(type,
                    { bubbles: true, clientX: x + dx * width, clientY: y + dy * height }));
                at("pointerdown", 0.01, 0.01);
                at("pointermove", 0.99, 0.01);
                at("pointermove", 0.99, 0.99);
                at("pointermove", 0.01, 0.99);
                at("pointerup", 0.01, 0.99);
            })()"""
        )

    def test_pins_that_heal(self):
        """Check-ins propose a better pin; the leader moves it with one press."""
        shop, at = self.shops[0], datetime.now().replace(microsecond=0) - timedelta(hours=2)
        for user in (self.rep, self.leader):
            for day in range(3):
                visit = self.env["field.visit"].create(
                    {"partner_id": shop.id, "user_id": user.id, "plan_date": at.date()}
                )
                visit._with_evidence().write(
                    {
                        "check_in_at": at - timedelta(days=day),
                        "check_out_at": at - timedelta(days=day, minutes=-30),
                        "check_in_lat": DOOR[0] + 0.003,
                        "check_in_lng": DOOR[1],
                        "check_in_accuracy": 8,
                        "check_in_fix_age": 1,
                        "check_in_radius_m": 300,
                        "state": "done",
                    }
                )
        proposal = self.env["field.visit"]._propose_pins(shop)
        with window(self, "map_leader", f"/odoo/field-pins/{proposal.id}") as page:
            page.see(".o_field_position .o_field_map_marker")
            self.check(page, "map-pin", ".o_field_position")
            if self.size == "phone":
                return  # Odoo folds the buttons there; what they do is seen on the desk
            page.click("button[name=action_accept]")
            page.gone("button[name=action_accept]")
        self.assertEqual((proposal.state, proposal.judged_by_id), ("accepted", self.leader))
        self.assertAlmostEqual(shop.partner_latitude, DOOR[0] + 0.003, places=5)

    def test_providers(self):
        with window(self, "map_boss", "/odoo/field-map-providers") as page:
            page.see(".o_data_row, .o_kanban_record")
            self.check(page, "map-providers")


@tagged("post_install", "-at_install", "standard")
class TestMapScreens(MapScreens, HttpCase):
    browser_size = "1400x900"

    def test_heat_by_keyboard(self):
        """Everything of the map can be reached and pressed without a mouse."""
        with window(self, "map_rep", "/odoo/field-customers") as page:
            self.open_map(page)
            page.js("document.querySelector('.o_field_map_heat').focus()")
            page._send("Input.dispatchKeyEvent", type="keyDown", key=" ", code="Space", text=" ")
            page._send("Input.dispatchKeyEvent", type="keyUp", key=" ", code="Space")
            page.see(".leaflet-heatmap-layer")
            self.check(page, "map-heat", ".o_field_map_renderer")
            page.js("document.querySelector('.o_field_map_heat').click()")
            page.see(".o_field_map_marker")
            page.js("document.querySelector('.o_field_map_marker').focus()")
            page._send(
                "Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", text="\\r"
            )
            page._send("Input.dispatchKeyEvent", type="keyUp", key="Enter", code="Enter")
            page.see(".o_field_map_card")

    def test_a_drag_leaves_the_page_alone(self):
        """The map follows the mouse without a style attribute: those restyle the whole page."""
        with window(self, "map_rep", "/odoo/field-customers") as page:
            self.open_map(page)
            page.settle()
            start = page.js(
                """(() => {
                    const pane = document.querySelector(".o_field_map_canvas .leaflet-map-pane");
                    window.written = 0;
                    new MutationObserver((all) => { window.written += all.length; })
                        .observe(pane, { attributeFilter: ["style"] });
                    window.where = () => pane.getBoundingClientRect().x;
                    window.before = window.where();
                    const box = pane.parentElement.getBoundingClientRect();
                    return { x: box.x + box.width / 2, y: box.y + box.height - 60 };
                })()"""
            )
            self._mouse(page, "mousePressed", **start)
            for step in range(1, 7):
                self._mouse(page, "mouseMoved", buttons=1, x=start["x"] + step * 15, y=start["y"])
            page.wait("window.where() - window.before > 80", "the map to follow")
            self.assertEqual(page.js("window.written"), 0)
            self._mouse(page, "mouseReleased", x=start["x"] + 90, y=start["y"])
            page.wait("window.written", "the place to be kept")
            page.settle()
            # let go of in motion, it glides on a little
            self.assertGreater(page.js("window.where() - window.before"), 80)

    def _mouse(self, page, kind, **where):
        page._send("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **where)

    def test_position_of_a_customer(self):
        """The pin and its fence are moved by hand, on the customer's own form."""
        shop = self.shops[0]
        with window(self, "map_boss", f"/odoo/field-customers/{shop.id}") as page:
            page.click(".nav-link[name=field_position]")
            page.see(".o_field_position .o_field_map_pin")
            self.check(page, "map-position", ".o_field_position", words=False)
            page.click(".o_field_position_edit")
            page.see(".o_field_position_done")
            page.see(".o_field_position .marker-icon")
            page.js(
                """(() => {
                    const map = document.querySelector(".o_field_position .o_field_map_canvas");
                    const { x, y, width, height } = map.getBoundingClientRect();
                    window.middle = { x: x + width / 2, y: y + height / 2 };
                    map.scrollIntoView({ block: "center" });
                })()"""
            )
            self._drag_pin(page, 0, -60)
            page.click(".o_field_position_done")
            page.gone(".o_field_position_done")
            page.click(".o_form_button_save")
            page.wait(
                "!document.querySelector('.o_form_status_indicator_buttons:not(.invisible)')",
                "the form to be saved",
            )
            page.settle()
        self.assertGreater(shop.partner_latitude, DOOR[0] + 0.0003)
        self.assertAlmostEqual(shop.partner_longitude, DOOR[1], delta=0.0002)
        self.assertEqual(shop.field_position_source, "manual")
        self.assertEqual(shop.field_fence_radius, 300)

    def _drag_pin(self, page, dx, dy):
        """With the mouse, also on the phone: Geoman takes both."""
        start = page.js(
            """(() => {
                const icon = document.querySelector(".o_field_position .marker-icon");
                const { x, y, width, height } = icon.getBoundingClientRect();
                return { x: x + width / 2, y: y + height / 2 };
            })()"""
        )
        page._send(
            "Input.dispatchMouseEvent", type="mousePressed", button="left", clickCount=1, **start
        )
        for step in range(1, 7):
            page._send(
                "Input.dispatchMouseEvent",
                type="mouseMoved",
                button="left",
                buttons=1,
                x=start["x"] + dx * step / 6,
                y=start["y"] + dy * step / 6,
            )
        page._send(
            "Input.dispatchMouseEvent",
            type="mouseReleased",
            button="left",
            clickCount=1,
            x=start["x"] + dx,
            y=start["y"] + dy,
        )


@tagged("post_install", "-at_install", "standard")
class TestMapScreensPhone(MapScreens, HttpCase):
    browser_size = "390x844"
    touch_enabled = True
    size = "phone"


@tagged("post_install", "-at_install", "standard")
class TestMapScreensChinese(MapScreens, HttpCase):
    browser_size = "1400x900"
    lang = "zh_CN"


@tagged("post_install", "-at_install", "standard")
class TestMapScreensChinesePhone(MapScreens, HttpCase):
    browser_size = "390x844"
    touch_enabled = True
    size = "phone"
    lang = "zh_CN"
