"""Trade packs: whole, in both languages, loaded by administrators, gone without a trace."""

import unittest
from ast import literal_eval

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.field_form import KINDS
from ..models.field_sop import STEP_KINDS
from ..tools import packs
from ..wizards.field_trade_pack import MODELS, MODULE, USED_BY
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

    def test_every_use_is_known(self):
        """What is not known here falls empty, is for everybody, or keeps the pack from going."""
        models = set(MODELS.values()) - {"field.policy"}
        uses = {
            (field.comodel_name, name, field.name)
            for name, model in self.env.registry.items()
            if model._auto and not model._transient
            for field in model._fields.values()
            if field.type in ("many2one", "many2many")
            and field.store
            and not field.related
            and field.comodel_name in models
            and any(module.startswith("field_") for module in field._modules)
            and (field.type, field.ondelete) != ("many2one", "cascade")  # goes along
        }
        known = {(model, *use) for model, found in USED_BY.items() for use in found}
        self.assertEqual(sorted(uses - known), [])

    def test_kind_of_an_own_line_stays(self):
        wizard = self._wizard()
        wizard.action_load()
        kind = self.env["field.visit.type"].search([("name", "=", "Store visit")])
        line = self.env["field.line"].create(
            {"name": "Monday", "user_id": self.rita.id, "type_id": kind.id, "on_mon": True}
        )
        wizard.action_remove()
        self.assertEqual((line.type_id, kind.active), (kind, False))

    def test_saved_filters_open_for_leaders_with_their_figures(self):
        for code in packs.read_all():
            wizard = self._wizard(code)
            self.assertIn("Saved filters", wizard.preview)
            wizard.action_load()
            mine = [r for (part, _key), r in wizard._get_loaded().items() if part == "filters"]
            self.assertEqual(len(mine), 3, code)
            for one in mine:
                action = one.action_id.id
                offered = (
                    self.env["ir.filters"].with_user(self.lea).get_filters(one.model_id, action)
                )
                self.assertIn(one.name, [row["name"] for row in offered])
                Model = self.env[one.model_id].with_user(self.lea)
                Model.search(one._get_eval_domain())
                context = literal_eval(one.context)
                figures = [name for name in context["pivot_measures"] if name != "__count"]
                fields = Model.fields_get([*context["graph_groupbys"], *figures])
                self.assertEqual(len(fields), len(context["graph_groupbys"]) + len(figures))
            wizard.action_remove()

    def test_a_saved_filter_finds_the_visits_of_its_kind(self):
        wizard = self._wizard("pharma")
        wizard.action_load()
        loaded = wizard._get_loaded()
        kind = loaded["types", "call"]
        with freeze_time("2026-11-23 01:30:00"):
            visit, other = self._plan(type_id=kind.id), self._plan()
            for one in (visit, other):
                one.action_check_in(AT_CUSTOMER)
                one.action_check_out(AT_CUSTOMER)
            domain = loaded["filters", "results"]._get_eval_domain()
            self.assertEqual(self.env["field.visit"].search(domain), visit)

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
