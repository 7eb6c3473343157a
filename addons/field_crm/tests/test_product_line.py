from odoo.fields import Command
from odoo.tests import tagged

from .pipeline import PipelineCommon


@tagged("post_install", "-at_install")
class TestProductLine(PipelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Category = cls.env["product.category"]
        cls.cooling, cls.shelves = Category.create([{"name": "Cooling"}, {"name": "Shelves"}])
        small = Category.create({"name": "Small", "parent_id": cls.cooling.id})
        cls.fridge, cls.bar, cls.shelf = cls.env["product.product"].create(
            [
                {"name": "Fridge", "categ_id": cls.cooling.id, "taxes_id": False},
                {"name": "Minibar", "categ_id": small.id, "taxes_id": False},
                {"name": "Shelf", "categ_id": cls.shelves.id, "taxes_id": False},
            ]
        )

    def _quote(self, *lines):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "opportunity_id": self.deal.id,
                "order_line": [
                    Command.create({"product_id": product.id, "price_unit": price})
                    for product, price in lines
                ],
            }
        )

    def test_the_quotation_says_what_the_deal_is_about(self):
        """Two small parts of one line outweigh the dearest single product."""
        self._quote((self.shelf, 500), (self.fridge, 300), (self.bar, 250))
        self.assertEqual(self.deal.field_product_line_id, self.cooling)

    def test_lines_added_later_say_it_too(self):
        order = self._quote()
        self.assertFalse(self.deal.field_product_line_id)
        order.order_line = [Command.create({"product_id": self.shelf.id, "price_unit": 10})]
        self.assertEqual(self.deal.field_product_line_id, self.shelves)

    def test_what_a_person_has_chosen_stays(self):
        self.deal.field_product_line_id = self.shelves
        self._quote((self.fridge, 300))
        self.assertEqual(self.deal.field_product_line_id, self.shelves)

    def test_cancelled_quotation_says_nothing(self):
        order = self._quote()
        order.action_cancel()
        order.order_line = [Command.create({"product_id": self.shelf.id, "price_unit": 10})]
        self.assertFalse(self.deal.field_product_line_id)
