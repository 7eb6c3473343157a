"""A call noted on a customer's page without a network: its result, the next step, and what a colleague
has open there. With FIELD_PICTURES it makes the pictures of the user guide."""

import pytest

from .phone_case import PhoneCase
from .phone_town import settled, today

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {
    "Golden",
    "Dragon",
    "Happy",
    "Mart",
    "Lucky",
    "Sun",
    "Store",
    "Nanjing",
    "Road",
    "Shanghai",
}
NAMES |= {"GPS", "m", "Rep", "Colleague", "A", "C"}
#: A heading that shares its line with too much breaks on a narrow phone.
ONE_LINE = """[...document.querySelectorAll(".o_fa_heading")].every((one) =>
    (one.firstElementChild || one).getBoundingClientRect().height < 30
        && one.getBoundingClientRect().height < 60)"""
WORDS = {
    "en_US": {
        "result": "Talked to them",
        "note": "Wants the winter range",
        "next": "Bring the winter catalogue",
        "theirs": "Replace the broken cooler",
        "mail": "Prices for the winter",
        "body": "As agreed, from December on",
    },
    "zh_CN": {
        "result": "已沟通",
        "note": "想要冬季新品",
        "next": "带上冬季目录",
        "theirs": "更换损坏的冰柜",
        "mail": "冬季价格",
        "body": "按约定，十二月起执行",
    },
}


class Contacts:
    names = NAMES

    def setUp(self):
        admin = self.town.admin
        self.words = WORDS[self.lang]
        admin.write("res.users", self.user, lang=self.lang)
        colleague = admin.create(
            "res.users", name="Colleague", login=f"colleague-{self.login}", lang="en_US"
        )
        kind = admin.ref("mail.mail_activity_data_todo")
        admin.create(
            "mail.activity",
            res_model_id=admin.search("ir.model", [("model", "=", "res.partner")])[0],
            res_id=self.shops[0],
            activity_type_id=kind,
            summary=self.words["theirs"],
            user_id=colleague,
            date_deadline=today().isoformat(),
        )
        mail = {"model": "res.partner", "res_id": self.shops[0], "message_type": "email"}
        mail |= {"subject": self.words["mail"], "body": self.words["body"]}
        admin.call("mail.message", "create", None, [mail])

    def test_call_is_noted_without_a_network(self):
        tab = self.phone().tab
        self.open_app(tab)
        copy = f"fieldApp.account.db.docs.get('glance:{self.shops[0]}').then((one) => !!one)"
        tab.wait(copy, "the copy of the customer's page")
        tab.offline()
        tab.js(f"fieldApp.router.go('customer', '{self.shops[0]}')")
        tab.see("[data-matters]", self.words["theirs"])
        tab.wait(ONE_LINE, "headings of one line each")
        tab.tap("[data-section=issues] summary")
        tab.see("[data-section=issues]", "Colleague")
        tab.tap("[data-section=timeline] summary")
        tab.see("[data-section=timeline]", self.words["mail"])
        tab.see("[data-section=timeline]", self.words["body"])
        self.look(tab, "time-line")
        tab.tap("button[name=log_call]")
        tab.see("button[name=save_contact]:disabled")
        tab.tap("button[name=contact_result]", self.words["result"])
        tab.type("textarea[name=contact_note]", self.words["note"])
        tab.type("input[name=contact_next]", self.words["next"])
        tab.see("input[name=contact_date]")
        self.look(tab, "contact")
        tab.tap("button[name=save_contact]")
        tab.see("[data-contacts]", self.words["note"])
        tab.see(".o_fa_row", self.words["next"])
        self.look(tab, "contacts")
        tab.offline(False)
        settled(tab)
        self.assert_office()

    def assert_office(self):
        admin = self.town.admin
        mine = [("user_id", "=", self.user), ("res_id", "=", self.shops[0])]
        call = admin.row(
            "mail.activity",
            [*mine, ("field_channel", "=", "call"), ("active", "=", False)],
            ["feedback", "field_result_id"],
        )
        self.assertIn(self.words["note"], call["feedback"])
        self.assertTrue(call["field_result_id"])
        step = admin.row(
            "mail.activity", [*mine, ("summary", "=", self.words["next"])], ["date_deadline"]
        )
        self.assertEqual(step["date_deadline"], today().isoformat())


class TestContactsEnglish(Contacts, PhoneCase):
    lang = "en_US"


class TestContactsChinese(Contacts, PhoneCase):
    lang = "zh_CN"
