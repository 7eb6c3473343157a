"""The administrator sets up what visits are made of, in the browser: a form, a procedure, a policy with
proofs, a trade pack, a shelf standard, a fence by kind of customer. In English and in Chinese, desk and
phone."""

import pytest

from odoo.tests import HttpCase, tagged
from tests.support.browser import window

from .filling import Filling
from .office_case import OfficeCase, OnPhone, off_the_diagonal
from .shanghai import today

pytestmark = pytest.mark.xdist_group("browser")

NAMES = {
    "en_US": {
        "admin": "Zhao Min",
        "company": "Blue River Foods",
        "form": "Cooler check",
        "question": "Is the cooler switched on?",
        "procedure": "Visit of a pharmacy",
        "step": "Talk to the owner",
        "policy": "City team",
        "standard": "Supermarkets at the river",
        "product": "Green tea",
        "fence": "Wholesale markets",
        "channel": "Wholesale at the harbour",
    },
    "zh_CN": {
        "admin": "赵敏",
        "company": "蓝河食品",
        "form": "冰柜检查",
        "question": "冰柜是否通电？",
        "procedure": "药店拜访",
        "step": "与店主交谈",
        "policy": "市区团队",
        "standard": "江边超市",
        "product": "绿茶",
        "fence": "批发市场",
        "channel": "码头批发",
    },
}
ALLOWED = {"OdooBot", "SOS", "GPS", "m", "km", "min", "A", "B", "C", "D", "QR", "NFC"}


class Setup(Filling, OfficeCase):
    names = NAMES
    allowed = ALLOWED

    def setUp(self):
        super().setUp()
        self.env["ir.module.module"]._load_module_terms(["field_visit"], [self.lang])
        self.admin = self.hire("chief", "admin", self.words["admin"])
        self.env.flush_all()

    def open(self, xmlid, module="field_visit"):
        return window(self, "chief", f"/odoo/action-{module}.{xmlid}_action")

    def find(self, model, name):
        return self.env[model].search([("name", "=", self.words[name])])

    def test_form_without_code(self):
        with self.open("field_form") as page:
            self.new(page)
            page.type(".o_field_widget[name=name] input", self.words["form"])
            self.add_row(page, "question_ids")
            page.type(".modal .o_field_widget[name=name] input", self.words["question"])
            page.click(".modal .o_field_widget[name=is_prefilled] input")
            self.look(page, "setup-question")
            page.click(".modal .o_form_button_save")
            page.gone(".modal")
            page.see(".o_field_widget[name=question_ids]", self.words["question"])
            self.save(page)
            self.look(page, "setup-form")
        question = self.find("field.form", "form").question_ids
        self.assertEqual((question.name, question.is_prefilled), (self.words["question"], True))

    def test_procedure(self):
        with self.open("field_sop") as page:
            self.new(page)
            page.type(".o_field_widget[name=name] input", self.words["procedure"])
            page.click(".o_field_widget[name=strict_order] input")
            self.add_row(page, "step_ids")
            row = ".modal" if self.size == "phone" else ".o_selected_row"
            page.type(f"{row} .o_field_widget[name=name] input", self.words["step"])
            self.choose(page, "kind", self.label("field.sop.step", "kind", "note"), row)
            if self.size == "phone":
                self.look(page, "setup-step")
                page.click(".modal .o_form_button_save")
                page.gone(".modal")
            self.save(page)
            page.see(".o_field_widget[name=step_ids]", self.words["step"])
            self.look(page, "setup-procedure")
        sop = self.find("field.sop", "procedure")
        self.assertTrue(sop.strict_order)
        self.assertEqual((sop.step_ids.name, sop.step_ids.kind), (self.words["step"], "note"))

    def test_policy_with_proofs(self):
        values = {"name": self.words["policy"], "effective_from": today()}
        draft = self.env["field.policy"].create({**values, "state": "draft"})
        marked = self.label("field.policy", "proof_mode", "mark")
        with window(self, "chief", f"/odoo/m-field.policy/{draft.id}") as page:
            page.see(".o_form_view .o_form_editable")
            self.choose(page, "proof_mode", marked)
            for name in ("proof_by_signature", "proof_by_code"):
                page.click(f".o_field_widget[name={name}] input")
            self.fill(page, "proof_count", "1")
            self.fill(page, "truth_hours", "4")
            self.look(page, "setup-proofs")
            self.save(page)
            self.press(page, "action_activate")
            page.click(".modal footer .btn-primary")
            page.gone(".modal")
            page.see(".o_form_view .o_arrow_button_current, .o_form_view .o_statusbar_status")
            self.look(page, "setup-policy")
        self.assertEqual((draft.proof_mode, draft.proof_count), ("mark", 1))
        self.assertEqual((draft.proof_by_signature, draft.truth_hours), (True, 4))
        self.assertEqual(draft.state, "active")

    def test_trade_pack(self):
        pack = self.label("field.trade.pack", "code", "pharma")
        before = self.env["field.form"].search_count([])
        with self.open("field_trade_pack") as page:
            self.choose(page, "code", pack, ".modal")
            page.see(".modal .o_field_widget[name=preview]")
            self.look(page, "setup-pack")
            page.click(".modal button[name=action_load]")
            page.gone(".modal button[name=action_load]")
            page.settle()
        self.assertGreater(self.env["field.form"].search_count([]), before)

    def test_shelf_standard(self):
        self.env["product.product"].create({"name": self.words["product"]})
        with self.open("field_shelf_standard") as page:
            self.new(page)
            page.type(".o_field_widget[name=name] input", self.words["standard"])
            self.add_row(page, "line_ids")
            row = ".modal" if self.size == "phone" else ".o_selected_row"
            self.pick(page, "product_id", self.words["product"], row)
            if self.size == "phone":
                self.look(page, "setup-shelf-line")
                page.click(".modal .o_form_button_save")
                page.gone(".modal")
            self.save(page)
            page.see(".o_field_widget[name=line_ids]", self.words["product"])
            self.look(page, "setup-shelf")
        standard = self.find("field.shelf.standard", "standard")
        self.assertEqual(standard.line_ids.product_id.name, self.words["product"])

    def test_fence_by_kind_of_customer(self):
        channel = self.env["field.channel"].create({"name": self.words["channel"]})
        with self.open("field_fence_rule") as page:
            self.new(page)
            page.type(".o_field_widget[name=name] input", self.words["fence"])
            self.pick(page, "channel_ids", self.words["channel"])
            self.fill(page, "radius", "900")
            self.look(page, "setup-fence")
            self.save(page)
        rule = self.find("field.fence.rule", "fence")
        self.assertEqual((rule.radius, rule.channel_ids), (900, channel))


@tagged("post_install", "-at_install")
class TestSetupDesk(Setup, HttpCase):
    pass


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestSetupDeskInChinese(Setup, HttpCase):
    lang = "zh_CN"


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestSetupPhone(OnPhone, Setup, HttpCase):
    pass


@tagged("post_install", "-at_install")
class TestSetupPhoneInChinese(OnPhone, Setup, HttpCase):
    lang = "zh_CN"
