import itertools

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from . import tracks
from odoo.addons.field_tracking.tools.day import build_day
from odoo.addons.field_tracking.tools.parse import Fix, parse
from odoo.addons.field_tracking.tools.thin import thin

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def days(draw):
    """A made-up day: stays, ways and silences in any order, any rhythm, with stray fixes."""
    maker = tracks.Maker(
        every=draw(st.sampled_from([1, 5, 10, 30, 60, 300])),
        noise=draw(st.floats(0, 25)),
        seed=draw(st.integers(0, 10**6)),
    )
    for _n in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["stay", "go", "silent"]))
        if kind == "stay":
            maker.stay(draw(st.integers(60, 3000)))
        elif kind == "go":
            place = draw(st.tuples(st.integers(-9000, 9000), st.integers(-9000, 9000)))
            maker.go(*place, draw(st.floats(1, 30)))
        else:
            maker.silent(draw(st.integers(60, 5000)))
            maker.shift(draw(st.integers(-9000, 9000)), 0)
    arrays = maker.arrays(speed=draw(st.booleans()))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    arrays["accuracy"] = random.choice([np.nan, 5, 20, 80, 300], len(arrays["ts"]))
    return arrays


class TestLaws(BaseCase):
    @QUICK
    @given(arrays=days(), seed=st.integers(0, 10**6))
    def test_order_and_duplicates_change_nothing(self, arrays, seed):
        random = np.random.default_rng(seed)
        count = len(arrays["ts"])
        order = random.permutation(
            np.concatenate((np.arange(count), random.integers(0, max(count, 1), count)))
        )
        mixed = {name: values[order.astype(int)] for name, values in arrays.items()}
        self.assertEqual(build_day(**mixed), build_day(**arrays))

    @QUICK
    @given(arrays=days(), share=st.floats(0, 1))
    def test_splitting_the_delivery_changes_nothing(self, arrays, share):
        cut = int(len(arrays["ts"]) * share)
        late_first = {name: np.concatenate((v[cut:], v[:cut])) for name, v in arrays.items()}
        self.assertEqual(build_day(**late_first), build_day(**arrays))

    @QUICK
    @given(arrays=days())
    def test_a_day_is_sane(self, arrays):
        day = build_day(**arrays)
        items = sorted([*day.stays, *day.trips, *day.gaps], key=lambda item: (item.start, item.end))
        for before, after in itertools.pairwise(items):
            self.assertLessEqual(before.end, after.start)
        for stay in day.stays:
            self.assertGreaterEqual(stay.end - stay.start, 300)
        self.assertGreaterEqual(day.distance_m, day.estimated_m - 1e-6)
        self.assertGreaterEqual(day.estimated_m, 0)
        if day.method == "chord":
            self.assertLessEqual(day.distance_m, day.quality.raw_m * 1.001 + 1)

    @QUICK
    @given(
        st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), max_size=300),
        st.integers(2, 50),
    )
    def test_thinning_keeps_order_and_ends(self, points, most):
        x = np.array([point[0] for point in points])
        y = np.array([point[1] for point in points])
        kept = thin(np.arange(len(x), dtype=float), x, y, most)
        self.assertLessEqual(len(kept), max(most, 2))
        self.assertTrue((np.diff(kept) > 0).all())
        if len(points) > 1:
            self.assertEqual((kept[0], kept[-1]), (0, len(points) - 1))

    @QUICK
    @given(
        st.binary(max_size=200),
        st.sampled_from(["", "application/json", "application/x-www-form-urlencoded"]),
    )
    def test_no_body_breaks_the_parser(self, body, kind):
        parsed = parse(kind, body.decode("latin-1"), body, 1.7e9)
        for fix in parsed.fixes:
            self.assertIsInstance(fix, Fix)
            self.assertTrue(-90 <= fix.lat <= 90 and -180 <= fix.lon <= 180)
