"""Forms: the rules in Python, their twin on the phone, versions, answers as data."""

import json
import unittest
from pathlib import Path

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools import forms
from .common import AT_CUSTOMER, VisitCase

SHARED = Path(__file__).parents[1] / "static" / "tests"
VECTORS = json.loads((SHARED / "form_vectors.json").read_text())


class TestFormRules(unittest.TestCase):
    def test_vectors(self):
        questions = VECTORS["questions"]
        for case in VECTORS["cases"]:
            answers = case["answers"]
            with self.subTest(answers=answers):
                asked = [question["key"] for question in forms.visible(questions, answers)]
                self.assertEqual(asked, case["visible"])
                found = [list(problem) for problem in forms.problems(questions, answers)]
                self.assertEqual(found, case["problems"])
                self.assertEqual(forms.kept(questions, answers), case["kept"])
                if case["score"]:
                    self.assertEqual(list(forms.score(questions, answers)), case["score"])

    def test_vectors_of_the_other_kinds(self):
        for part in VECTORS["more"]:
            questions = part["questions"]
            for case in part["cases"]:
                answers = case["answers"]
                with self.subTest(answers=answers):
                    found = [list(problem) for problem in forms.problems(questions, answers)]
                    self.assertEqual(found, case["problems"])
                    if case["score"]:
                        self.assertEqual(forms.files(questions, answers), case["files"])
                        self.assertEqual(list(forms.score(questions, answers)), case["score"])

    def test_answers_of_a_form_that_has_changed(self):
        changed = VECTORS["changed"]
        for case in changed["cases"]:
            with self.subTest(answers=case["answers"]):
                found = forms.fitting(changed["questions"], case["answers"])
                self.assertEqual(found, case["fitting"])

    def test_hidden_question_hides_what_hangs_on_it(self):
        questions = [
            {"key": "a", "kind": "yes_no"},
            {"key": "b", "kind": "yes_no", "if": {"key": "a", "is": "yes"}},
            {"key": "c", "kind": "yes_no", "if": {"key": "b", "is": "yes"}},
        ]
        shown = forms.visible(questions, {"a": False, "b": True, "c": True})
        self.assertEqual([question["key"] for question in shown], ["a"])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestForms(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env["field.form"].create({"name": "Shelf check"})
        Question = cls.env["field.form.question"]
        cls.shelf = Question.create(
            {"form_id": cls.form.id, "name": "On the shelf?", "sequence": 1, "points": 10}
        )
        cls.facings = Question.create(
            {
                "form_id": cls.form.id,
                "name": "How many facings?",
                "kind": "number",
                "sequence": 2,
                "is_prefilled": True,
                "if_question_id": cls.shelf.id,
                "has_bounds": True,
                "min_value": 1,
                "max_value": 50,
            }
        )
        cls.promo = Question.create(
            {
                "form_id": cls.form.id,
                "name": "Which promotion?",
                "kind": "multi",
                "sequence": 3,
                "required": False,
                "option_ids": [
                    (0, 0, {"name": "Pile", "points": 5}),
                    (0, 0, {"name": "Poster", "points": 5}),
                ],
            }
        )
        cls.asked = cls.env["field.sop.step"].create(
            {
                "sop_id": cls.sop.id,
                "name": "Shelf form",
                "kind": "form",
                "key": "form",
                "sequence": 5,
                "form_id": cls.form.id,
            }
        )

    def _begin(self, user=None, **vals):
        visit = self._plan(user=user, **vals)
        visit.action_check_in(AT_CUSTOMER)
        return visit, self._step(visit, "form")

    def _good(self, facings=12):
        pile = self.promo.option_ids[0].key
        return {self.shelf.key: True, self.facings.key: facings, self.promo.key: [pile]}

    def test_answers_become_typed_rows(self):
        _visit, step = self._begin()
        step._do_done(answers=self._good())
        self.assertEqual(step.state, "done")
        self.assertEqual((step.form_points, step.form_most, step.form_score), (15, 20, 75))
        rows = {row.question_id: row for row in step.answer_ids}
        self.assertEqual(rows[self.shelf].value_yes, "yes")
        self.assertEqual(rows[self.facings].value_number, 12)
        self.assertEqual(rows[self.promo].option_ids.name, "Pile")
        self.assertEqual(rows[self.promo].display, "Pile")
        groups = self.env["field.form.answer"]._read_group(
            [("form_id", "=", self.form.id)], ["question_id"], ["value_number:avg"]
        )
        self.assertIn((self.facings, 12.0), groups)

    def test_server_checks_whatever_the_phone_said(self):
        _visit, step = self._begin()
        sentence = self.assertRejected("form_wrong", step._do_done, answers={})
        self.assertIn("On the shelf?", sentence)
        wrong = self._good(facings=99)
        self.assertIn("50", self.assertRejected("form_wrong", step._do_done, answers=wrong))
        self.assertRejected("form_wrong", step.action_done)
        self.assertEqual(step.state, "todo")
        self.assertFalse(step.answer_ids)

    def test_answers_given_by_mistake(self):
        _visit, step = self._begin()
        step._do_done(answers=self._good())
        step.action_reopen()
        self.assertFalse(step.answer_ids)
        self.assertEqual((step.form_points, step.form_most, step.form_score), (0, 0, 0))
        self.assertTrue(step.answers, "what was typed can be corrected")
        step.action_cannot("Closed")
        self.assertFalse(step.answers)

    def test_hidden_answers_do_not_count(self):
        _visit, step = self._begin()
        step._do_done(answers={self.shelf.key: False, self.facings.key: 12})
        self.assertEqual(step.answers, {self.shelf.key: False})
        self.assertEqual(step.form_score, 0)

    def test_open_visit_keeps_its_version(self):
        _visit, step = self._begin()
        before = step.form_version_id
        self.facings.max_value = 5
        self.env["field.form.question"].create({"form_id": self.form.id, "name": "New?"})
        step._do_done(answers=self._good())
        self.assertEqual(step.form_version_id, before)
        _visit, later = self._begin(user=self.ravi)
        self.assertGreater(later.form_version_id.number, before.number)
        self.assertRejected("form_wrong", later._do_done, answers=self._good())

    def test_answer_to_a_version_the_phone_had(self):
        """The form changed while the phone was offline: its answer is read by what it showed."""
        old = self.form._get_version()
        self.facings.max_value = 5
        _visit, step = self._begin()
        step._do_done(answers=self._good(), form_version=old.number)
        self.assertEqual(step.form_version_id, old)
        self.assertEqual(set(step.answer_ids.mapped("version")), {old.number})

    def test_same_form_twice_is_one_version(self):
        self.assertEqual(self.form._get_version(), self.form._get_version())
        before = self.form._get_version()
        self.facings.max_value = 60
        self.facings.max_value = 50
        self.assertEqual(self.form._get_version(), before)

    def test_last_answer_stands_there_already(self):
        visit, step = self._begin()
        step._do_done(answers=self._good(facings=7))
        visit.action_check_out(AT_CUSTOMER)
        _visit, again = self._begin(plan_date="2026-11-23")
        self.assertEqual(again.form_questions["last"], {self.facings.key: 7})
        rows = self.env["field.app"].with_user(self.rita)._briefs(self.dragon)
        self.assertEqual(rows[0]["prefill"][str(self.form.id)][self.facings.key], 7)

    def test_option_that_is_gone_is_not_prefilled(self):
        self.promo.is_prefilled = True
        visit, step = self._begin()
        step._do_done(answers=self._good(facings=7))
        visit.action_check_out(AT_CUSTOMER)
        self.promo.option_ids[0].unlink()
        _visit, again = self._begin(plan_date="2026-11-23")
        self.assertEqual(again.form_questions["last"], {self.facings.key: 7})

    def test_only_if_the_number_is_zero(self):
        why = self.env["field.form.question"].create(
            {
                "form_id": self.form.id,
                "name": "Why none?",
                "kind": "text",
                "sequence": 4,
                "if_question_id": self.facings.id,
            }
        )
        self.assertEqual(why._get_condition(), {"key": self.facings.key, "from": 0, "to": None})
        why.has_if_to = True
        self.assertEqual(why._get_condition(), {"key": self.facings.key, "from": 0, "to": 0})
        why.write({"has_if_to": False, "if_to": 3})
        self.assertFalse(why.has_if_to, "what is said stands")

    def test_a_limit_is_one_without_being_said(self):
        values = {"form_id": self.form.id, "name": "Few?", "if_question_id": self.facings.id}
        few = self.env["field.form.question"].create({**values, "sequence": 5, "if_to": 3})
        self.assertTrue(few.has_if_to)
        self.assertEqual(few._get_condition()["to"], 3)

    def test_questions_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.shelf.with_context(lang="zh_CN").name = "有货吗？"
        _visit, step = self._begin()
        words = step.with_context(lang="zh_CN").form_questions["questions"]
        self.assertEqual(words[0]["name"], "有货吗？")
        self.assertEqual(step.form_questions["questions"][0]["name"], "On the shelf?")

    def test_answers_are_read_in_the_order_of_the_form_and_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.shelf.with_context(lang="zh_CN").name = "有货吗？"
        _visit, step = self._begin()
        turned = dict(reversed(self._good().items()))  # a phone sends them in any order
        step._do_done(answers=turned)
        asked = ["On the shelf?", "How many facings?", "Which promotion?"]
        self.assertEqual([question for question, _answer in step._get_answers_in_words()], asked)
        self.assertIn("有货吗？", step.with_context(lang="zh_CN")._get_report_answer())

    def test_conditions_look_upwards_only(self):
        with self.assertRaises(ValidationError):
            self.shelf.if_question_id = self.facings

    def test_answers_are_not_rewritten(self):
        _visit, step = self._begin()
        step._do_done(answers=self._good())
        with self.assertRaises(UserError):
            step.answer_ids[0].sudo().value_number = 99
        with self.assertRaises(AccessError):
            step.answer_ids[0].with_user(self.lea).unlink()

    def test_who_reads_answers(self):
        _visit, step = self._begin()
        step._do_done(answers=self._good())
        for person, count in ((self.rita, 3), (self.lea, 3), (self.audra, 3), (self.dora, 3)):
            found = self.env["field.form.answer"].with_user(person).search([])
            self.assertEqual(len(found), count, person.name)
        for person in (self.ravi, self.otis, self.olga):
            self.assertFalse(self.env["field.form.answer"].with_user(person).search([]))

    # ---------------------------------------------------------------- which steps are asked

    def test_step_only_at_some_grades(self):
        grade = self.env["field.grade"].search([], limit=1)
        self.asked.grade_ids = grade
        _visit, step = self._begin()
        self.assertFalse(step)
        self.dragon.field_grade_id = grade
        _visit, step = self._begin(user=self.ravi)
        self.assertTrue(step)

    def test_step_once_a_month(self):
        self.asked.required_when = "month"
        visit, step = self._begin()
        self.assertTrue(step.required)
        step._do_done(answers=self._good())
        visit.action_check_out(AT_CUSTOMER)
        visit, step = self._begin()
        self.assertFalse(step.required)
        visit.action_check_out(AT_CUSTOMER)
        with freeze_time("2026-12-01 01:30:00"):
            _visit, step = self._begin(plan_date="2026-12-01")
        self.assertTrue(step.required)

    def test_procedure_has_versions(self):
        visit, _step = self._begin()
        before = visit.sop_version
        self.asked.name = "Another name"
        later, _step = self._begin(user=self.ravi)
        self.assertEqual((visit.sop_version, later.sop_version), (before, before + 1))

    def test_phone_gets_the_form(self):
        rows = self.env["field.app"].with_user(self.rita)._forms(self.form)
        self.assertEqual((rows[0]["id"], len(rows[0]["questions"])), (self.form.id, 3))
        visit, _step = self._begin()
        row = self.env["field.app"].with_user(self.rita)._visits(visit)[0]
        step = next(one for one in row["steps"] if one["key"] == "form")
        self.assertEqual(step["form"]["questions"][0]["name"], "On the shelf?")
