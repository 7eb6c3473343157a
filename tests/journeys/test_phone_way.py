"""One tap says that one is on the way: the phone shows it at once, also without a network, the office
when it has arrived, and a check-in ends it. In both languages."""

import pytest

from .phone_case import PhoneCase
from .phone_town import METRE, PIN, settled

pytestmark = pytest.mark.xdist_group("phone")

#: Too far to check in, and so where one navigates from.
AWAY = (PIN[0] - 2500 * METRE, PIN[1], 8)
SAID = {"en_US": "On the way since", "zh_CN": "出发"}


class Way:
    names = frozenset({"Golden", "Dragon", "Nanjing", "Road", "Shanghai", "GPS", "m", "km"}) | {
        *("Look", "Shelf", "Talk", "Rep", "Happy", "Mart", "Sun", "Store", "Lucky"),
    }

    def setUp(self):
        self.town.admin.write("res.users", self.user, lang=self.lang)

    def state(self, index):
        domain = [("user_id", "=", self.user), ("partner_id", "=", self.shops[index])]
        row = self.town.admin.row("field.visit", domain, ("state", "shown_state"))
        return row["state"], row["shown_state"]

    def test_on_the_way_with_one_tap(self):
        tab = self.phone(AWAY).tab
        self.open_app(tab)
        tab.offline()
        tab.see(".o_fv_now", "Golden Dragon")
        self.look(tab, "leave")
        tab.tap(".o_fv_now button[name=leave]")
        tab.see(".o_fv_now .o_fv_hint", SAID[self.lang])
        tab.gone(".o_fv_now button[name=leave]")
        self.look(tab, "on-the-way")
        tab.offline(False)
        settled(tab)
        self.assertEqual(self.state(0), ("planned", "on_the_way"))
        tab.tap(".o_fv_stop:nth-of-type(1)")
        tab.tap(".o_fa_sheet button[name=leave]")
        tab.gone(".o_fa_sheet button[name=leave]")
        settled(tab)
        self.assertEqual([self.state(n)[1] for n in (0, 1)], ["planned", "on_the_way"])
        tab.tap(".o_fa_sheet_bar .o_fa_round")
        tab.see(".o_fv_now h2", "金龙超市")


class TestWayEnglish(Way, PhoneCase):
    lang = "en_US"


class TestWayChinese(Way, PhoneCase):
    lang = "zh_CN"
