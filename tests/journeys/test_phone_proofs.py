"""Proofs on the phone, in both languages: the code at the shop, a selfie, the customer's word, a tag;
and customers: a new one who is there already, a copy of what the office knows.

With FIELD_PICTURES it makes the pictures of the user guide.
"""

import importlib.util
import re

import pytest

from tests.support.repository import ADDONS

from .phone_case import PhoneCase
from .phone_town import check_in, settled

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {
    "Golden",
    "Dragon",
    "Nanjing",
    "Road",
    "Shanghai",
    "GPS",
    "m",
    "A",
    "B",
    "C",
    "Ltd",
    "NFC",
    "Rep",
}
RULES = {
    "proof_mode": "block",
    "proof_count": 3,
    "proof_by_code": True,
    "proof_by_selfie": True,
    "proof_by_word": True,
}
# A reader that sees what the test holds before the camera.
READER = """window.BarcodeDetector = class {
    async detect() { return window.held ? [{ rawValue: window.held }] : []; }
}"""


# A phone with NFC, and the tag that the test holds to it.
TAGS = """window.NDEFReader = class {
    async scan() {
        const data = new TextEncoder().encode(window.held);
        const records = [{ recordType: "text", encoding: "utf-8", data }];
        setTimeout(() => this.onreading({ message: { records } }), 50);
    }
}"""


def make_code(secret, customer):
    path = ADDONS / "field_visit" / "tools" / "codes.py"
    spec = importlib.util.spec_from_file_location("field_codes", path)
    codes = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(codes)
    return codes.make(secret, customer, 1)


