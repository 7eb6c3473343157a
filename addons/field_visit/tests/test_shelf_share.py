"""Share of shelf: ours of all facings, as counted at the shelf or at the competitors."""

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestShelfShare(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Category = cls.env["product.category"]
        cls.drinks, cls.snacks = Category.create([{"name": "Drinks"}, {"name": "Snacks"}])
        goods = [("Cola 330", cls.drinks), ("Water 500", cls.drinks), ("Crackers", cls.snacks)]
        cls.cola, cls.water, cls.crackers = cls.env["product.product"].create(
            [{"name": name, "categ_id": group.id} for name, group in goods]
        )
        cls.standard = cls.env["field.shelf.standard"].create(
            {
                "name": "Test standard",
                "sequence": -5,
                "asks_share": True,
                "line_ids": [
                    (0, 0, {"product_id": product.id})
                    for product in cls.cola | cls.water | cls.crackers
                ],
            }
        )
        brand = cls.env["field.rival.brand"].create({"name": "Clear Spring"})
        cls.spring, cls.rice = cls.env["field.rival.product"].create(
            [
                {"brand_id": brand.id, "name": "Spring 500", "product_id": cls.water.id},
                {"brand_id": brand.id, "name": "Rice", "categ_id": cls.snacks.id},
            ]
        )
        kinds = ("stock", "competitor")
        steps = [
            {"sop_id": cls.sop.id, "name": kind, "kind": kind, "key": kind, "sequence": 10}
            for kind in kinds
        ]
        cls.env["field.sop.step"].create(steps)

    def _visit(self, user=None, **vals):
        visit = self._plan(user=user, **vals)
        visit.action_check_in(AT_CUSTOMER)
        return visit

    def _count(self, visit, others=(), **facings):
        lines = [
            {"product_id": self[name].id, "facings": number} for name, number in facings.items()
        ]
        lines += [{"categ_id": group, "facings": number} for group, number in others]
        step = self._step(visit, "stock")
        step._do_done(lines=lines)
        return step

    def __getitem__(self, name):
        return getattr(self, name)

    def _compete(self, visit, **facings):
        lines = [{"rival_id": self[name].id, "facings": number} for name, number in facings.items()]
        self._step(visit, "competitor")._do_done(lines=lines)

    def _rows(self, step):
        return {
            row.categ_id: (row.own_facings, row.all_facings, row.share) for row in step.share_ids
        }

    def test_counted_at_the_shelf(self):
        others = [(self.drinks.id, 6), (self.snacks.id, 9)]
        step = self._count(self._visit(), others, cola=4, water=2, crackers=1)
        expected = {self.drinks: (6, 12, 50.0), self.snacks: (1, 10, 10.0)}
        self.assertEqual(self._rows(step), expected)
        self.assertEqual(step.shelf_share, 32)  # 7 of 22
        self.assertIn("Share of shelf: 32 %", step._get_report_answer())

    def test_nobody_counted_others(self):
        step = self._count(self._visit(), cola=4)
        self.assertFalse(step.share_ids)
        self.assertNotIn("Share of shelf", step._get_report_answer())

    def test_counted_at_the_competitors_before_or_after(self):
        first = self._visit()
        self._compete(first, spring=6, rice=3)
        before = self._count(first, cola=4, water=2)
        second = self._visit(user=self.ravi)
        after = self._count(second, cola=4, water=2)
        self.assertFalse(after.share_ids)
        self._compete(second, spring=6, rice=3)
        expected = {self.drinks: (6, 12, 50.0), self.snacks: (0, 3, 0.0)}
        self.assertEqual((self._rows(before), self._rows(after)), (expected, expected))

    def test_the_shelf_says_more_than_single_products(self):
        visit = self._visit()
        self._compete(visit, spring=6, rice=3)
        step = self._count(visit, [(self.drinks.id, 18)], cola=6, crackers=1)
        expected = {self.drinks: (6, 24, 25.0), self.snacks: (1, 4, 25.0)}
        self.assertEqual(self._rows(step), expected)

    def test_answered_again(self):
        visit = self._visit()
        step = self._count(visit, [(self.drinks.id, 18)], cola=6)
        step.action_reopen()
        self.assertFalse(step.share_ids)
        step = self._count(visit, [(self.snacks.id, 1)], crackers=1)
        self.assertEqual(self._rows(step), {self.snacks: (1, 2, 50.0)})

    def test_products_without_a_group_are_one(self):
        self.cola.categ_id = False
        step = self._count(self._visit(), [(0, 1)], cola=3)
        [row] = step.share_ids
        self.assertEqual((row.categ_id.id, row.own_facings, row.all_facings), (False, 3, 4))

    def test_wrong_lines(self):
        step = self._step(self._visit(), "stock")
        group = {"categ_id": self.drinks.id, "facings": 3}
        own = {"product_id": self.cola.id, "facings": 3}
        self.assertRejected("lines_missing", step._do_done, lines=[group])
        for wrong in ({"categ_id": -1}, {"categ_id": True}, {"categ_id": 2**40}, {"facings": -1}):
            lines = [own, {**group, **wrong}]
            self.assertRejected("lines_wrong", step._do_done, lines=lines)
        step._do_done(lines=[own, {"categ_id": 2**31 - 1, "facings": 3}])
        self.assertFalse(step.share_ids, "a group that is gone")

    def test_together_a_long_shelf_weighs_more(self):
        self._count(self._visit(), [(self.drinks.id, 2)], cola=2)
        self._count(self._visit(user=self.ravi), [(self.drinks.id, 90)], cola=6)
        domain = [("partner_id", "=", self.dragon.id)]
        Share = self.env["field.shelf.share"]
        [(_group, together)] = Share._read_group(domain, ["categ_id"], ["share:avg"])
        self.assertEqual(together, 8.0)
        by_visit = Share._read_group(domain, ["visit_id"], ["share:avg"])
        self.assertEqual(sorted(share for _visit, share in by_visit), [6.25, 50.0])

    def test_phone_is_told_the_groups(self):
        version = self.standard._get_version()
        values = version._as_app_values()
        groups = [
            {"id": self.drinks.id, "name": "Drinks"},
            {"id": self.snacks.id, "name": "Snacks"},
        ]
        self.assertEqual(values["groups"], groups)
        self.assertEqual(values["lines"][2]["group_id"], self.snacks.id)
        choice = self._step(self._visit(), "stock").line_choice
        self.assertEqual([group["name"] for group in choice["groups"]], ["Drinks", "Snacks"])
        self.standard.asks_share = False
        self.assertFalse(self.standard._get_version()._as_app_values()["groups"])

    def test_roles(self):
        step = self._count(self._visit(), [(self.drinks.id, 2)], cola=2)
        for user, sees in (
            (self.rita, True),
            (self.ravi, False),
            (self.lea, True),
            (self.otis, False),
            (self.dora, True),
            (self.audra, True),
        ):
            found = self.env["field.shelf.share"].with_user(user).search([])
            self.assertEqual(step.share_ids <= found, sees, user.login)
        with self.assertRaises(AccessError):
            self.env["field.shelf.share"].with_user(self.nina).search([])
        with self.assertRaises(AccessError):
            step.share_ids.with_user(self.rita).unlink()
