"""The auditor in the browser: reads what everybody did, in the words of the access table, and changes
nothing. In English and in Chinese, on a desk and on a phone."""

import json
from datetime import timedelta

import pytest

from odoo.fields import Datetime
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from tests.support.browser import window

from .filling import Filling
from .office_case import OfficeCase, OnPhone, off_the_diagonal
from .test_access_table import TABLE

pytestmark = pytest.mark.xdist_group("browser")

NAMES = {
    "en_US": {
        "company": "Blue River Foods",
        "auditor": "Sun Li",
        "leader": "Wang Fang",
        "rep": "Li Na",
        "shop": "Golden Dragon",
        "form": "Cooler check",
        "procedure": "Visit of a pharmacy",
        "note": "Wants more tea",
        "phone": "021 5566 7788",
    },
    "zh_CN": {
        "company": "蓝河食品",
        "auditor": "孙丽",
        "leader": "王芳",
        "rep": "李娜",
        "shop": "金龙超市",
        "form": "冰柜检查",
        "procedure": "药店拜访",
        "note": "想多要一些茶",
        "phone": "021 5566 7788",
    },
}
ALLOWED = {"OdooBot", "GPS", "m", "km", "min", "A", "B", "C", "D"}
PLACE = {"lat": 31.2304, "lng": 121.4737, "accuracy": 8}
# Reads the rows of each model, then tries to make one: what came of both.
ASK = """
(async () => {
    const ask = (model, method, args) =>
        fetch(`/web/dataset/call_kw/${model}/${method}`, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({
                jsonrpc: "2.0", method: "call",
                params: { model, method, args, kwargs: {} },
            }),
        }).then((answer) => answer.json());
    const word = ({ error, result }) => (error ? error.data.name.split(".").pop() : result);
    const found = {};
    for (const model of %s) {
        const read = word(await ask(model, "search_count", [[]]));
        found[model] = [read, word(await ask(model, "create", [{}]))];
    }
    return found;
})()
"""


class Audit(Filling, OfficeCase):
    names = NAMES
    allowed = ALLOWED

    def setUp(self):
        super().setUp()
        self.env["ir.module.module"]._load_module_terms(["field_visit"], [self.lang])
        self.auditor = self.hire("auditor", "auditor", self.words["auditor"])
        self.leader = self.hire("boss", "leader", self.words["leader"])
        self.rep = self.hire("rep", "rep", self.words["rep"], boss=self.leader)
        self.shop = self.env["res.partner"].create(
            {
                "name": self.words["shop"],
                "user_id": self.rep.id,
                "partner_latitude": PLACE["lat"],
                "partner_longitude": PLACE["lng"],
            }
        )
        self.form = self.env["field.form"].create({"name": self.words["form"]})
        step = {"key": "look", "name": self.words["procedure"], "kind": "check"}
        self.sop = self.env["field.sop"].create(
            {"name": self.words["procedure"], "sequence": 0, "step_ids": [(0, 0, step)]}
        )
        self.visit = self._visit()
        changes = self.env["field.partner.change"].with_user(self.rep)
        self.change = changes._propose(self.shop.id, {"phone": self.words["phone"]}, "")
        self.env.flush_all()

    def _visit(self):
        visit = self.env["field.visit"].create(
            {"partner_id": self.shop.id, "user_id": self.rep.id, "sop_id": self.sop.id}
        )
        visit = visit.with_user(self.rep)
        start = Datetime.now() - timedelta(minutes=40)
        visit._do_check_in(PLACE, at=start)
        visit.step_ids.action_done()
        visit._do_check_out(PLACE, at=start + timedelta(minutes=30), note=self.words["note"])
        return visit.sudo()

    def test_reads_everything_and_changes_nothing(self):
        pages = (
            ("field-visits", "shop", "visits"),
            ("field-forms", "form", "forms"),
            ("field-procedures", "procedure", "procedures"),
            ("action-field_visit.field_partner_change_action", "shop", "changes"),
        )
        with window(self, "auditor", "/odoo/field-visits") as page:
            for path, word, name in pages:
                self.go(page, f"/odoo/{path}")
                page.see(".o_data_row, .o_kanban_record", self.words[word])
                self.look(page, f"audit-{name}")
                self.assertFalse(page.shows(".o_list_button_add, .o-kanban-button-new"), path)
            self.read(page, "field.visit", self.visit, "audit-visit")
            self.read(page, "field.sop", self.sop, "audit-procedure")
            self.read(page, "field.form", self.form, "audit-form")
            self.read(page, "field.partner.change", self.change, "audit-change")
        self.assertEqual(self.change.state, "open")

    def read(self, page, model, record, name):
        """A form in which nothing can be typed and nothing decided."""
        self.go(page, f"/odoo/m-{model}/{record.id}")
        page.wait(f"location.pathname.endsWith('/{record.id}')", "its address")
        page.see(".o_form_view .o_form_readonly, .o_form_view .o_field_widget")
        page.settle()
        self.look(page, name)
        for button in ("action_apply", "action_open_refuse", "action_close_for_user"):
            self.assertFalse(page.shows(f"button[name={button}]"), (model, button))
        self.assertFalse(page.shows(".o_form_view .o_form_editable input.o_input"), model)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models.unlink")
    def test_sees_what_the_access_table_says(self):
        lines = [line.split() for line in TABLE.read_text().splitlines()]
        column = lines[0].index("auditor") + 1
        table = {line[0]: line[column] for line in lines[1:] if line[0] in self.env}
        self.assertGreater(len(table), 60)
        with window(self, "auditor", "/odoo/field-visits") as page:
            page.see(".o_data_row, .o_kanban_record", self.words["shop"])
            found = page.js(ASK % json.dumps(sorted(table)), timeout=300)
        for model, rights in table.items():
            count, made = found[model]
            with self.subTest(model=model, rights=rights):
                if "r" in rights:
                    self.assertIsInstance(count, int)
                else:
                    self.assertIn(count, ("AccessError", 0))
                if "u" not in rights:
                    self.assertIsInstance(made, str, "nothing was made")
                    self.assertIn(made, ("AccessError", "UserError", "FieldRejected"))
        self.assertIs(type(found["field.visit"][0]), int)
        self.assertGreater(found["field.visit"][0], 0)


@tagged("post_install", "-at_install")
class TestAuditDesk(Audit, HttpCase):
    pass


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestAuditDeskInChinese(Audit, HttpCase):
    lang = "zh_CN"


@off_the_diagonal
@tagged("post_install", "-at_install")
class TestAuditPhone(OnPhone, Audit, HttpCase):
    pass


@tagged("post_install", "-at_install")
class TestAuditPhoneInChinese(OnPhone, Audit, HttpCase):
    lang = "zh_CN"
