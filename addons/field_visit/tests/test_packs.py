"""Trade packs: whole, in both languages, loaded by administrators, gone without a trace."""

import unittest

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.field_form import KINDS
from ..models.field_sop import STEP_KINDS
from ..tools import packs
from ..wizards.field_trade_pack import MODELS, MODULE
from .common import AT_CUSTOMER, VisitCase

PARTS_OF = ("field.sop.step", "field.form.question", "field.form.column", "product.template")


class TestPackData(unittest.TestCase):
    def test_five_trades_in_both_languages(self):
        found = packs.read_all()
        self.assertEqual(set(found), {"consumer", "pharma", "industry", "insurance", "estate"})
        for code, pack in found.items():
            for part in packs.PARTS:
                self.assertTrue(pack.get(part) or part in packs.RARE, (code, part))
            for pair in self._texts(pack):
                self.assertTrue(all(pair), (code, pair))
                self.assertTrue(any("一" <= char <= "鿿" for char in pair[1]), (code, pair))

    def _texts(self, pack):
        yield from (pack["name"], pack["summary"])
        for part in packs.PARTS:
            for item in pack.get(part, ()):
                yield item["name"]
                for child in (*item.get("steps", ()), *item.get("questions", ())):
                    for one in (child, *child.get("columns", ())):
                        yield from (one[key] for key in ("name", "hint", "unit") if key in one)
                    yield from (option[:2] for option in child.get("options", ()))

    def test_kinds_are_known(self):
        for pack in packs.read_all().values():
            steps = {step["kind"] for sop in pack["sops"] for step in sop["steps"]}
            self.assertLessEqual(steps, dict(STEP_KINDS).keys())
            asked = {question["kind"] for form in pack["forms"] for question in form["questions"]}
            self.assertLessEqual(asked, dict(KINDS).keys())


@tagged("post_install", "-at_install")
class TestPacks(VisitCase):
    def _wizard(self, code="consumer", user=None):
        return self.env["field.trade.pack"].with_user(user or self.dora).create({"code": code})

    def _counts(self):
        return {
            model: self.env[model].with_context(active_test=False).search_count([])
            for model in (*MODELS.values(), *PARTS_OF)
        }

    def test_each_pack_comes_and_goes(self):
        before = self._counts()
        for code in packs.read_all():
            wizard = self._wizard(code)
            self.assertIn("<dt>", wizard.preview)
            wizard.action_load()
            wizard.invalidate_recordset()
            self.assertTrue(wizard.is_loaded)
            loaded = self._counts()
            wizard.action_load()
            self.assertEqual(self._counts(), loaded, "nothing twice")
            self.assertGreater(sum(self._counts().values()), sum(before.values()))
            wizard.action_remove()
            self.assertEqual(self._counts(), before, code)
        left = self.env["ir.model.data"].search_count([("module", "=", MODULE)])
        self.assertEqual(left, 0)

    def test_words_in_both_languages(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self._wizard("industry").action_load()
        step = self.env["field.sop.step"].search([("name", "=", "Name plate")])
        self.assertEqual(step.with_context(lang="zh_CN").name, "铭牌照片")
        question = self.env["field.form.question"].search([("name", "=", "What is wrong?")])
        self.assertEqual(question.if_option_id.with_context(lang="zh_CN").name, "停机")
        wizard = self._wizard("industry").with_context(lang="zh_CN")
        self.assertIn("工厂拜访", wizard.preview)

    def test_a_loaded_procedure_is_lived_through(self):
        self._wizard().action_load()
        kind = self.env["field.visit.type"].search([("name", "=", "Store visit")])
        visit = self._plan(type_id=kind.id)
        visit.action_check_in(AT_CUSTOMER)
        after = visit.step_ids.filtered(lambda step: step.if_state == "gap")
        self.assertFalse(after._is_due(), "only after gaps")
        self.assertTrue(visit.step_ids.filtered("form_version_id"))

    def test_what_is_used_stays_out_of_sight(self):
        wizard = self._wizard()
        wizard.action_load()
        kind = self.env["field.visit.type"].search([("name", "=", "Store visit")])
        visit = self._plan(type_id=kind.id)
        visit.action_check_in(AT_CUSTOMER)
        wizard.action_remove()
        self.assertFalse(kind.active)
        self.assertFalse(visit.sop_id.active)
        self.assertTrue(visit.step_ids)
        hidden = self._counts()
        self._wizard().action_load()
        self.assertTrue(kind.active, "it comes back")
        types = self.env["field.visit.type"].with_context(active_test=False)
        self.assertEqual(types.search_count([("name", "=", "Store visit")]), 1)
        self.assertGreater(self._counts()["field.visit.reason"], hidden["field.visit.reason"])

    def test_only_administrators(self):
        for user in (self.lea, self.rita, self.audra, self.nina):
            with self.assertRaises(AccessError):
                self._wizard(user=user).action_load()
