"""The log of changes sees columns only: what is linked must reach the phones all the same."""

from odoo.tests import tagged

from .common import VisitCase


@tagged("post_install", "-at_install")
class TestAppChanges(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grade = cls.env["field.grade"].create({"name": "Test A"})
        cls.channel = cls.env["field.channel"].create({"name": "Pharmacy"})

    def _count(self, record):
        """How often the triggers have noted the record."""
        self.env.flush_all()
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return self.env["field.change"].sudo().search_count(domain)

    def assertSent(self, record, change, values, sent=True):
        before = self._count(record)
        change.write(values)
        self.assertEqual(self._count(record) > before, sent, values)

    def test_shelf_standard(self):
        standard = self.env["field.shelf.standard"].create({"name": "Test standard"})
        for values in (
            {"asks_share": True},
            {"grade_ids": self.grade},
            {"channel_ids": self.channel},
            {"expiry_days": 30},
            {"name": "Another"},
        ):
            with self.subTest(values=values):
                self.assertSent(standard, standard, values)
        self.assertSent(standard, standard, {"task_days": 3}, sent=False)

    def test_step_of_a_procedure(self):
        step = self.sop.step_ids[0]
        self.assertSent(self.sop, step, {"grade_ids": self.grade})
        more = self.env["field.grade"].create({"name": "Test B"})
        for values in (
            {"grade_ids": [(4, more.id)]},
            {"channel_ids": self.channel},
            {"channel_ids": [(5,)]},
            {"required_when": "month"},
        ):
            with self.subTest(values=values):
                self.assertSent(self.sop, step, values)

    def test_results_that_reach_a_goal(self):
        goal, result = self.env["field.visit.reason"].create(
            [{"name": "Sell", "usage": "goal"}, {"name": "Sold", "usage": "result"}]
        )
        self.assertSent(goal, goal, {"reached_by_ids": result})
        self.assertSent(goal, goal, {"reached_by_ids": [(5,)]})
