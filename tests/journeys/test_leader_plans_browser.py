"""What a leader plans and decides, in the browser: a period plan from the first press to the publishing,
who should go, new grades, a work package, a change of a customer. In English and in Chinese, desk and
phone."""

from datetime import timedelta

import pytest

from odoo.tests import HttpCase, tagged
from tests.support.browser import window

from .filling import Filling
from .office_case import OfficeCase, OnPhone, off_the_diagonal
from .shanghai import today

pytestmark = pytest.mark.xdist_group("browser")

NAMES = {
    "en_US": {
        "company": "Blue River Foods",
        "leader": "Wang Fang",
        "people": ("Li Na", "Chen Wei"),
        "shops": ("Golden Dragon", "Happy Mart", "Sun Store", "Lucky 88"),
        "rule": "Once a week",
        "plan": "Two weeks in the city",
        "task": "Autumn display",
        "goal": "Two shelves",
        "reason": "A new number on the door",
        "answer": "Too short for a number",
    },
    "zh_CN": {
        "company": "蓝河食品",
        "leader": "王芳",
        "people": ("李娜", "陈伟"),
        "shops": ("金龙超市", "乐福超市", "阳光便利店", "好运八八"),
        "rule": "每周一次",
        "plan": "市区两周",
        "task": "秋季陈列",
        "goal": "两层货架",
        "reason": "门上有新号码",
        "answer": "号码位数不够",
    },
}
ALLOWED = {"OdooBot", "GPS", "m", "km", "min", "h", "A", "B", "C", "D"}
PIN = (31.2304, 121.4737)


