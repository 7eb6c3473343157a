"""What is otherwise at a customer's door, proposed with two taps and without a network; what became of
it. In both languages. With FIELD_PICTURES it makes the pictures of the user guide."""

import pytest

from .phone_case import PhoneCase
from .phone_town import settled
from .test_phone_budget import COUNT

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {"Golden", "Dragon", "Nanjing", "Road", "Shanghai", "GPS", "m", "Leader", "Rep"}
MINE = {"en_US": "My proposals", "zh_CN": "我的建议"}
ANSWER = {"en_US": "I have called: the number is right", "zh_CN": "已打过电话，号码没错"}


class Changes:
    lang = "en_US"
    names = NAMES

    def setUp(self):
        self.town.admin.write("res.users", self.user, lang=self.lang)

    def start(self):
        tab = self.phone().tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.js(f"fieldApp.router.go('customer', {self.shops[0]})")
        tab.see("[data-topic=closed]")
        return tab

    def two_taps(self, tab, topic):
        """The usual ones: what it is, and off it goes."""
        before = tab.js("window.taps")
        tab.tap(f"[data-topic={topic}]")
        tab.see("button[name=propose]:not(:disabled)")
        self.look(tab, f"propose-{topic}")
        tab.tap("button[name=propose]")
        tab.gone("button[name=propose]")
        self.assertEqual(tab.js("window.taps") - before, 2, topic)

    def test_two_taps_and_what_became_of_them(self):
        tab = self.start()
        tab.offline()
        tab.js(COUNT)
        for topic in ("closed", "phone", "entrance"):
            self.two_taps(tab, topic)
        tab.wait("document.querySelectorAll('[data-proposal=saved]').length === 3", "three saved")
        self.tell_more(tab)
        tab.reload()
        tab.wait("document.querySelectorAll('[data-proposal=saved]').length === 4", "all kept")
        self.look(tab, "changes-saved")
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["customer.propose"] * 4)
        tab.wait("document.querySelectorAll('[data-proposal=open]').length === 4", "four known")
        self.decide()
        settled(tab)
        tab.see("[data-proposal=refused]", ANSWER[self.lang])
        tab.see("[data-proposal=applied]")
        self.look(tab, "changes")
        tab.js("fieldApp.router.go('me')")
        tab.tap(".o_fa_row", MINE[self.lang])
        tab.see("[data-proposal=refused]", ANSWER[self.lang])
        self.look(tab, "proposals")

    def tell_more(self, tab):
        """A person and a photo of the sign."""
        tab.tap("[data-topic=more]")
        self.look(tab, "propose-more")
        tab.tap("[data-topic=contact]")
        tab.see("button[name=propose]:disabled")
        tab.type("input[name=contact]", "王丽")
        tab.tap("button[name=proof]")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.tap("button[name=camera_done]")
        tab.see(".o_fa_thumbs img")
        self.look(tab, "propose-contact")
        tab.tap("button[name=propose]")
        tab.gone("button[name=propose]")

    def decide(self):
        """The leader says no about the number and yes about the rest."""
        admin = self.town.admin
        mine = [("user_id", "=", self.user)]
        names = ("new_values", "proof_id", "state")
        changes = admin.rows("field.partner.change", mine, ("id", *names))
        self.assertEqual({change["state"] for change in changes}, {"open"})
        self.assertEqual(sum(bool(change["proof_id"]) for change in changes), 1)
        for change in changes:
            if "phone" in change["new_values"]:
                admin.call(
                    "field.partner.change", "action_refuse", [change["id"]], ANSWER[self.lang]
                )
            else:
                admin.call("field.partner.change", "action_apply", [change["id"]])
        card = ("phone", "field_life", "field_entrance_lat", "child_ids")
        shop = admin.row("res.partner", [("id", "=", self.shops[0])], card)
        self.assertEqual((shop["phone"], shop["field_life"]), ("021 5555 0000", "closed"))
        self.assertAlmostEqual(shop["field_entrance_lat"], 31.2304)
        self.assertEqual(len(shop["child_ids"]), 1)


class TestChangesEnglish(Changes, PhoneCase):
    lang = "en_US"


class TestChangesChinese(Changes, PhoneCase):
    lang = "zh_CN"
