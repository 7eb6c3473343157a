import unittest
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.task_version import diff, since
from .common import VisitCase


class TestVersionArithmetic(unittest.TestCase):
    def test_only_what_differs(self):
        before = {"goal": "Two", "deadline": "2026-11-27", "files": ["a"]}
        after = {"goal": "Three", "deadline": "2026-11-27", "files": ["a", "b"]}
        self.assertEqual(
            diff(before, after), {"goal": ["Two", "Three"], "files": [["a"], ["a", "b"]]}
        )

    def test_several_versions_are_one_change(self):
        history = [
            {"version": 2, "changes": {"goal": ["Two", "Three"]}},
            {"version": 3, "changes": {"goal": ["Three", "Four"], "deadline": ["27", "28"]}},
            {"version": 4, "changes": {"deadline": ["28", "27"]}},
        ]
        self.assertEqual(since(history, 1), {"goal": ["Two", "Four"]})
        self.assertEqual(since(history, 3), {"deadline": ["28", "27"]})
        self.assertEqual(since(history, 4), {})


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestTaskVersion(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dragon.user_id = cls.rita
        cls.task = (
            cls.env["field.task"]
            .with_user(cls.lea)
            .create(
                {
                    "name": "New display",
                    "goal": "Two shelves",
                    "instructions": "<p>Left of the door</p>",
                    "deadline": "2026-11-27",
                    "partner_ids": [(6, 0, cls.dragon.ids)],
                    "needs_acceptance": True,
                }
            )
        )
        cls.task.action_give_out()
        cls.work = cls.task.sudo().work_ids.with_user(cls.rita)

    def test_what_has_changed_is_shown_until_it_is_accepted(self):
        self.assertEqual(self.work.change_text, "", "what was never accepted has not changed")
        self.work.action_accept()
        self.task.write({"goal": "Three shelves", "time_from": 9.5})
        self.task.instructions = "<p>Right of the door</p>"
        self.assertEqual((self.task.version, self.work.state), (3, "new"))
        self.assertTrue(self.work.is_changed)
        self.assertIn("Goal Two shelves → Three shelves", self.work.change_text)
        self.assertIn("Not before 09:30", self.work.change_text)
        self.assertIn("Guide", self.work.change_text)
        self.assertNotIn("door", self.work.change_text, "the guide is read again as a whole")
        self.assertIn("2 · ", self.task.history_text)
        self.assertIn("Lea", self.task.history_text.title())
        self.work.action_accept()
        self.assertFalse(self.work.is_changed)

    def test_saving_the_same_again_is_no_version(self):
        self.work.action_accept()
        self.task.write({"goal": "Two shelves", "deadline": "2026-11-27"})
        self.assertEqual((self.task.version, self.work.state), (1, "accepted"))

    def test_work_that_asks_nobody_still_says_what_is_new(self):
        self.task.needs_acceptance = False
        self.work.action_accept()
        self.task.goal = "Three shelves"
        self.assertEqual((self.work.state, self.work.is_changed), ("accepted", True))
        self.work.action_accept()
        self.assertEqual((self.work.accepted_version, self.work.is_changed), (2, False))
        with self.assertRaises(UserError):
            self.work.action_accept()

    def test_the_planned_visit_follows(self):
        self.work.action_accept()
        visit = self.work.visit_id.sudo()
        self.assertEqual(visit.note, "Two shelves")
        self.task.write({"goal": "Three shelves", "time_from": 9.5, "time_to": 11})
        self.assertEqual((visit.note, visit.time_from, visit.time_to), ("Three shelves", 9.5, 11))
        visit.note = "Ask for Mr Li"
        self.task.goal = "Four shelves"
        self.assertEqual(visit.note, "Ask for Mr Li", "what somebody wrote stays")

    def test_new_material_is_a_new_version_and_can_be_read_by_who_does_it(self):
        self.work.action_accept()
        values = {"name": "plan.pdf", "raw": b"%PDF-1.4\n1"}
        paper = self.env["ir.attachment"].with_user(self.lea).create(values)
        self.task.attachment_ids = paper
        self.assertEqual(self.task.version, 2)
        self.assertIn("plan.pdf", self.work.change_text)
        self.assertEqual(paper.with_user(self.dora).name, "plan.pdf", "it is the package's now")
        self.assertIn(f"/field/work/{self.work.id}/file/{paper.id}", self.work.material)

    def test_words_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        label = self.env.ref("field_visit.field_field_task__deadline")
        label.with_context(lang="zh_CN").field_description = "最后一天"
        self.work.action_accept()
        self.task.deadline = date(2026, 12, 4)
        chinese = self.work.with_context(lang="zh_CN").change_text
        self.assertIn("最后一天", chinese)
        self.assertNotIn("Deadline", chinese)