class Plans(Filling, OfficeCase):
    names = NAMES
    allowed = ALLOWED

    def setUp(self):
        super().setUp()
        self.env["ir.module.module"]._load_module_terms(["field_visit"], [self.lang])
        self.leader = self.hire("boss", "leader", self.words["leader"])
        self.reps = [
            self.hire(f"rep{number}", "rep", name, boss=self.leader)
            for number, name in enumerate(self.words["people"])
        ]
        self.shops = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "user_id": self.reps[0].id,
                    "partner_latitude": PIN[0] + number / 50,
                    "partner_longitude": PIN[1],
                }
                for number, name in enumerate(self.words["shops"])
            ]
        )
        self.env.flush_all()

    def action(self, xmlid):
        return f"/odoo/action-field_visit.{xmlid}_action"

    # --- period plan ---------------------------------------------------------------------------
    def test_period_plan(self):
        self.env["field.frequency.rule"].search([]).active = False
        self.env["field.matrix.provider"].search([]).active = False
        self.env["field.frequency.rule"].create(
            {
                "name": self.words["rule"],
                "domain": repr([("id", "in", self.shops.ids)]),
                "period": "week",
                "days_ahead": 28,
            }
        )
        monday = today() + timedelta(days=7 - today().weekday())
        plans = self.env["field.period.plan"].with_user(self.leader).with_context(lang=self.lang)
        plan = plans.create(
            {"name": self.words["plan"], "date_from": monday, "weeks": 2, "seconds": 5}
            | {"user_ids": self.reps[0].ids}
        ).sudo()
        with window(self, "boss", self.action("field_period_plan")) as page:
            page.see(".o_data_row, .o_kanban_record", self.words["plan"])
            self.look(page, "period-plans")
            self.go(page, f"/odoo/m-field.period.plan/{plan.id}")
            page.see(".o_form_view button[name=action_start], .o_statusbar_buttons")
            self.press(page, "action_start")
            page.gone("button[name=action_start]")
            self.look(page, "period-plan-queued")
        self.assertEqual(plan.state, "queued")
        plan._do_solve()  # the scheduled job
        self.assertEqual((plan.state, len(plan.line_ids)), ("ready", 8))
        with window(self, "boss", f"/odoo/m-field.period.plan/{plan.id}") as page:
            page.see(".o_field_widget[name=person_ids]", self.words["people"][0])
            self.look(page, "period-plan-ready")
            self.open_figure(page, "action_open_lines")
            page.see(".o_calendar_view", self.words["shops"][0] if self.size == "desk" else "")
            self.look(page, "period-plan-days")
            self.go(page, f"/odoo/m-field.period.plan/{plan.id}")
            page.see(".o_field_widget[name=person_ids]", self.words["people"][0])
            self.press(page, "action_publish")
            page.click(".modal footer .btn-primary")
            page.gone(".modal")
            page.gone("button[name=action_publish]")
            self.look(page, "period-plan-published")
        self.assertEqual(plan.state, "published")
        planned = [("user_id", "=", self.reps[0].id), ("plan_date", ">=", monday)]
        self.assertEqual(self.env["field.visit"].search_count(planned), 8)

    # --- who should go -------------------------------------------------------------------------
    def test_who_should_go(self):
        with window(self, "boss", self.action("field_dispatch")) as page:
            self.pick(page, "partner_id", self.words["shops"][1], ".modal")
            page.click(".modal button[name=action_search]")
            page.see(".modal .o_field_widget[name=line_ids]", self.words["people"][0])
            self.look(page, "dispatch")
            if self.size == "phone":
                self.assert_reasons_are_whole(page)
            page.click(".modal button[name=action_assign]")
            page.gone(".modal")
            page.see(".o_form_statusbar")  # of the visit
        visit = self.env["field.visit"].search([("partner_id", "=", self.shops[1].id)])
        self.assertIn(visit.user_id, self.reps[0] | self.reps[1])

    def assert_reasons_are_whole(self, page):
        """Each candidate is a card: his name, all his reasons and the button."""
        cards = page.js(
            """[...document.querySelectorAll(".modal .o_kanban_record:not(.o_kanban_ghost)")].map(
                (card) => {
                    const [who, why] = ["who", "why"].map((name) =>
                        card.querySelector(`[name=${name}]`)
                    );
                    const isWhole = [who, why, card.querySelector("button")].every((part) => {
                        const { left, right } = part.getBoundingClientRect();
                        const fits = part.scrollWidth <= part.clientWidth;
                        return fits && left >= 0 && right <= innerWidth;
                    });
                    return [who.textContent, why.textContent, isWhole];
                }
            )"""
        )
        names, reasons, whole = zip(*cards, strict=True)
        self.assertLessEqual(set(self.words["people"]), set(names))
        self.assertTrue(all(reason.count("(+") > 1 for reason in reasons), reasons)
        self.assertTrue(all(whole), cards)

    # --- grades --------------------------------------------------------------------------------
    def test_grades_are_proposed_and_applied(self):
        best, some, last = (self.env.ref(f"field_visit.field_grade_{one}") for one in "acd")
        some.threshold = 2
        self.shops[0].field_grade_id = best
        moment = f"{today() - timedelta(days=3)} 02:00:00"
        values = {"state": "done", "review_state": "accepted", "plan_date": moment[:10]}
        times = {"check_in_at": moment, "check_out_at": moment}
        people = {"partner_id": self.shops[1].id, "user_id": self.reps[0].id}
        visits = self.env["field.visit"]._with_evidence()
        visits.create([values | times | people for _again in range(3)])
        with window(self, "boss", self.action("field_grade_proposal")) as page:
            page.click(".modal button[name=action_preview]")
            page.see(".modal .o_field_widget[name=line_ids]", self.words["shops"][0])
            self.look(page, "grades")
            page.click(".modal button[name=action_apply]")
            page.gone(".modal button[name=action_apply]")
            page.settle()
        self.assertEqual(self.shops[0].field_grade_id, last, "nobody was there")
        self.assertEqual(self.shops[1].field_grade_id, some, "three visits")

    # --- work packages -------------------------------------------------------------------------
    def test_work_package(self):
        with window(self, "boss", self.action("field_task")) as page:
            self.new(page)
            page.type(".o_field_widget[name=name] input", self.words["task"])
            page.type(
                ".o_field_widget[name=goal] input, .o_field_widget[name=goal] textarea",
                self.words["goal"],
            )
            self.take_today(page, "deadline")
            self.save(page)
        task = self.env["field.task"].search([("name", "=", self.words["task"])])
        self.assertEqual((task.goal, task.user_id), (self.words["goal"], self.leader))
        task.partner_ids = self.shops[:2]
        with window(self, "boss", f"/odoo/m-field.task/{task.id}") as page:
            page.see(".o_field_widget[name=partner_ids]", self.words["shops"][0])
            self.press(page, "action_give_out")
            page.see(".o_button_more, button[name=action_open_works]")
            self.look(page, "work-given-out")
            self.open_figure(page, "action_open_works")
            page.see(".o_data_row, .o_kanban_record", self.words["shops"][1])
            self.look(page, "work-pieces")
        self.assertEqual(task.work_ids.user_id, self.reps[0])
        self.assertEqual(task.work_ids.partner_id, self.shops[:2])

    # --- changes of customers ------------------------------------------------------------------
    def test_changes_of_customers(self):
        changes = self.env["field.partner.change"].with_user(self.reps[0])
        good, bad = [
            changes._propose(shop.id, {"phone": number}, self.words["reason"]).sudo()
            for shop, number in zip(self.shops[:2], ("021 5566 7788", "021 1"), strict=True)
        ]
        self.assertEqual({good.state, bad.state}, {"open"})
        with window(self, "boss", self.action("field_partner_change")) as page:
            page.see(".o_data_row, .o_kanban_record", self.words["shops"][0])
            self.look(page, "changes")
            self.go(page, f"/odoo/m-field.partner.change/{good.id}")
            page.see(".o_form_view", "021 5566 7788")
            self.look(page, "change")
            self.press(page, "action_apply")
            page.gone("button[name=action_apply]")
            self.go(page, f"/odoo/m-field.partner.change/{bad.id}")
            page.see(".o_form_view", self.words["shops"][1])
            self.press(page, "action_open_refuse")
            page.type(
                ".modal .o_field_widget[name=answer] input,"
                " .modal .o_field_widget[name=answer] textarea",
                self.words["answer"],
            )
            self.look(page, "change-refused")
            page.click(".modal footer .btn-primary")
            page.gone(".modal")
        self.assertEqual((good.state, bad.state), ("applied", "refused"))
        self.assertEqual(bad.answer, self.words["answer"])
        self.assertEqual(self.shops[0].phone.replace(" ", "")[-8:], "55667788")


@tagged("post_install", "-at_install")
class TestPlansDesk(Plans, HttpCase):
    pass


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestPlansDeskInChinese(Plans, HttpCase):
    lang = "zh_CN"


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestPlansPhone(OnPhone, Plans, HttpCase):
    pass


@tagged("post_install", "-at_install")
class TestPlansPhoneInChinese(OnPhone, Plans, HttpCase):
    lang = "zh_CN"
