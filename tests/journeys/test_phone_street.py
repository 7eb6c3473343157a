"""A shop found on the street, without a network: its sign, added and visited with one tap; in both
languages. With FIELD_PICTURES it makes the pictures of the user guide."""

import pytest

from .phone_case import PhoneCase
from .phone_town import check_in, settled

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {"Golden", "Dragon", "Nanjing", "Road", "Shanghai", "GPS", "m", "km", "A", "B", "C"}
SHOP = {"en_US": "Blue Door", "zh_CN": "蓝门小店"}


class Street:
    lang = "en_US"

    def setUp(self):
        self.shop = SHOP[self.lang]
        self.town.admin.write("res.users", self.user, lang=self.lang)

    def look(self, tab, name):
        tab.wait("!document.querySelector('.o_fa_toast')", "no message above it")
        tab.picture(f"app-{name}-{self.lang[:2]}")
        self.assertFalse(tab.is_wider_than_the_screen(), name)
        self.assertEqual(tab.small_targets(), [], name)
        if self.lang == "zh_CN":
            known = NAMES | {"Look", "Shelf", "Talk", self.login.title()}
            self.assertEqual(tab.foreign_words(known), [], name)

    def start(self):
        tab = self.phone().tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        return tab

    def describe(self, tab):
        tab.js("fieldApp.router.go('customer_new')")
        tab.see("button[name=add_and_visit]:disabled")
        tab.type("input[name=name]", self.shop)
        tab.tap("button[name=sign]")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.tap("button[name=camera_done]")
        tab.see(".o_fa_thumbs img")

    def test_shop_on_the_street(self):
        tab = self.start()
        self.describe(tab)
        self.look(tab, "new-customer-street")
        tab.tap("button[name=add_and_visit]")
        tab.see(".o_fv_step")
        tab.see("h1", self.shop)
        tab.tap("[data-step=look]")
        tab.tap("button[name=save_step]")
        tab.see("[data-step=look][data-state=done]")
        tab.reload()
        tab.see("[data-step=look][data-state=done]")
        tab.see("h1", self.shop)
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["customer.add", "workday.open", "visit.check_in", "visit.step_done"])
        admin = self.town.admin
        mine = [("user_id", "=", self.user), ("name", "=", self.shop)]
        partner = admin.row("res.partner", mine, ["field_life", "image_128"])
        self.assertEqual(partner["field_life"], "prospect")
        self.assertTrue(partner["image_128"])
        here = [("user_id", "=", self.user), ("state", "=", "in_progress")]
        visit = admin.row("field.visit", here, ["partner_id", "check_in_verdict"])
        [customer] = admin.search("res.partner", mine)
        self.assertEqual((visit["partner_id"], visit["check_in_verdict"]), (customer, "inside"))
        self.same_visit(tab, customer)

    def same_visit(self, tab, customer):
        """The visit on the screen is the office's own by now, with all that belongs to it."""
        uuid = "location.hash.split('/').at(-1)"
        known = f"fieldApp.account.db.docs.get('visit:' + {uuid}).then((doc) => !doc)"
        tab.js("void fieldApp.sync.soon()")
        tab.wait(known, "the picture of the office")
        tab.see("button[name=add_followup]")
        tab.see("[data-step=look][data-state=done]")
        here = f"fieldApp.account.db.rows.get(['customers', {customer}]).then((row) => !!row)"
        tab.wait(here, "the customer on the phone")

    def test_it_says_which_visit_ends(self):
        tab = self.start()
        check_in(tab)
        self.describe(tab)
        tab.see("p.o_fa_soft", "Golden Dragon")
        tab.tap("button[name=save_customer]")
        tab.gone("button[name=save_customer]")
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["workday.open", "visit.check_in", "customer.add"])
        self.assertEqual(self.visit()["state"], "in_progress")


class TestStreetEnglish(Street, PhoneCase):
    lang = "en_US"


class TestStreetChinese(Street, PhoneCase):
    lang = "zh_CN"
