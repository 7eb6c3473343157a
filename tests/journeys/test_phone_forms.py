"""A visit with a form, in both languages: asked, checked, answered offline, counted at the office.

With FIELD_PICTURES it makes the pictures of the user guide.
"""

import pytest

from .phone_case import PhoneCase
from .phone_town import outbox, settled

pytestmark = pytest.mark.xdist_group("phone")

NAMES = {"Golden", "Dragon", "Nanjing", "Road", "Shanghai", "GPS", "m", "A", "B", "C"}
NAMES |= {"Happy", "Mart", "Lucky", "Sun", "Store", "Rep"}  # the day below the sheet
WORDS = {
    "en_US": {
        "sop": "Store visit",
        "step": "Shelf check",
        "shelf": "Is our cola on the shelf?",
        "facings": "How many facings?",
        "why": "Why not?",
        "out": "Sold out",
        "off": "Not listed",
        "unit": "pieces",
        "promise": "Bring the new price list",
        "goal": "Take an order",
        "sold": "Ordered",
        "thinks": "Interested",
        "said": "The back door, the front is being rebuilt",
    },
    "zh_CN": {
        "sop": "门店拜访",
        "step": "货架检查",
        "shelf": "我们的可乐在架吗？",
        "facings": "有几个排面？",
        "why": "为什么不在架？",
        "out": "已售完",
        "off": "未进店",
        "unit": "个",
        "promise": "下次带新价目表",
        "goal": "拿到订单",
        "sold": "已订货",
        "thinks": "有意向",
        "said": "正门在装修，从后门进的",
    },
}


