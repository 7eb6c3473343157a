import numpy as np

from odoo.tests import BaseCase

from . import tracks
from odoo.addons.field_tracking.tools import clean
from odoo.addons.field_tracking.tools.day import build_day, make_track


class TestClean(BaseCase):
    def judge(self, maker, **changes):
        arrays = maker.arrays()
        for index, (east, north) in changes.pop("moved", {}).items():
            arrays["lat"][index], arrays["lon"][index] = tracks.degrees(east, north)
        return make_track(**arrays, **changes).verdict

    def test_coarse_fixes_are_flagged_and_unknown_accuracy_is_not(self):
        maker = tracks.Maker().stay(100)
        accuracy = np.array([5, 100, 101, np.nan, 500, 0, 30, 99, 2000, 50.0])
        verdict = self.judge(maker, accuracy=accuracy)
        self.assertEqual(np.flatnonzero(verdict == clean.COARSE).tolist(), [2, 4, 8])

    def test_a_leap_and_back_is_flagged(self):
        maker = tracks.Maker().go(2000, 0, 10)
        verdict = self.judge(maker, moved={10: (1000, 5000)})
        self.assertEqual(np.flatnonzero(verdict).tolist(), [10])

    def test_a_burst_of_leaps_is_flagged_whole(self):
        maker = tracks.Maker().go(2000, 0, 10)
        burst = {n: (4000 + n, 5000) for n in range(8, 13)}
        verdict = self.judge(maker, moved=burst)
        self.assertEqual(np.flatnonzero(verdict == clean.SPIKE).tolist(), list(range(8, 13)))

    def test_a_leap_before_a_silence_is_flagged(self):
        """The way back, spread over the silence, is one that anybody can drive."""
        maker = tracks.Maker().stay(600).silent(1500).stay(600)
        self.assertEqual(
            np.flatnonzero(self.judge(maker, moved={59: (17000, 5000)})).tolist(), [59]
        )
        self.assertEqual(
            np.flatnonzero(self.judge(maker, moved={60: (17000, 5000)})).tolist(), [60]
        )
        ride = tracks.Maker().stay(600).silent(900).shift(17000, 5000).stay(10).silent(900)
        self.assertFalse(self.judge(ride.shift(0, 0).stay(600)).any(), "a ride there and back")

    def test_a_fast_train_is_not_flagged(self):
        maker = tracks.Maker(every=30).stay(600).go(80000, 0, 83).stay(600)
        self.assertFalse(self.judge(maker).any())

    def test_a_first_fix_from_the_cache_is_flagged(self):
        maker = tracks.Maker().stay(600)
        self.assertEqual(np.flatnonzero(self.judge(maker, moved={0: (9000, 0)})).tolist(), [0])

    def test_a_last_leap_counts_only_when_confirmed(self):
        maker = tracks.Maker().stay(600)
        self.assertEqual(np.flatnonzero(self.judge(maker, moved={59: (9000, 0)})).tolist(), [59])

    def test_smooth_is_the_median_of_five(self):
        random = np.random.default_rng(7)
        values = random.normal(size=200)
        smooth = clean.smooth(np.arange(200.0), values)
        expected = [np.median(values[n - 2 : n + 3]) for n in range(2, 198)]
        np.testing.assert_array_equal(smooth[2:-2], expected)

    def test_smooth_leaves_sparse_turning_points_alone(self):
        values = np.array([0, 75, 150, 75, 0.0])
        np.testing.assert_array_equal(clean.smooth(np.arange(5) * 300.0, values), values)

    def test_legs_are_great_circles(self):
        lengths = clean.leg_lengths(np.array([0, 0, 60.0]), np.array([179.5, -179.5, -179.5]))
        self.assertAlmostEqual(lengths[0], 111195, delta=1)
        self.assertAlmostEqual(lengths[1], 60 * 111195, delta=60)

    def test_the_date_line_is_no_leap(self):
        t = np.arange(100) * 10.0
        lon = (179.999 + np.arange(100) * 0.0005 + 180) % 360 - 180
        day = build_day(t, np.full(100, -17.0), lon)
        self.assertEqual(day.quality.spikes, 0)
        self.assertAlmostEqual(
            day.distance_m, 99 * 0.0005 * 111195 * np.cos(np.radians(17)), delta=30
        )
