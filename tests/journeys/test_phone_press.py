"""A finger rests on the map, without a network: a customer at that place, and a visit where one stands
near enough; in both languages. With FIELD_PICTURES it makes the pictures of the user guide."""

import pytest

from .phone_case import PhoneCase
from .phone_town import METRE, PIN, outbox, settled

pytestmark = pytest.mark.xdist_group("phone")

SHOPS = {"en_US": ("Far Gate", "Near Gate", "Third Gate"), "zh_CN": ("远门", "近门", "第三门")}
MAP = ".leaflet-container"


class Press:
    names = frozenset({"Golden", "Dragon", "Nanjing", "Road", "Shanghai", "GPS", "m", "km"}) | {
        *("Look", "Shelf", "Talk", "Natural", "Earth"),
    }

    def setUp(self):
        self.town.admin.write("res.users", self.user, lang=self.lang)

    def start(self):
        tab = self.phone().tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        # the map is where it goes at once: a press does not race with its flight
        calm = [{"name": "prefers-reduced-motion", "value": "reduce"}]
        tab.send("Emulation.setEmulatedMedia", features=calm)
        return tab

    def press(self, tab, below):
        """So many pixels below the middle of the map.

        :return: what the app took for the place
        """
        box = tab.js(
            f"""(() => {{
                const box = document.querySelector("{MAP}").getBoundingClientRect();
                return {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }};
            }})()"""
        )
        tab.rest(box["x"], box["y"] + below)
        tab.see("input[name=name]")
        name, lat, lng = tab.js("location.hash").removeprefix("#/").split("/")
        self.assertEqual(name, "customer_new")
        self.assertAlmostEqual(float(lng), PIN[1], delta=9 * METRE)
        self.assertLess(float(lat), PIN[0] - 20 * METRE, "south of the middle")
        return float(lat), float(lng)

    def open_map(self, tab, zooms):
        """At one's own place, so many times nearer than all customers together."""
        tab.js(f"fieldApp.router.go('map', '{self.shops[0]}')")
        tab.see(f"{MAP} .leaflet-marker-icon")
        tab.see(".o_fa_found", "Golden Dragon")
        for _ in range(zooms):
            tab.tap("button.o_field_map_zoom_in")

    def test_press_on_the_map(self):
        tab = self.start()
        self.open_map(tab, 0)
        far = self.add(tab)
        self.open_map(tab, 3)
        near = self.add_and_visit(tab)
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["customer.add", "customer.add", "workday.open", "visit.check_in"])
        self.assert_office(far, near)

    def add(self, tab):
        """Too far away to check in there."""
        place = self.press(tab, 90)
        self.assertLess(place[0], PIN[0] - 400 * METRE)
        tab.type("input[name=name]", SHOPS[self.lang][0])
        tab.see("button[name=save_customer]:not(:disabled)")
        tab.gone("button[name=add_and_visit]")
        self.look(tab, "new-customer-pressed")
        tab.tap("button[name=save_customer]")
        tab.see(MAP)
        self.assertEqual([one["kind"] for one in outbox(tab)], ["customer.add"])
        return place

    def add_and_visit(self, tab):
        place = self.press(tab, 60)
        self.assertGreater(place[0], PIN[0] - 290 * METRE)
        tab.type("input[name=name]", SHOPS[self.lang][1])
        tab.see("button[name=save_customer]:not(:disabled)")
        self.look(tab, "new-customer-pressed-near")
        tab.tap("button[name=add_and_visit]")
        tab.see(".o_fv_step")
        tab.see("h1", SHOPS[self.lang][1])
        return place

    def assert_office(self, far, near):
        admin = self.town.admin
        names = ("name", "partner_latitude", "partner_longitude")
        domain = [("user_id", "=", self.user), ("name", "in", SHOPS[self.lang])]
        found = {row["name"]: row for row in admin.rows("res.partner", domain, ("id", *names))}
        for name, place in zip(SHOPS[self.lang], (far, near), strict=False):
            self.assertAlmostEqual(found[name]["partner_latitude"], place[0], places=5)
            self.assertAlmostEqual(found[name]["partner_longitude"], place[1], places=5)
        here = [("user_id", "=", self.user), ("state", "=", "in_progress")]
        visit = admin.row("field.visit", here, ["partner_id", "check_in_verdict"])
        near_id = found[SHOPS[self.lang][1]]["id"]
        self.assertEqual((visit["partner_id"], visit["check_in_verdict"]), (near_id, "inside"))

    def test_press_on_the_map_of_prospects(self):
        tab = self.start()
        tab.js("fieldApp.router.go('prospects')")
        tab.see(f".o_fv_around {MAP} .leaflet-marker-icon")
        place = self.press(tab, 40)
        tab.type("input[name=name]", SHOPS[self.lang][2])
        tab.tap("button[name=add_and_visit]")
        tab.see(".o_fv_step")
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["customer.add", "workday.open", "visit.check_in"])
        mine = [("user_id", "=", self.user), ("name", "=", SHOPS[self.lang][2])]
        partner = self.town.admin.row("res.partner", mine, ["partner_latitude"])
        self.assertAlmostEqual(partner["partner_latitude"], place[0], places=5)


class TestPressEnglish(Press, PhoneCase):
    lang = "en_US"


class TestPressChinese(Press, PhoneCase):
    lang = "zh_CN"
