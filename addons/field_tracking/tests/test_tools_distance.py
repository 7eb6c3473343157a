import numpy as np

from odoo.tests import BaseCase

from . import tracks
from odoo.addons.field_tracking.tools.day import build_day


class TestDistance(BaseCase):
    def test_doppler_is_used_where_fixes_are_close(self):
        day = build_day(**tracks.Maker(every=5).go(10000, 0, 10).arrays(speed=True))
        self.assertEqual(day.method, "doppler")
        self.assertAlmostEqual(day.distance_m, 9950, delta=60)

    def test_speed_is_not_used_on_sparse_fixes(self):
        maker = tracks.Maker(every=60).go(10000, 0, 10)
        maker.v = [25.0] * len(maker.v)
        day = build_day(**maker.arrays(speed=True))
        self.assertEqual(day.method, "chord")
        self.assertAlmostEqual(day.distance_m, 10000 * 15 / 16, delta=50)

    def test_zero_speeds_of_a_moving_phone_are_not_believed(self):
        maker = tracks.Maker(every=5).go(10000, 0, 10)
        maker.v = [0.0] * len(maker.v)
        self.assertAlmostEqual(build_day(**maker.arrays(speed=True)).distance_m, 9950, delta=200)
        maker.v[0] = 3.0
        self.assertAlmostEqual(build_day(**maker.arrays(speed=True)).distance_m, 9950, delta=200)

    def test_wild_speeds_are_not_believed(self):
        maker = tracks.Maker(every=5).go(10000, 0, 10)
        maker.v = [60.0] * len(maker.v)
        self.assertAlmostEqual(build_day(**maker.arrays(speed=True)).distance_m, 9950, delta=200)

    def test_jitter_adds_nothing(self):
        noisy = build_day(**tracks.Maker(every=2, noise=6).go(10000, 0, 10).arrays())
        self.assertAlmostEqual(noisy.distance_m, 9980, delta=600)
        self.assertGreater(noisy.quality.raw_m, 10800, "the plain sum of chords over-reads")

    def test_standing_adds_nothing(self):
        maker = tracks.Maker(noise=12).stay(8 * 3600)
        day = build_day(**maker.arrays())
        self.assertLessEqual(day.distance_m, 200)

    def test_a_dropout_in_a_dense_track_is_estimated(self):
        maker = tracks.Maker(every=1).go(3000, 0, 10).silent(60).shift(3600, 0).go(6600, 0, 10)
        day = build_day(**maker.arrays(speed=True))
        self.assertAlmostEqual(day.estimated_m, 610, delta=20)
        self.assertAlmostEqual(day.measured_m, 5990, delta=30)
        self.assertEqual(day.gaps, [], "a minute is no gap")

    def test_the_usual_rhythm_is_no_dropout(self):
        day = build_day(**tracks.Maker(every=60).go(10000, 0, 10).arrays())
        self.assertEqual(day.estimated_m, 0)

    def test_the_last_metres_to_the_door_count(self):
        maker = (
            tracks.Maker(every=1, noise=1).stay(900).go(0, 1000, 8).stay(900).go(0, 0, 8).stay(900)
        )
        for speed in (True, False):
            day = build_day(**maker.arrays(speed=speed))
            self.assertAlmostEqual(day.distance_m, 2000, delta=60)

    def test_a_long_way_is_measured_on_the_globe(self):
        """One flat projection for the whole day would be off here by more than a percent."""
        count = 2000
        lat = np.linspace(30, 36, count)
        lon = np.linspace(110, 122, count)
        day = build_day(np.arange(count) * 30.0, lat, lon)
        self.assertAlmostEqual(day.distance_m / day.quality.raw_m, 1, delta=0.001)
