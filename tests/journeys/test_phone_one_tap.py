"""Where the policy allows it, the tap on Check in is the check-in; where there is anything to read or to
answer first, the sheet opens. Taps are counted; in both languages and without a network."""

from datetime import timedelta

import pytest

from .phone_case import PhoneCase
from .phone_town import HERE, METRE, PIN, check_in, settled, today

pytestmark = pytest.mark.xdist_group("phone")

COUNT = """(() => {
    window.taps = 0;
    addEventListener("click", () => window.taps++, true);
})()"""
#: Inside the fence all three, but the phone is not exact, or the pin may be wrong.
BLURRED, NEAR, AWAY = (
    (*PIN, 60),
    (PIN[0] + 180 * METRE, PIN[1], 8),
    (PIN[0] + 2000 * METRE, PIN[1], 8),
)
SAID = {"en_US": "Checked in", "zh_CN": "已签到"}
STILL = {"en_US": "You are still at Golden Dragon", "zh_CN": "Golden Dragon"}


class OneTap:
    names = frozenset({"Golden", "Dragon", "Nanjing", "Road", "Shanghai", "GPS", "m", "km"}) | {
        *("Look", "Shelf", "Talk", "Rep", "Corner", "Bakery", "Happy", "Mart"),
    }

    def setUp(self):
        self.town.admin.write("res.users", self.user, lang=self.lang)

    def rule(self, **values):
        values = {"fence_one_tap": True, "effective_from": "2026-01-01", **values}
        self.town.admin.create("field.policy", name="One tap", user_id=self.user, **values)

    def start(self, place=HERE):
        tab = self.phone(place).tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        return tab

    def next_door(self):
        """A customer at the same place whom nobody has planned to visit."""
        return self.town.admin.create(
            "res.partner",
            name="Corner Bakery",
            user_id=self.user,
            partner_latitude=PIN[0],
            partner_longitude=PIN[1],
        )

    def assert_asked(self, tab, text=""):
        """The sheet is there; nothing has been checked in."""
        tab.tap("button[name=check_in]")
        tab.see("button[name=confirm_check_in]")
        tab.see(".o_fa_sheet", text)
        self.close_sheet(tab)

    def close_sheet(self, tab):
        tab.tap(".o_fa_sheet_bar button")
        tab.gone(".o_fa_sheet")

    def go_to(self, tab, shop):
        tab.js(f"fieldApp.router.go('customer', {shop})")
        tab.see("button[name=plan_visit]")

    def test_one_tap_is_the_check_in(self):
        self.rule()
        baker = self.next_door()
        self.town.plan(self.user, baker, plan_time=15)
        tab = self.start()
        tab.tap(".o_fv_now h2")  # whoever taps on the card only wants to look
        tab.see("button[name=confirm_check_in]")
        self.close_sheet(tab)
        tab.js(COUNT)
        tab.tap("button[name=check_in]")
        tab.see(".o_fa_toast", SAID[self.lang])
        tab.see(".o_fv_step")
        self.assertEqual(tab.js("window.taps"), 1)
        self.look(tab, "one-tap")
        self.go_to(tab, baker)
        self.assert_asked(tab, STILL[self.lang])
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["workday.open", "visit.check_in"])
        visit = self.visit()
        self.assertEqual((visit["state"], visit["check_in_verdict"]), ("in_progress", "inside"))

    def test_whatever_is_in_doubt_opens_the_sheet(self):
        self.rule(fence_warn=100)
        baker = self.next_door()
        tab = self.start(BLURRED)
        self.assert_asked(tab)
        for place in (AWAY, NEAR):
            self.move(tab, place)
            self.go_to(tab, self.shops[0])
            self.assert_asked(tab)
            tab.js("fieldApp.router.replace('today')")
        self.move(tab, HERE)
        self.go_to(tab, baker)  # there are several kinds of visit
        tab.tap("button[name=check_in]")
        tab.see("button[name=visit_type]")
        self.close_sheet(tab)
        self.go_to(tab, self.shops[0])
        tab.tap("button[name=check_in]")
        tab.see(".o_fv_step")  # planned, and nothing in doubt
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["workday.open", "visit.check_in"])

    def move(self, tab, place):
        tab.place(place)
        here = f"Math.abs(fieldApp.location.current()?.lat - {place[0]}) < 1e-6"
        tab.wait(f"{here} && fieldApp.location.current().accuracy === {place[2]}", "the new place")


class TestOneTapEnglish(OneTap, PhoneCase):
    def test_somebody_was_here_is_said_first(self):
        self.rule(duplicate_days=3)
        self.was_there(self.shops[0], today() - timedelta(days=2))
        tab = self.start()
        self.assert_asked(tab, "Colleague")

    def test_two_taps_without_the_switch(self):
        self.rule(fence_one_tap=False)
        tab = self.start()
        tab.js(COUNT)
        check_in(tab)
        self.assertEqual(tab.js("window.taps"), 2)


class TestOneTapChinese(OneTap, PhoneCase):
    lang = "zh_CN"
