"""The end of a day on the phone: the report is there by itself, one adds a word, the leader answers.

With FIELD_PICTURES it makes the picture of the user guide.
"""

import pytest

from .phone_case import PhoneCase
from .phone_town import connect, settled

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {"Golden", "Dragon", "Happy", "Mart", "Sun", "Store", "Lucky", "Nanjing", "Road"}
WORDS = {
    "en_US": ("The new shop was closed", "Visit it first", "Ask for the owner", "I will"),
    "zh_CN": ("新店没有开门", "明天先去这家", "去找老板谈", "好的，明天上午去"),
}


class Reports:
    lang = "en_US"

    def setUp(self):
        self.town.admin.write("res.users", self.user, lang=self.lang)

    def test_report_of_the_day(self):
        in_the_way, then, asked, answered = WORDS[self.lang]
        tab = self.phone().tab
        connect(tab, self.login)
        tab.tap("button[name=start_day]")
        tab.gone("button[name=start_day]")
        settled(tab)
        tab.offline()
        self.end_day(tab)
        tab.tap("button[name=report_words]")
        tab.type("textarea[name=blockers]", in_the_way)
        tab.type("textarea[name=tomorrow]", then)
        tab.tap("button[name=save_report]")
        tab.see(".o_fv_report", in_the_way)
        tab.offline(False)
        settled(tab)
        report = self.town.admin.row(
            "field.work.report", [("user_id", "=", self.user)], ["blockers", "tomorrow"]
        )
        self.assertEqual((report["blockers"], report["tomorrow"]), (in_the_way, then))
        self.talk(tab, report["id"], asked, answered)

    def end_day(self, tab):
        tab.js("fieldApp.router.go('me')")
        tab.tap("button[name=end_day]")
        tab.tap("button[name=confirm]")
        tab.js("fieldApp.router.go('today')")
        tab.see(".o_fv_report")

    def talk(self, tab, report, asked, answered):
        kind = {"message_type": "comment", "body": asked}
        self.town.admin.call("field.work.report", "message_post", [report], **kind)
        tab.js("fieldApp.sync.soon()")
        tab.see(".o_fv_comment", asked)
        tab.wait("!document.querySelector('.o_fa_toast')", "no message above it")
        tab.picture(f"app-report-{self.lang[:2]}")
        self.assertFalse(tab.is_wider_than_the_screen())
        self.assertEqual(tab.small_targets(), [])
        if self.lang == "zh_CN":
            self.assertEqual(tab.foreign_words(NAMES | {self.login.title(), "Administrator"}), [])
        tab.tap("button[name=reply]")
        tab.type("textarea[name=answer]", answered)
        written = "fieldApp.account.db.docs.get('draft:report_answer')"
        tab.wait(f"{written}.then((doc) => doc?.values.answer === '{answered}')", "the draft")
        tab.reload()
        tab.see(".o_fv_comment", asked)
        tab.see("[data-draft]")
        answer = "document.querySelector('textarea[name=answer]').value"
        tab.wait(f"{answer} === '{answered}'", "what was typed")
        tab.tap("button[name=send_answer]")
        tab.gone("[data-draft]")
        tab.see("button[name=reply]")
        settled(tab)
        domain = [("model", "=", "field.work.report"), ("res_id", "=", report)]
        said = self.town.admin.rows("mail.message", domain, ["body"], order="id desc")
        self.assertIn(answered, said[0]["body"])


class TestReportEnglish(Reports, PhoneCase):
    lang = "en_US"


class TestReportChinese(Reports, PhoneCase):
    lang = "zh_CN"
