"""What a trade pack sets up beside procedures: grades, frequencies, fences, shelves, policies."""

from ast import literal_eval
from types import SimpleNamespace

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import packs
from .common import AT_CUSTOMER, VisitCase

SIGN = "0192f0c1-7a5e-7c3a-8b5e-2f6f0a9d1c12"


class PackCase(VisitCase):
    def _load(self, code):
        self.wizard = self.env["field.trade.pack"].with_user(self.dora).create({"code": code})
        self.wizard.action_load()
        return self._made()

    def _made(self):
        """``{part: {key: record}}``"""
        found = {}
        for (part, key), record in self.wizard._get_loaded().items():
            found.setdefault(part, {})[key] = record.with_env(self.env)
        return SimpleNamespace(**found)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestPackRules(PackCase):
    def _check(self, code):
        """What holds for each pack."""
        pack, made = packs.read_all()[code], self._load(code)
        for item in pack["grades"]:
            grade = made.grades[item["key"]]
            self.assertEqual(
                (grade.allowed_days, grade.visit_minutes), (item["days"], item["minutes"])
            )
        for item in pack["frequencies"]:
            self._check_frequency(made, item)
        for item in pack["fences"]:
            self._check_fence(made, item)
        for policy in made.policies.values():
            self._check_policy(policy)
        self._check_phone(made)
        return made

    def _check_phone(self, made):
        """The phones of the people get all their data, the new things among them."""
        app = self.env["field.app"].with_user(self.rita)
        rows = {
            name: one.rows_of(app.env[one.model].search(one.domain))
            for name, one in app._collections().items()
        }
        known = {row["id"] for row in rows["sops"]}
        self.assertLessEqual({sop.id for sop in made.sops.values()}, known)

    def _check_frequency(self, made, item):
        rule, grade = made.frequencies[item["key"]], made.grades[item["grade"]]
        self.assertEqual(literal_eval(rule.domain), [("field_grade_id", "=", grade.id)])
        self.assertEqual((rule.times, rule.period), (item["times"], item["period"]))
        self.assertEqual(rule.type_id, made.types[item["type"]])
        self.assertEqual(rule.partner_count, 0)
        self.dragon.write({"field_grade_id": grade.id, "user_id": self.rita.id})
        rule.invalidate_recordset(["partner_count"])
        self.assertEqual(rule.partner_count, 1)

    def _check_fence(self, made, item):
        policy = self._policy()
        for channel in item["channels"]:
            self.dragon.field_channel_id = made.channels[channel]
            fence = made.fences[item["key"]]._resolve(self.dragon, policy, self.env.company)
            self.assertEqual((fence["radius"], fence["mode"]), (item["radius"], policy.fence_mode))

    def _check_policy(self, policy):
        before = self._policy()
        self.assertEqual((policy.state, policy.active), ("draft", True))
        self.assertNotEqual(before, policy, "nobody works under a draft")
        policy.with_user(self.dora).action_activate()
        self.assertEqual(self._policy(), policy)

    def test_consumer(self):
        made = self._check("consumer")
        self.dragon.field_channel_id = made.channels["supermarket"]
        standard = self.env["field.shelf.standard"]._for_partner(self.dragon, self.env.company)
        self.assertEqual(standard, made.shelves["mall"])
        self.assertTrue(standard.asks_share)
        self.assertEqual((standard.weight_present, standard.expiry_days), (40, 30))

    def test_pharma(self):
        made = self._check("pharma")
        question = made.forms["sample"].question_ids[:1]
        self.assertEqual(question.kind, "lines")
        self.assertEqual(question.product_ids.mapped("name"), ["Sample: tablets", "Sample: drops"])
        self.assertEqual(question.column_ids.mapped("name"), ["Lot", "Quantity", "Use by"])
        self.assertEqual(made.shelves["pharmacy"].expiry_days, 180)

    def test_industry(self):
        made = self._check("industry")
        self.assertEqual(made.fences["site"].radius, 1500)
        self.assertEqual(made.shelves["stock"].weight_stock, 40)

    def test_insurance(self):
        made = self._check("insurance")
        self.assertFalse(hasattr(made, "shelves"))
        self.assertTrue(made.policies["advice"].visit_block_check_out)

    def test_estate(self):
        made = self._check("estate")
        self.assertEqual(made.policies["viewing"].prospect_days, 60)

    def test_words_of_rules_in_both_languages(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        made = self._load("pharma")
        zh = {"lang": "zh_CN"}
        question = made.forms["sample"].question_ids[:1].with_context(**zh)
        self.assertEqual(question.column_ids.mapped("name"), ["批号", "数量", "有效期"])
        self.assertEqual(question.column_ids[1].unit, "盒")
        self.assertEqual(made.shelves["pharmacy"].with_context(**zh).name, "药房货架")
        self.assertEqual(made.products["drops"].with_context(**zh).name, "样品：滴剂")

    def test_grade_of_the_company_is_taken(self):
        own = self.env["field.grade"].create({"name": "Key store", "allowed_days": 3})
        made = self._load("consumer")
        self.assertNotIn("key", made.grades)
        rule = made.frequencies["key"]
        self.assertEqual(literal_eval(rule.domain), [("field_grade_id", "=", own.id)])
        self.wizard.action_remove()
        self.assertEqual((own.exists(), own.allowed_days), (own, 3))

    def test_what_was_thrown_away_comes_back(self):
        made = self._load("estate")
        made.frequencies["warm"].unlink()
        others = {key: record for key, record in made.frequencies.items() if key != "warm"}
        self.wizard.action_load()
        again = self._made().frequencies
        self.assertEqual({key: again[key] for key in others}, others)
        self.assertIn("warm", again)

    def test_policy_in_force_stays(self):
        made = self._load("estate")
        policy = made.policies["viewing"]
        policy.with_user(self.dora).action_activate()
        self.dragon.field_grade_id = made.grades["warm"]
        self.wizard.action_remove()
        self.assertEqual((policy.state, policy.active), ("active", True))
        self.assertFalse(made.grades["warm"].active, "in use, out of sight")
        self.assertFalse(made.grades["ready"].exists())
        self.wizard.action_load()
        self.assertTrue(made.grades["warm"].active)
        self.assertEqual(self._made().policies["viewing"], policy)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestPharmaCall(PackCase):
    """A call with several contacts and samples by lot; nothing of it changes afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wang, cls.li = cls.env["res.partner"].create(
            [{"name": name, "parent_id": cls.dragon.id} for name in ("Dr Wang", "Dr Li")]
        )

    def setUp(self):
        super().setUp()
        self.made = self._load("pharma")
        self.call = self._plan(type_id=self.made.types["call"].id)
        self.call.action_check_in(AT_CUSTOMER)
        self.question = self.made.forms["sample"].question_ids[:1]
        lot, quantity, until = self.question.column_ids.mapped("key")
        tablets, drops = (self.made.products[key] for key in ("tablets", "drops"))
        self.lines = [
            {"product_id": tablets.id, "cells": {lot: "A-17", quantity: 2, until: "2027-05-31"}},
            {"product_id": tablets.id, "cells": {lot: "A-18", quantity: 1, until: "2027-06-30"}},
            {"product_id": drops.id, "cells": {lot: "B-03", quantity: 3, until: "2027-01-31"}},
        ]

    def _do(self, name, **kwargs):
        key = self.made.sops["call"].step_ids.filtered(lambda step: step.name == name).key
        step = self._step(self.call, key)
        step._do_done(**kwargs)
        return step

    def _call(self):
        asked = self.made.forms["call"].question_ids
        answers = {
            asked[0].key: asked[0].option_ids[:2].mapped("key"),
            asked[1].key: asked[1].option_ids[0].key,
            asked[2].key: False,
        }
        self._do("Call report", answers=answers)
        step = self._do("Samples left", answers={self.question.key: self.lines})
        self._do("Signature for the samples", blobs=[SIGN])
        return step

    def test_samples_by_lot(self):
        step = self._call()
        rows = self.env["field.form.answer"].search([("step_id", "=", step.id)])
        lots = rows.filtered(lambda row: row.column == "Lot")
        self.assertEqual(sorted(lots.mapped("value_text")), ["A-17", "A-18", "B-03"])
        packs_left = rows.filtered(lambda row: row.column == "Quantity")
        self.assertEqual(sum(packs_left.mapped("value_number")), 6)

    def test_a_lot_is_asked_for(self):
        self.lines[1]["cells"].pop(next(iter(self.lines[1]["cells"])))
        sentence = self.assertRejected("form_wrong", self._call)
        self.assertIn("Which samples were left?", sentence)

    def test_signature_after_samples_only(self):
        step = self.call.step_ids.filtered(lambda step: step.kind == "signature")
        self.assertFalse(step._is_due())
        self._call()
        self.assertEqual(step.state, "done")

    def test_locked_after_the_visit(self):
        step = self._call()
        self.call._meet((self.wang | self.li).ids)
        self.call.action_check_out(AT_CUSTOMER)
        for user in (self.rita, self.lea, self.dora):
            with self.subTest(user=user.login), freeze_time("2026-11-23 03:00:00"):
                self._try_to_change(step.with_user(user))
        self.assertEqual(len(step.answers[self.question.key]), 3)
        self.assertEqual(self.call.contact_ids, self.wang | self.li)

    def _try_to_change(self, step):
        for change in (
            lambda: step.write({"answers": {}}),
            lambda: step.action_reopen(),
            lambda: step.visit_id.write({"contact_ids": [(5,)]}),
            lambda: step.answer_ids.write({"value_number": 99}),
        ):
            with self.assertRaises(UserError):
                change()
