import unittest

from odoo.addons.field_crm.tools.funnel import build
from odoo.addons.field_crm.tools.stage_path import crossing

ORDER = (1, 2, 3, 4, 5)


class TestStagePath(unittest.TestCase):
    def test_one_step_leaves_one_and_enters_one(self):
        self.assertEqual(crossing(ORDER, 2, 3), ((2,), (3,)))

    def test_skipped_stages_ask_too(self):
        self.assertEqual(crossing(ORDER, 1, 4), ((1, 2, 3), (2, 3, 4)))

    def test_backwards_asks_nothing(self):
        self.assertEqual(crossing(ORDER, 4, 2), ((), ()))
        self.assertEqual(crossing(ORDER, 4, 4), ((), ()))

    def test_a_new_deal_passes_all_but_the_first_door(self):
        self.assertEqual(crossing(ORDER, None, 3), ((1, 2), (2, 3)))
        self.assertEqual(crossing(ORDER, None, 1), ((), ()))

    def test_a_deal_from_another_pipeline_is_asked_for_everything(self):
        self.assertEqual(crossing(ORDER, 99, 2).entered, (1, 2))
        self.assertEqual(crossing(ORDER, 1, 99), ((), ()))


class TestFunnelArithmetic(unittest.TestCase):
    # Ten deals: five came to stage 1 only, three to stage 2, two to stage 3 (one of them won).
    COUNTS = (
        (1, 1, "pending", 3, 300.0),
        (1, 1, "lost", 2, 50.0),
        (2, 2, "pending", 1, 100.0),
        (2, 1, "lost", 2, 80.0),
        (3, 2, "pending", 1, 10.0),
        (3, 3, "won", 1, 20.0),
    )

    def test_reached_is_cumulative_and_conversion_follows(self):
        one, two, three = build((1, 2, 3), self.COUNTS)
        self.assertEqual((one.reached, two.reached, three.reached), (10, 5, 2))
        self.assertEqual((one.conversion, two.conversion, three.conversion), (0.5, 0.4, None))
        self.assertEqual((one.amount, two.amount, three.amount), (560.0, 210.0, 30.0))

    def test_standing_and_lost_are_where_the_deal_is(self):
        one, two, three = build((1, 2, 3), self.COUNTS)
        self.assertEqual((one.standing, two.standing, three.standing), (3, 2, 0))
        self.assertEqual((one.lost, two.lost, three.lost), (4, 0, 0))
        self.assertEqual(one.lost_amount, 130.0)

    def test_nothing_makes_nothing(self):
        self.assertEqual(build((), ()), [])
        self.assertIsNone(build((1, 2), ())[0].conversion)

    def test_a_stage_that_is_gone_counts_as_the_first(self):
        self.assertEqual(build((1, 2), ((9, 9, "lost", 1, 1.0),))[0].lost, 1)
