from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import spans

# How long it takes says something about the machine only.
ANY_SPEED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)


def inside(parts):
    return {n for start, end in parts for n in range(start, end)}


class TestSpans(BaseCase):
    @ANY_SPEED
    @given(SPANS, SPANS)
    def test_sets_of_minutes(self, left, right):
        a, b = spans.merge(left), spans.merge(right)
        self.assertEqual(inside(a), inside(left))
        self.assertEqual(inside(spans.intersect(a, b)), inside(a) & inside(b))
        self.assertEqual(inside(spans.subtract(a, b)), inside(a) - inside(b))

    @ANY_SPEED
    @given(SPANS)
    def test_merged_ones_lie_apart(self, parts):
        merged = spans.merge(parts)
        for (_start, end), (following, _end) in pairwise(merged):
            self.assertLess(end, following)

    def test_covers(self):
        self.assertTrue(spans.covers([(1, 5)], 1, 5))
        self.assertFalse(spans.covers([(1, 5), (6, 9)], 4, 7))
