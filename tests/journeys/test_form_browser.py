"""A form with tables at the desk: a person of the office fills it in, an administrator builds it;
in English and in Chinese, on a desk and on a phone."""

import pytest

from odoo.tests import HttpCase, tagged
from tests.support.browser import window

from .office_case import OfficeCase, OnPhone, off_the_diagonal

pytestmark = pytest.mark.xdist_group("browser")

NAMES = {
    "en_US": {
        "company": "Blue River Foods",
        "rep": "Li Na",
        "admin": "Chen Jie",
        "shop": "Golden Dragon",
        "form": "Promoter's round",
        "lines": "What was sold while you were there?",
        "matrix": "What do customers say?",
        "photo": "The pile of the promotion",
        "products": ("Cola 330 ml", "Green tea 500 ml"),
        "columns": ("Quantity", "Price"),
        "rows": ("Taste", "Bottle"),
        "scale": ("good", "so-so", "bad"),
    },
    "zh_CN": {
        "company": "蓝河食品",
        "rep": "李娜",
        "admin": "陈洁",
        "shop": "金龙超市",
        "form": "促销巡查",
        "lines": "您在店期间卖出了什么？",
        "matrix": "顾客怎么说？",
        "photo": "促销堆头",
        "products": ("可乐 330 毫升", "绿茶 500 毫升"),
        "columns": ("数量", "价格"),
        "rows": ("口味", "瓶子"),
        "scale": ("好", "一般", "差"),
    },
}
PLACE = {"lat": 31.2304, "lng": 121.4737, "accuracy": 8}


class FormAtTheDesk:
    names = NAMES
    allowed = frozenset({"OdooBot", "Enter", "ZH"})

    def setUp(self):
        super().setUp()
        words = self.words
        self.rep = self.hire("rep0", "rep", words["rep"])
        self.hire("boss", "admin", words["admin"])
        self.form = self.env["field.form"].create({"name": words["form"]})
        products = self.env["product.product"].create([{"name": one} for one in words["products"]])
        self.cola = products[0]
        price = {"name": words["columns"][1], "kind": "price", "required": False, "sequence": 20}
        self.lines = self._ask(
            "lines",
            product_ids=[(6, 0, products.ids)],
            column_ids=[(0, 0, {"name": words["columns"][0]}), (0, 0, price)],
        )
        self._ask(
            "matrix",
            is_single=True,
            option_ids=[(0, 0, {"name": name}) for name in words["rows"]],
            column_ids=[(0, 0, {"name": name}) for name in words["scale"]],
        )
        self._ask("photo", required=False)
        self.step = self._begin()
        self.env.flush_all()

    def _ask(self, kind, **vals):
        vals = {"form_id": self.form.id, "name": self.words[kind], "kind": kind, **vals}
        return self.env["field.form.question"].create(vals)

    def _begin(self):
        step = {"name": self.words["form"], "kind": "form", "form_id": self.form.id}
        sop = self.env["field.sop"].create(
            {"name": self.words["form"], "sequence": 0, "step_ids": [(0, 0, step)]}
        )
        place = {"partner_latitude": PLACE["lat"], "partner_longitude": PLACE["lng"]}
        shop = self.env["res.partner"].create({"name": self.words["shop"], **place})
        visit = self.env["field.visit"].create(
            {"partner_id": shop.id, "user_id": self.rep.id, "sop_id": sop.id}
        )
        visit.with_user(self.rep)._do_check_in(PLACE)
        return visit.step_ids

    def picture(self, page, name):
        self.check(page)
        suffix = "" if self.size == "desk" else "-phone"
        page.picture(f"{name}{suffix}-{self.lang[:2]}")

    def test_tables_are_filled_in(self):
        with window(self, "rep0", f"/odoo/field.visit.step/{self.step.id}") as page:
            page.see(".o_field_visit_form_answers")
            page.js(
                "(() => { const list = document.querySelector('.o_field_visit_form_answers select');"
                f" list.value = '{self.cola.id}';"
                " list.dispatchEvent(new Event('change', { bubbles: true })); })()"
            )
            page.see("td", self.words["products"][0])
            quantity = (
                f"input[aria-label='{self.words['products'][0]} · {self.words['columns'][0]}']"
            )
            page.type(quantity, "12")
            for row, mark in zip(self.words["rows"], self.words["scale"], strict=False):
                page.click(f"input[aria-label='{row} · {mark}']")
            self.picture(page, "form-desk")
            page.click(".o_form_button_save")
            page.gone(".o_form_status_indicator_buttons:not(.invisible) .o_form_button_save")
        self.env.invalidate_all()
        self.step.with_user(self.rep).action_done()
        rows = self.step.answer_ids.sorted(lambda row: (row.kind, row.id))
        self.assertEqual(rows.mapped("kind"), ["number", "yes_no", "yes_no"])
        self.assertEqual((rows[0].product_id, rows[0].value_number), (self.cola, 12))
        self.assertEqual(set(rows[1:].mapped("column")), set(self.words["scale"][:2]))

    def test_questions_are_built(self):
        with window(self, "boss", f"/odoo/field.form/{self.form.id}") as page:
            page.see(".o_form_view", self.words["lines"])
            page.click("td.o_data_cell, .o_kanban_record", self.words["lines"])
            page.see(".modal .o_field_widget[name=product_ids]", self.words["products"][0])
            page.see(".modal .o_field_widget[name=column_ids]", self.words["columns"][1])
            self.picture(page, "form-builder")


@tagged("post_install", "-at_install")
class TestFormDeskEnglish(FormAtTheDesk, OfficeCase, HttpCase):
    pass


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestFormDeskChinese(FormAtTheDesk, OfficeCase, HttpCase):
    lang = "zh_CN"


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestFormPhoneEnglish(OnPhone, FormAtTheDesk, OfficeCase, HttpCase):
    pass


@tagged("post_install", "-at_install")
class TestFormPhoneChinese(OnPhone, FormAtTheDesk, OfficeCase, HttpCase):
    lang = "zh_CN"