class Forms:
    lang = "en_US"
    names = NAMES

    def setUp(self):
        admin = self.town.admin
        self.words = WORDS[self.lang]
        admin.write("res.users", self.user, lang=self.lang)
        self.form = self._make_form(admin)
        step = {"key": "form", "name": self.words["step"], "kind": "form", "sequence": 1}
        step |= {"form_id": self.form}
        self.sop = admin.create(
            "field.sop", name=self.words["sop"], sequence=90, step_ids=[(0, 0, step)]
        )
        visits = admin.search("field.visit", [("user_id", "=", self.user)])
        admin.write("field.visit", visits, sop_id=self.sop)

    def _make_form(self, admin):
        words = self.words
        form = admin.create("field.form", name=words["step"])
        shelf = admin.create(
            "field.form.question", form_id=form, name=words["shelf"], sequence=1, points=10
        )
        number = {"kind": "number", "has_bounds": True, "min_value": 1, "max_value": 50}
        self.facings = admin.create(
            "field.form.question",
            form_id=form,
            name=words["facings"],
            sequence=2,
            unit=words["unit"],
            if_question_id=shelf,
            **number,
        )
        options = [(0, 0, {"name": words["out"]}), (0, 0, {"name": words["off"]})]
        admin.create(
            "field.form.question",
            form_id=form,
            name=words["why"],
            sequence=3,
            kind="choice",
            option_ids=options,
            if_question_id=shelf,
            if_yes="no",
        )
        return form

    def answer(self, tab):
        words = self.words
        tab.tap("[data-step=form]")
        tab.see(".o_fv_question", words["shelf"])
        tab.tap("button[name=save_step]")
        tab.see("[role=alert]")
        tab.tap("[data-answer=no]")
        tab.see(".o_fv_question", words["why"])
        tab.tap("[data-answer=yes]")
        tab.gone(".o_fv_question", words["why"])
        tab.type(".o_fv_answer input", "99")
        tab.see("[role=alert]", "50")
        self.look(tab, "form")
        tab.js("document.querySelector('.o_fv_answer input').value = ''")
        tab.type(".o_fv_answer input", "21")
        tab.gone("[role=alert]")
        tab.tap("button[name=save_step]")
        tab.see("[data-step=form][data-state=done]", "100 %")

    def correct(self, tab):
        """A slip is looked at and put right; who only looks changes nothing."""
        value = "document.querySelector('.o_fv_answer input')?.value"
        tab.tap("[data-step=form]")
        tab.see("[data-answered]")
        tab.wait(f"{value} === '21'", "what was answered")
        self.look(tab, "form-answered")
        tab.tap(".o_fa_sheet_bar button")
        tab.gone("[data-answered]")
        self.assertEqual(outbox(tab)[-1]["kind"], "visit.step_done")
        tab.tap("[data-step=form]")
        tab.type(".o_fv_answer input", "12")
        tab.tap("button[name=save_step]")
        tab.see("[data-step=form][data-state=done]", "100 %")
        kinds = [one["kind"] for one in outbox(tab)][-2:]
        self.assertEqual(kinds, ["visit.step_reopen", "visit.step_done"])

    def begin_with_a_goal(self, tab):
        """One tap more than the check-in itself."""
        tab.tap("button[name=check_in]")
        tab.tap("button[name=goal]", self.words["goal"])
        tab.see("button[name=goal][aria-pressed=true]", self.words["goal"])
        self.look(tab, "check-in-goal")
        tab.tap("button[name=confirm_check_in]")
        tab.see("[data-goal=set]", self.words["goal"])

    def promise(self, tab):
        tab.tap("button[name=add_followup]")
        tab.type("textarea[name=followup_name]", self.words["promise"])
        self.look(tab, "followup")
        tab.tap("button[name=save_followup]")
        tab.see(".o_fa_row", self.words["promise"])
        self.look(tab, "visit-form")

    def test_visit_with_a_form(self):
        phone = self.phone()
        tab = phone.tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        self.begin_with_a_goal(tab)
        self.answer(tab)
        self.correct(tab)
        self.promise(tab)
        tab.tap("button[name=check_out]")
        tab.see("[data-goal=unsaid]", self.words["goal"])
        tab.tap("button[name=result]", self.words["thinks"])
        tab.see("[data-goal=missed]")
        tab.tap("button[name=result]", self.words["sold"])
        tab.see("[data-goal=reached]", self.words["goal"])
        self.look(tab, "check-out-result")
        tab.tap("button[name=confirm_check_out]")
        tab.see(".o_fa_tabs")
        tab.offline(False)
        settled(tab)
        self.assert_office()
        self.read_the_score(tab)

    def assert_office(self):
        kinds = ["workday.open", "visit.check_in", "visit.step_done", "visit.step_reopen"]
        kinds += ["visit.step_done", "followup.add", "visit.check_out"]
        self.assert_arrived(kinds)
        answer = self.town.admin.row(
            "field.form.answer", [("question_id", "=", self.facings)], ["value_number", "user_id"]
        )
        self.assertEqual((answer["value_number"], answer["user_id"]), (12, self.user))
        domain = [("user_id", "=", self.user), ("state", "=", "done")]
        names = ("verdict", "result_id", "is_productive", "goal_state")
        visit = self.town.admin.row("field.visit", domain, names)
        self.assertTrue(visit["result_id"])
        self.assertEqual((visit["verdict"], visit["is_productive"]), ("valid", True))
        self.assertEqual(visit["goal_state"], "reached")
        activity = self.town.admin.row(
            "mail.activity", [("summary", "=", self.words["promise"])], ["res_id", "user_id"]
        )
        self.assertEqual((activity["res_id"], activity["user_id"]), (self.shops[0], self.user))

    def read_the_score(self, tab):
        tab.tap(".o_fv_stop", "Golden Dragon")
        tab.see(".o_fa_card", "100")
        self.look(tab, "visit-score")
        tab.tap("button[name=explain]")
        tab.type("textarea[name=explanation]", self.words["said"])
        tab.tap("button[name=save_explanation]")
        tab.see(".o_fa_card", self.words["said"])
        settled(tab)
        domain = [("user_id", "=", self.user), ("state", "=", "done")]
        visit = self.town.admin.row("field.visit", domain, ["explanation"])
        self.assertEqual(visit["explanation"], self.words["said"])


class TestFormEnglish(Forms, PhoneCase):
    lang = "en_US"


class TestFormChinese(Forms, PhoneCase):
    lang = "zh_CN"

    def test_planned_visit_is_called_off_with_one_tap(self):
        tab = self.connected().tab
        tab.tap("button[name=check_in]")
        tab.tap("button[name=call_off]")
        tab.see("button[name=cancel_reason]")
        tab.tap("button[name=cancel_reason]")
        tab.gone("button[name=cancel_reason]")
        settled(tab)
        visit = self.town.admin.row(
            "field.visit",
            [("user_id", "=", self.user), ("partner_id", "=", self.shops[0])],
            ["state", "reason_id"],
        )
        self.assertEqual(visit["state"], "cancelled")
        self.assertTrue(visit["reason_id"])
