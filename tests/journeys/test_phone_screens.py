"""Every screen of the app in both languages: large enough to hit, nothing cut off, nothing foreign.

With FIELD_PICTURES it makes the pictures of the user guide.
"""

import unittest

import pytest

from tests.support import phone as phones

from . import phone_town
from .phone_town import HERE, connect, settled

pytestmark = pytest.mark.xdist_group("phone")

# Names of people, places, firms and browsers, and units.
NAMES = {
    *("English", "GPS", "PIN", "SOS", "Wi", "Fi", "Wi-Fi", "MB", "km", "m", "A", "B", "C"),
    *("Golden", "Dragon", "Happy", "Mart", "Sun", "Store", "Lucky", "Nanjing", "Road", "Shanghai"),
    *("Look", "Shelf", "Talk", "My", "Company", "Administrator", "Natural", "Earth"),
}


@pytest.fixture(scope="module")
def town():
    if not phones.chromium():
        pytest.skip("no Chromium")
    town = phone_town.Town(name="screens")
    town.sql("UPDATE field_policy SET consent_required = true, safety_sos = true")
    yield town
    town.close()


class Screens(unittest.TestCase):
    """A walk through the app; subclasses say in which language."""

    lang = name = None

    @pytest.fixture(autouse=True)
    def _live_in(self, town):
        self.town = town

    def look(self, tab, name):
        """A picture, and what must be true of each screen."""
        tab.wait("!document.querySelector('.o_fa_toast')", "no message above it")
        tab.picture(f"app-{name}-{self.lang[:2]}")
        self.assertFalse(tab.is_wider_than_the_screen(), name)
        self.assertEqual(tab.small_targets(), [], name)
        if self.lang == "zh_CN":
            self.assertEqual(tab.foreign_words(NAMES), [], name)

    def walk(self):
        login = f"screens{self.lang[:2].lower()}"
        user = self.town.hire(login, self.lang, self.name)
        self.town.open_shops(user)
        with phones.Phone(self.town.url, HERE, self.lang) as phone:
            tab = phone.tab
            tab.go()
            self.look(tab, "welcome")
            connect(tab, login)
            settled(tab)
            self.consent(tab)
            self.visit(tab)
            self.tabs(tab)
            self.rest(tab)
            self.themes(tab)
            self.assertEqual(phone.errors, [])

    def consent(self, tab):
        self.look(tab, "today-consent")
        tab.tap("button[name=consent]")
        self.look(tab, "consent")
        tab.see("canvas")
        tab.js("document.querySelector('canvas').scrollIntoView()")
        box = tab.js("document.querySelector('canvas').getBoundingClientRect().toJSON()")
        for n, kind in enumerate(("touchStart", "touchMove", "touchMove", "touchEnd")):
            point = {"x": box["x"] + 40 + 60 * n, "y": box["y"] + 40 + 30 * (n % 2)}
            points = [] if kind == "touchEnd" else [point]
            tab.send("Input.dispatchTouchEvent", type=kind, touchPoints=points)
            tab.js(
                "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
            )
        tab.tap("button[name=sign]")
        tab.see("button[name=withdraw]")
        settled(tab)
        domain = [("name", "=", self.name), ("state", "=", "valid")]
        self.assertEqual(self.town.admin.count("field.consent", domain), 1)
        tab.js("fieldApp.router.replace('today')")

    def visit(self, tab):
        tab.wait("!!fieldApp.location.current()", "a position")
        self.look(tab, "today")
        tab.tap("button[name=check_in]")
        tab.see("button[name=confirm_check_in]")
        self.look(tab, "check-in")
        tab.tap("button[name=confirm_check_in]")
        tab.see(".o_fv_step")
        self.look(tab, "visit")
        tab.tap("[data-step=look]")
        tab.see("button[name=save_step]")
        self.look(tab, "step")
        tab.tap("button[name=save_step]")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.see("button[name=camera_done]")
        self.look(tab, "camera")
        tab.tap("button[name=camera_done]")
        tab.see("textarea[name=note]")
        tab.tap("button[name=cannot]")
        self.look(tab, "cannot")
        self.say_why_not(tab)
        tab.tap("button[name=check_out]")
        self.look(tab, "check-out")
        tab.tap("button[name=confirm_check_out]")
        tab.see(".o_fa_tabs")
        settled(tab)
        self.assert_reason_is_counted()
        self.look(tab, "today-next")

    def say_why_not(self, tab):
        """A reason from the list, which the office counts, and a photo that shows it."""
        tab.tap("button[name=excuse]")
        tab.tap("button[name=cannot_photo]")
        tab.wait("document.querySelector('video')?.videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.see(".o_fa_shutter:enabled")
        tab.tap("button[name=camera_done]")
        tab.see(".o_fa_sheet .o_fa_thumbs img")
        self.look(tab, "cannot-photo")
        tab.tap("button[name=save_cannot]")
        tab.gone(".o_fa_sheet")
        tab.see("[data-step=talk][data-state=cannot]", "1 ×")
        tab.see("[data-progress]", "67 %")  # two of three are done

    def assert_reason_is_counted(self):
        domain = [("visit_id.user_id.name", "=", self.name), ("state", "=", "cannot")]
        names = ("cannot_reason_id", "photo_count", "visit_id")
        step = self.town.admin.row("field.visit.step", domain, names)
        self.assertTrue(step["cannot_reason_id"])
        self.assertEqual(step["photo_count"], 1)
        visit = [("id", "=", step["visit_id"])]
        self.assertEqual(self.town.admin.row("field.visit", visit, ["progress"])["progress"], 67)

    def tabs(self, tab):
        tab.tap("[data-tab=map]")
        tab.see(".o_field_map_root")
        tab.wait("document.querySelector('.o_field_map_canvas canvas')", "the map")
        tab.picture(f"app-map-{self.lang[:2]}")
        tab.tap("[data-tab=customers]")
        self.look(tab, "customers")
        tab.type("input[type=search]", "龙超")
        tab.gone(".o_fa_row", "Happy Mart")
        tab.tap(".o_fa_row", "金龙超市")
        tab.see("button[name=check_in]")
        self.look(tab, "customer")
        tab.js("fieldApp.router.replace('me')")
        tab.see("button[name=end_day]")
        self.look(tab, "me")

    def rest(self, tab):
        self.town.sql(
            "INSERT INTO field_notice (user_id, company_id, kind, channel, due_at, sent_at, subject,"
            " body, create_date) SELECT id, company_id, 'handover', 'app', now(), now(), '王先生',"
            " '<p>12</p>', now() at time zone 'utc' FROM res_users WHERE login = %s",
            f"screens{self.lang[:2].lower()}",
        )
        settled(tab)
        for name in ("outbox", "help", "access_log", "news", "sos"):
            tab.js(f"fieldApp.router.replace('{name}')")
            tab.see(".o_fa_screen")
            self.look(tab, name)
        tab.js("fieldApp.router.replace('news')")
        tab.tap("button[name=notice]", "王先生")
        tab.see(".o_fa_sheet", "12")
        self.look(tab, "notice")
        tab.js("fieldApp.router.replace('me')")
        tab.tap("button[name=pin]")
        tab.see("input[name=pin]")
        self.look(tab, "pin")
        tab.type("input[name=pin]", "2468")
        tab.tap("button[name=confirm]")
        tab.see(".o_fa_keys")
        self.look(tab, "lock")
        for digit in "1357":
            tab.tap(".o_fa_keys button", digit)
        tab.see(".o_fa_problem")
        for digit in "2468":
            tab.tap(".o_fa_keys button", digit)
        tab.see(".o_fa_tabs")

    def themes(self, tab):
        for theme in ("dark", "sun"):
            tab.js(f"fieldApp.setTheme('{theme}')")
            tab.js("fieldApp.router.replace('today')")
            tab.see("button[name=check_in]")
            self.look(tab, f"today-{theme}")


class TestEnglish(Screens):
    lang, name = "en_US", "Li Na"

    def test_walk(self):
        self.walk()


class TestChinese(Screens):
    lang, name = "zh_CN", "李娜"

    def test_walk(self):
        self.walk()
