"""Forms that ask for codes, photos, signatures, product lines and tables, in both languages, without a network.

With FIELD_PICTURES it makes the pictures of the guides.
"""

import pytest

from .phone_case import PhoneCase
from .phone_town import check_in, outbox, settled
from .test_phone_forms import NAMES
from .test_phone_proofs import READER

pytestmark = pytest.mark.xdist_group("phone")

WORDS = {
    "en_US": {
        "sop": "Store visit",
        "step": "Round of the promoter",
        "barcode": "Code on the cooler",
        "photo": "The pile of the promotion",
        "signature": "Seen by the manager of the shop",
        "lines": "What was sold while you were there?",
        "matrix": "What do customers say?",
        "names": ("Quantity", "Price", "Sold until", "Taste", "Bottle", "good", "so-so", "bad"),
        "unit": "pieces",
    },
    "zh_CN": {
        "sop": "门店拜访",
        "step": "促销巡查",
        "barcode": "冰柜上的条码",
        "photo": "促销堆头",
        "signature": "店长确认",
        "lines": "您在店期间卖出了什么？",
        "matrix": "顾客怎么说？",
        "names": ("数量", "价格", "售至", "口味", "瓶子", "好", "一般", "差"),
        "unit": "件",
    },
}
FORM_LOGIC = "odoo.loader.modules.get('@field_visit/form/form_logic')"
PEN = """(() => {
    const pad = document.querySelector('.o_fa_sheet canvas');
    pad.scrollIntoView({ block: 'center' });
    const box = pad.getBoundingClientRect();
    const say = (type, x, y) => pad.dispatchEvent(new PointerEvent(type, {
        bubbles: true, pointerId: 1, clientX: box.x + x, clientY: box.y + y }));
    pad.setPointerCapture = () => {};
    say('pointerdown', 20, 30);
    say('pointermove', 60, 70);
    say('pointerup', 60, 70);
})()"""