class Proofs:
    lang = "en_US"
    names = NAMES

    def setUp(self):
        admin = self.town.admin
        admin.write("res.users", self.user, lang=self.lang)
        admin.write("res.partner", self.shops[0], email="shop@example.com")
        admin.create(
            "field.policy", name="Proofs", user_id=self.user, effective_from="2026-01-01", **RULES
        )
        sop = admin.create("field.sop", name="Nothing", sequence=95)
        visits = admin.search("field.visit", [("user_id", "=", self.user)])
        admin.write("field.visit", visits, sop_id=sop)
        query = "SELECT value FROM ir_config_parameter WHERE key = 'database.secret'"
        self.secret = self.town.sql(query)[0][0]

    def test_three_proofs(self):
        tab = self.phone().tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.js(READER)
        self.choose_by_code(tab)
        tab.offline()
        check_in(tab)
        self.scan(tab)
        self.selfie(tab)
        tab.tap("button[name=check_out]")
        tab.see("[data-lacking]", "2")
        tab.see("button[name=confirm_check_out]:disabled")
        self.look(tab, "proofs")
        tab.tap(".o_fa_sheet button[aria-label]")
        tab.offline(False)
        self.word(tab)
        settled(tab)
        self.assert_office()

    def test_new_customer_copies_and_a_tag(self):
        tab = self.phone().tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        copy = f"fieldApp.account.db.docs.get('glance:{self.shops[0]}').then((one) => !!one)"
        tab.wait(copy, "a copy of the customer's page")
        settled(tab)
        self.add_customer(tab)
        self.read_tag(tab)

    def add_customer(self, tab):
        """Without a network the phone compares with its own customers, with one the office too."""
        tab.offline()
        tab.tap(".o_fa_tabs [data-tab=customers]")
        tab.tap("button[name=new_customer]")
        tab.type("input[name=name]", "Golden Dragon Ltd.")
        tab.see(".o_fa_row[type=button]", "Golden Dragon")
        self.look(tab, "new-customer")
        tab.tap(".o_fa_row", "Golden Dragon")
        tab.see("[data-as-of]")
        tab.see("[data-section=ahead]")
        self.look(tab, "glance")
        tab.offline(False)
        other = self.town.admin.create(
            "res.partner", name="River Hotel", user_id=2, phone="55667788"
        )
        tab.js("fieldApp.router.go('customer_new')")
        tab.type("input[name=name]", "Hotel by the river")
        tab.type("input[name=phone]", "021 5566 7788")
        tab.see(".o_fa_row:disabled", "River Hotel")
        tab.tap("button[name=save_customer]")
        tab.gone("button[name=save_customer]")
        settled(tab)
        mine = [("user_id", "=", self.user), ("name", "=", "Hotel by the river")]
        self.assertEqual(len(self.town.admin.search("res.partner", mine)), 1)
        self.town.admin.write("res.partner", [other], active=False)

    def read_tag(self, tab):
        tab.js(TAGS)
        tab.js("fieldApp.router.replace('today')")
        # The word that the customer is saved lies over the screen; when it goes, it moves what is tapped.
        tab.gone(".o_fa_toast")
        settled(tab)
        check_in(tab)
        tab.tap("[data-step=proof-code]")
        tab.js("window.held = 'https://example.com'")
        tab.tap("button[name=read_tag]")
        tab.see("[role=alert]")
        self.look(tab, "proof-tag")
        tab.js(f"window.held = '{make_code(self.secret, self.shops[0])}'")
        tab.tap("button[name=read_tag]")
        tab.see("[data-step=proof-code][data-state=done]")
        settled(tab)
        steps = [("visit_id.user_id", "=", self.user), ("kind", "=", "code")]
        self.assertEqual(self.town.admin.row("field.visit.step", steps, ["state"])["state"], "done")

    def choose_by_code(self, tab):
        """The code at the door opens the customer: nobody has to look for him."""
        tab.tap(".o_fa_tabs [data-tab=customers]")
        tab.js(f"window.held = '{make_code(self.secret, self.shops[0])}'")
        tab.tap("button[name=scan]")
        tab.see("button[name=check_in]")
        tab.js("window.held = ''")

    def scan(self, tab):
        tab.tap("[data-step=proof-code]")
        tab.js(f"window.held = '{make_code(self.secret, self.shops[1])}'")
        tab.see("[role=alert]")
        self.look(tab, "proof-code")
        tab.js(f"window.held = '{make_code(self.secret, self.shops[0])}'")
        tab.tap("button[name=scan_code]")
        tab.see("[data-step=proof-code][data-state=done]")

    def selfie(self, tab):
        tab.tap("[data-step=proof-selfie]")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.tap("button[name=camera_done]")
        tab.see("[data-step=proof-selfie][data-state=done]")

    def word(self, tab):
        tab.tap("[data-step=proof-word]")
        tab.tap("button[name=ask_word]")
        self.look(tab, "proof-word")
        settled(tab)
        query = "SELECT body_html FROM mail_mail m JOIN mail_message g ON g.id = m.mail_message_id"
        found = []
        for (body,) in self.town.sql(f"{query} ORDER BY m.id DESC LIMIT 5"):
            found += re.findall(r">([A-Z2-9]{8})<", body)
        tab.type("input[name=code]", found[0].lower())
        tab.tap("button[name=save_step]")
        tab.see("[data-step=proof-word][data-state=done]")
        tab.tap("button[name=check_out]")
        tab.tap("button[name=confirm_check_out]")
        tab.see(".o_fa_tabs")

    def assert_office(self):
        kinds = ["visit.check_in", "visit.step_done", "visit.step_done", "visit.ask_word"]
        self.assert_arrived(["workday.open", *kinds, "visit.step_done", "visit.check_out"])
        domain = [("user_id", "=", self.user), ("state", "=", "done")]
        visit = self.town.admin.row("field.visit", domain, ["is_witnessed", "proof_missing"])
        self.assertEqual((visit["is_witnessed"], visit["proof_missing"]), (True, False))


class TestProofsEnglish(Proofs, PhoneCase):
    lang = "en_US"


class TestProofsChinese(Proofs, PhoneCase):
    lang = "zh_CN"
