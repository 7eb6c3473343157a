"""Whom one met: several contacts of a customer, chosen without a network, in both languages."""

import pytest

from .phone_case import PhoneCase
from .phone_town import check_in, settled

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {"Golden", "Dragon", "Nanjing", "Road", "Shanghai", "GPS", "m", "Look", "Shelf", "Talk"}
PEOPLE = {
    "en_US": (("Dr Wang", "Surgeon"), ("Dr Li", "Chief pharmacist"), ("Ms Zhao", False)),
    "zh_CN": (("王医生", "外科"), ("李医生", "药剂科主任"), ("赵女士", False)),
}


class Met:
    names = NAMES

    def test_contacts_are_chosen_at_the_visit(self):
        admin = self.town.admin
        admin.write("res.users", self.user, lang=self.lang)
        people = PEOPLE[self.lang]
        ids = [
            admin.create("res.partner", name=name, function=what, parent_id=self.shops[0])
            for name, what in people
        ]
        tab = self.phone().tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        check_in(tab)
        tab.tap("button[name=contacts]")
        for one in ids:
            tab.tap(f"[data-contact='{one}']")
        tab.tap(f"[data-contact='{ids[2]}']")
        tab.wait("document.querySelectorAll('[data-contact][aria-pressed=true]').length === 2", "2")
        self.look(tab, "contacts-met")
        tab.tap("button[name=save_contacts]")
        tab.wait("document.querySelectorAll('[data-met]').length === 2", "both")
        tab.see(".o_fv_met", people[1][0])
        tab.tap("button[name=contacts]")
        tab.tap(f"[data-contact='{ids[1]}']")
        tab.tap("button[name=save_contacts]")
        tab.wait("document.querySelectorAll('[data-met]').length === 1", "one")
        self.look(tab, "visit-met")
        tab.offline(False)
        settled(tab)
        self.assert_arrived(["workday.open", "visit.check_in", *["visit.contacts"] * 2])
        domain = [("user_id", "=", self.user), ("partner_id", "=", self.shops[0])]
        self.assertEqual(admin.row("field.visit", domain, ["contact_ids"])["contact_ids"], [ids[0]])


class TestMetEnglish(Met, PhoneCase):
    lang = "en_US"


class TestMetChinese(Met, PhoneCase):
    lang = "zh_CN"