class FormKinds:
    lang = "en_US"
    names = NAMES | {"Cola", "Tea"}

    def setUp(self):
        admin = self.town.admin
        self.words = WORDS[self.lang]
        admin.write("res.users", self.user, lang=self.lang)
        self.form = admin.create("field.form", name=self.words["step"])
        step = {"key": "form", "name": self.words["step"], "kind": "form", "sequence": 1}
        step |= {"form_id": self.form}
        sop = admin.create(
            "field.sop", name=self.words["sop"], sequence=90, step_ids=[(0, 0, step)]
        )
        visits = admin.search("field.visit", [("user_id", "=", self.user)])
        admin.write("field.visit", visits, sop_id=sop)

    def ask(self, kind, **vals):
        vals = {"form_id": self.form, "name": self.words[kind], "kind": kind, **vals}
        return self.town.admin.create("field.form.question", **vals)

    def begin(self):
        """A phone that has heard of the form, in the shop and without a network."""
        phone = self.phone()
        tab = phone.tab
        self.open_app(tab)
        tab.wait("!!fieldApp.location.current()", "a position")
        tab.offline()
        check_in(tab)
        tab.tap("[data-step=form]")
        return tab

    def end(self, tab):
        tab.tap("button[name=save_step]")
        tab.see("[data-step=form][data-state=done]")
        tab.offline(False)
        settled(tab)

    def answers(self, question, *names):
        domain = [("question_id", "=", question)]
        return self.town.admin.rows("field.form.answer", domain, names)

    def test_code_photo_and_signature(self):
        code = self.ask("barcode", sequence=1)
        photo = self.ask("photo", sequence=2)
        signature = self.ask("signature", sequence=3)
        tab = self.begin()
        tab.js(READER)
        tab.js("window.held = '6901234567892'")
        tab.tap("button[name=answer_scan]")
        tab.wait("document.querySelector('.o_fv_code input').value === window.held", "the code")
        tab.js(f"{FORM_LOGIC}.MOST_FILES.photo = 1")
        tab.tap("button[name=answer_photo]")
        tab.wait("document.querySelector('video').videoWidth", "the camera")
        tab.tap(".o_fa_shutter")
        tab.wait("document.querySelector('.o_fa_camera .o_fa_thumbs img')", "the photo")
        tab.see(".o_fa_shutter[disabled]")  # one is the most here
        tab.tap("button[name=camera_done]")
        tab.see(".o_fv_question .o_fa_thumbs img")
        tab.tap("button[name=save_step]")
        tab.see("[role=alert]")
        self.reopen(tab)
        tab.js(READER)
        tab.tap("button[name=answer_scan]")
        tab.wait("document.querySelector('.o_fv_code input').value === window.held", "the code")
        self.look(tab, "form-code")
        tab.js(PEN)
        tab.gone("[role=alert]")
        self.look(tab, "form-files")
        self.end(tab)
        self.assertEqual(self.answers(code, "value_text")[0]["value_text"], "6901234567892")
        for question in (photo, signature):
            (row,) = self.answers(question, "photo_ids")
            self.assertEqual(len(row["photo_ids"]), 1)
            domain = [("id", "in", row["photo_ids"])]
            file = self.town.admin.row("field.visit.photo", domain, ["attachment_id"])
            self.assertTrue(file["attachment_id"])

    def make_tables(self):
        """A question with product lines, and one that is a scale."""
        qty, price, until, taste, bottle, *scale = self.words["names"]
        products = [
            self.town.admin.create("product.product", name=name) for name in ("Cola 330", "Tea 500")
        ]
        columns = [
            (0, 0, {"name": qty, "sequence": 1, "unit": self.words["unit"]}),
            (0, 0, {"name": price, "kind": "price", "required": False, "sequence": 2}),
            (0, 0, {"name": until, "kind": "date", "required": False, "sequence": 3}),
        ]
        lines = self.ask("lines", sequence=1, product_ids=[(6, 0, products)], column_ids=columns)
        matrix = self.ask(
            "matrix",
            sequence=2,
            is_single=True,
            option_ids=[(0, 0, {"name": name}) for name in (taste, bottle)],
            column_ids=[(0, 0, {"name": name}) for name in scale],
        )
        return products, lines, matrix

    def add(self, tab, product, row, *cells):
        tab.tap("button[name=add_product]")
        tab.tap("button[name=choose_product]", product)
        tab.gone("button[name=choose_product]")
        for kind, text in cells:
            tab.type(f"[data-row='{row}'] input[data-kind={kind}]", text)

    def go_on(self, tab, field, letters, read):
        """One letter after the other, and what stands there when the field is left."""
        value = f"document.querySelector({field!r}).value"
        typed = tab.js(value)
        for letter in letters:
            tab.send("Input.insertText", text=letter)
            typed += letter
            tab.wait(f"{value} === {typed!r}", f"{typed} to stay as it is")
        tab.js("document.activeElement.blur()")
        tab.wait(f"{value} === {read!r}", f"{read} to be shown")

    def test_tables(self):
        (cola, _tea), lines, matrix = self.make_tables()
        tab = self.begin()
        self.add(tab, "Cola", 0, ("price", "3.50"), ("number", "1"))
        self.go_on(tab, "[data-row='0'] input[data-kind=number]", ",200", "1200")
        self.add(tab, "Tea", 1, ("price", "4"))
        tab.tap("button[name=tick]")
        tab.tap("button[name=save_step]")
        tab.wait("document.querySelectorAll('[role=alert]').length === 2", "both are open")
        self.look(tab, "form-table")
        tab.tap("[data-row='1'] button[name=remove_line]")
        tab.gone("[data-row='1'] button[name=remove_line]")
        self.add(tab, "Cola", 1, ("number", "0.5"))
        tab.tap("[data-row='1'] button[name=tick]:nth-of-type(3)")
        tab.gone("[role=alert]")
        self.end(tab)
        sold = self.answers(lines, "line", "product_id", "value_number", "kind")
        found = [(row["line"], row["product_id"], row["value_number"]) for row in sold]
        self.assertEqual(found, [(1, cola, 1200), (1, cola, 3.5), (2, cola, 0.5)])
        said = self.answers(matrix, "row", "column", "value_yes")
        _qty, _price, _until, taste, bottle, good, _so, bad = self.words["names"]
        rows = [(row["row"], row["column"], row["value_yes"]) for row in said]
        self.assertEqual(rows, [(taste, good, "yes"), (bottle, bad, "yes")])

    def reopen(self, tab):
        """The photo is on the disk: who closes the form finds it again."""
        tab.tap(".o_fa_sheet_bar button")
        tab.gone(".o_fv_question")
        tab.tap("[data-step=form]")
        tab.see(".o_fv_question .o_fa_thumbs img")
        self.assertEqual([one["kind"] for one in outbox(tab)][-1], "visit.check_in")


class TestFormKindsEnglish(FormKinds, PhoneCase):
    lang = "en_US"


class TestFormKindsChinese(FormKinds, PhoneCase):
    lang = "zh_CN"
