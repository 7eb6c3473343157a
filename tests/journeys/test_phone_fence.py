"""A check-in away from the pin, without a network: the radar, the way there, the photo that the policy
asks for; and one inside the fence whose pin may be wrong. In both languages."""

import pytest

from .phone_case import PhoneCase
from .phone_town import METRE, PIN, settled

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {
    "Golden",
    "Dragon",
    "Nanjing",
    "Road",
    "Shanghai",
    "GPS",
    "m",
    "km",
    "Look",
    "Shelf",
    "Talk",
    "Rep",
}
AWAY = (PIN[0] + 600 * METRE, PIN[1] + 300 * METRE, 12)
NEAR = (PIN[0] + 180 * METRE, PIN[1], 8)
RULES = {"fence_mode": "hard", "fence_photo": "exception", "fence_warn": 100}


class Fence:
    lang = "en_US"
    names = NAMES

    def setUp(self):
        admin = self.town.admin
        admin.write("res.users", self.user, lang=self.lang)
        values = {"name": "Fence", "user_id": self.user, "effective_from": "2026-01-01", **RULES}
        admin.create("field.policy", **values)

    def start(self, place):
        tab = self.phone(place).tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.js(f"fieldApp.router.go('customer', {self.shops[0]})")
        tab.see(".o_fv_glance")  # nothing moves under the finger any more
        tab.see("button[name=check_in]")
        tab.offline()
        tab.tap("button[name=check_in]")
        tab.see(".o_fv_radar .o_fv_me")
        return tab

    def test_photo_of_where_one_stands(self):
        tab = self.start(AWAY)
        tab.see(".o_fa_sheet", "300 m")
        tab.see(".o_fa_sheet .o_field_navigate")
        tab.see("button[name=confirm_check_in]:disabled")
        tab.tap("[data-reason=elsewhere]")
        self.look(tab, "fence-away")
        tab.see("button[name=confirm_check_in]:disabled")
        tab.tap("button[name=check_in_photo]")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.tap("button[name=camera_done]")
        tab.see(".o_fa_sheet .o_fa_thumb[src]")
        self.look(tab, "fence-photo")
        tab.tap("button[name=confirm_check_in]")
        tab.see(".o_fv_step")
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["workday.open", "visit.check_in"])
        admin = self.town.admin
        here = [("user_id", "=", self.user), ("state", "=", "in_progress")]
        visit = admin.row("field.visit", here, ["check_in_exception", "check_in_verdict"])
        self.assertEqual(
            (visit["check_in_exception"], visit["check_in_verdict"]), (True, "outside")
        )
        photo = admin.row("field.visit.photo", [("user_id", "=", self.user)], ["attachment_id"])
        self.assertTrue(photo["attachment_id"])
        tab.see("[data-step=check-in-photo][data-state=done]")

    def test_pin_that_may_be_wrong(self):
        tab = self.start(NEAR)
        tab.see("button[name=confirm_check_in]:not(:disabled)")
        tab.tap("button[name=wrong_pin]")
        self.look(tab, "fence-near")
        tab.tap("button[name=confirm_check_in]")
        tab.see(".o_fv_step")
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["workday.open", "visit.check_in", "customer.pin"])
        here = [("user_id", "=", self.user), ("state", "=", "in_progress")]
        names = ["check_in_is_near", "check_in_verdict"]
        visit = self.town.admin.row("field.visit", here, names)
        self.assertEqual((visit["check_in_is_near"], visit["check_in_verdict"]), (True, "inside"))


class TestFenceEnglish(Fence, PhoneCase):
    lang = "en_US"


class TestFenceChinese(Fence, PhoneCase):
    lang = "zh_CN"
