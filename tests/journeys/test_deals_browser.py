"""Deals on the desk and on the phone: a condition that stops a move, the funnel, the forecast and a
coach note, each by the role whose work it is, in English and in Chinese."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from odoo.tests import HttpCase, tagged
from tests.support.browser import window

from .office_case import OfficeCase, OnPhone, off_the_diagonal

pytestmark = pytest.mark.xdist_group("browser")

NAMES = {
    "en_US": {
        "rep": "Chen Wei",
        "leader": "Wang Fang",
        "deal": "Coolers for the hospital",
        "customer": "Hospital East",
        "rival": "Morning Dew",
        "company": "Blue River Foods",
        "reason": "Price",
        "team": "City",
        "elsewhere": "Country",
        "advice": "Talk to the owner himself, please.",
        "answer": "On Friday at ten.",
    },
    "zh_CN": {
        "rep": "陈伟",
        "leader": "王芳",
        "deal": "医院冰柜项目",
        "customer": "东区医院",
        "rival": "晨露饮品",
        "company": "蓝河食品",
        "reason": "价格",
        "team": "城区",
        "elsewhere": "郊区",
        "advice": "请直接找老板谈。",
        "answer": "周五上午十点。",
    },
}
# Odoo's own names, and a description the test database has in English alone.
ALLOWED = {"OdooBot", "Lead", "Opportunity", "created"}


class Deals(OfficeCase):
    names = NAMES
    allowed = ALLOWED

    def setUp(self):
        super().setUp()
        self.leader = self.hire("leader", "leader", self.words["leader"])
        self.rep = self.hire("rep", "rep", self.words["rep"], boss=self.leader)
        Stage = self.env["crm.stage"]
        self.team = self.env["crm.team"].create(
            {"name": self.words["team"], "member_ids": [(6, 0, self.rep.ids)]}
        )
        elsewhere = self.env["crm.team"].create({"name": self.words["elsewhere"]})
        Stage.search([]).team_ids = elsewhere
        Stage.action_field_standard_stages()
        self.stages = Stage.search([("team_ids", "=", False)])
        self._make_deals()

    def _make_deals(self):
        words, Lead = self.words, self.env["crm.lead"].with_context(lang=self.lang)
        customer = self.env["res.partner"].create({"name": words["customer"], "is_company": True})
        rival = self.env["field.competitor"].create({"name": words["rival"]})
        reason = self.env["crm.lost.reason"].create({"name": words["reason"]})
        rows = [
            {
                "name": f"{words['deal']} {number}" if number else words["deal"],
                "type": "opportunity",
                "user_id": self.rep.id,
                "team_id": self.team.id,
                "partner_id": customer.id,
                "stage_id": self.stages[0].id,
                "expected_revenue": 20000 + 1000 * number,
                "date_deadline": date.today() + timedelta(days=12 * number + 3),
            }
            for number in range(14)
        ]
        deals = Lead.create(rows)
        self.deal = deals[0]
        for far, chosen in ((1, deals[2:]), (2, deals[5:]), (3, deals[8:]), (4, deals[12:])):
            chosen.stage_id = self.stages[far]
        for deal in deals[3:5]:
            deal.field_lost_competitor_id = rival
            deal.action_set_lost(lost_reason_id=reason.id)
        category = self.env.ref("field_crm.field_document_category_quote")
        gate = self.env["field.stage.gate"].create(
            {"stage_id": self.stages[3].id, "kind": "attachment", "category_id": category.id}
        )
        gate.name = gate.with_context(lang=self.lang)._get_default_name()
        gate.with_context(lang=self.lang).name = gate.name
        gate.action_switch_on()
        self.stages[0].field_silent_days = 7
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = now() - interval '30 days' WHERE id = %s",
            (self.deal.id,),
        )
        self.env.invalidate_all()

    def picture(self, page, name):
        if self.lang == "en_US":
            page.picture(name if self.size == "desk" else f"{name}-phone")

    # --- the representative --------------------------------------------------------------------
    def test_rep_is_stopped_and_puts_it_right(self):
        negotiation = self.stages[3].with_context(lang=self.lang).name
        with window(self, "rep", f"/odoo/m-crm.lead/{self.deal.id}") as page:
            self._move(page, negotiation)
            page.see(".o_field_gate", negotiation)
            self.check(page)
            self.picture(page, "stage-gate")
            page.click(".o_field_gate li button")
            page.see(".modal .o_field_widget[name=file]")
            self.check(page)
            self._attach(page)
            page.click(".o_form_button_save")
            page.gone(".o_form_status_indicator_buttons:not(.invisible)")
            page.settle()
        self.assertEqual(self.deal.stage_id, self.stages[3])
        events = self.deal.field_stage_history_ids.sorted("id").mapped("event")
        self.assertEqual(events, ["enter", "forward"])

    def _move(self, page, stage):
        """Stages that have no place in the bar, for which the font counts, stand in its menu."""
        page.see(".o_statusbar_status button")
        page.settle()
        arrow = ".o_statusbar_status button.o_arrow_button:not(.dropdown-toggle)"
        if page.shows(arrow, stage):
            page.click(arrow, stage)
        else:
            page.click(".o_statusbar_status button.dropdown-toggle")
            page.click(".o-dropdown--menu .dropdown-item", stage)

    def _attach(self, page):
        with tempfile.TemporaryDirectory() as folder:
            paper = Path(folder) / "quote.pdf"
            paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
            page.choose_file(".modal .o_field_widget[name=file] input[type=file]", paper)
            field = "document.querySelector('.modal .o_field_widget[name=file] input[type=text]')"
            page.wait(f"{field}.value === 'quote.pdf'", "the chosen file")
            page.click(".modal button[name=action_add]")
            page.gone(".modal")

    # --- the leader ----------------------------------------------------------------------------
    def test_leader_reads_and_coaches_and_the_rep_answers(self):
        with window(self, "leader", "/odoo/funnel") as page:
            self._read_funnel(page)
            self.go(page, "/odoo/cash-forecast")
            page.see(".o_field_forecast_month")
            self.check(page)
            self.picture(page, "forecast")
            self.go(page, "/odoo/stalled-deals")
            self._coach(page)
        note = self.deal.field_coach_note_ids
        self.assertEqual((note.author_id, note.user_id), (self.leader, self.rep))
        with window(self, "rep", f"/odoo/m-field.coach.note/{note.id}") as page:
            self._answer(page)
        self.env.invalidate_all()
        self.assertEqual((note.answer, note.state), (self.words["answer"], "answered"))

    def _read_funnel(self, page):
        page.see(".o_field_funnel_step")
        self.check(page)
        self.assertEqual(page.count(".o_field_funnel_step"), len(self.stages))
        self.assertIn(self.words["reason"], page.text())
        self.picture(page, "funnel")
        page.click(".o_field_funnel_loss", self.words["reason"])
        page.see(".o_list_view .o_data_row, .o_kanban_record", self.words["deal"])

    def _coach(self, page):
        # A list at the desk, cards on the phone.
        page.see(".o_data_row, .o_kanban_record", self.words["deal"])
        self.check(page)
        coach = "button[name=action_field_coach]"
        page.click(f".o_data_row {coach}, .o_kanban_record {coach}")
        page.see(".modal .o_field_widget[name=body] textarea")
        page.type(".modal .o_field_widget[name=body] textarea", self.words["advice"])
        self.check(page)
        page.click(".modal .o_form_button_save")
        page.gone(".modal")

    def _answer(self, page):
        page.click("button[name=action_open_answer]")
        page.see(".modal .o_field_widget[name=answer] textarea")
        page.type(".modal .o_field_widget[name=answer] textarea", self.words["answer"])
        self.check(page)
        page.click(".modal button[name=action_answer]")
        page.gone(".modal")


@tagged("post_install", "-at_install")
class TestDealsDesk(Deals, HttpCase):
    pass


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestDealsDeskInChinese(Deals, HttpCase):
    lang = "zh_CN"


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestDealsPhone(OnPhone, Deals, HttpCase):
    pass


@tagged("post_install", "-at_install")
class TestDealsPhoneInChinese(OnPhone, Deals, HttpCase):
    lang = "zh_CN"
