import numpy as np

from odoo.tests import BaseCase

from . import tracks
from odoo.addons.field_tracking.tools.day import build_day


class TestStays(BaseCase):
    def assertStays(self, maker, tolerance_s, tolerance_m=25, truth=None, **arrays):
        day = build_day(**(arrays or maker.arrays()))
        truth = maker.stays if truth is None else truth
        self.assertEqual(len(day.stays), len(truth), day.stays)
        for stay, (start, end, place) in zip(day.stays, truth, strict=True):
            self.assertAlmostEqual(stay.start, start, delta=tolerance_s)
            self.assertAlmostEqual(stay.end, end, delta=tolerance_s)
            lat, lon = tracks.degrees(*place)
            off = np.hypot(
                (stay.lat - lat) / tracks.METRE,
                (stay.lon - lon) / tracks.METRE * np.cos(np.radians(tracks.LAT)),
            )
            self.assertLess(off, tolerance_m)
        return day

    def day_of_visits(self, **options):
        maker = tracks.Maker(**options)
        return (
            maker.stay(1800)
            .go(4000, 500, 9)
            .stay(900)
            .go(4300, 3000, 8)
            .stay(2400)
            .go(0, 0, 12)
            .stay(600)
        )

    def test_visits_between_drives(self):
        self.assertStays(self.day_of_visits(), 20)

    def test_urban_noise(self):
        maker = self.day_of_visits(noise=18)
        self.assertStays(maker, 60, 30)

    def test_nine_of_ten_fixes_lie_within_the_radius(self):
        maker = self.day_of_visits(noise=18)
        arrays = maker.arrays()
        for stay in build_day(**arrays).stays:
            inside = (arrays["ts"] >= stay.start) & (arrays["ts"] <= stay.end)
            north = (arrays["lat"][inside] - stay.lat) / tracks.METRE
            east = (arrays["lon"][inside] - stay.lon) / tracks.METRE
            off = np.hypot(north, east * np.cos(np.radians(tracks.LAT)))
            self.assertGreater(stay.radius_m, 10)
            self.assertAlmostEqual((off <= stay.radius_m).mean(), 0.9, delta=0.03)

    def test_one_fix_a_second(self):
        self.assertStays(self.day_of_visits(every=1), 20)

    def test_one_fix_a_minute(self):
        self.assertStays(self.day_of_visits(every=60), 90, 60)

    def test_a_red_light_is_no_stay(self):
        maker = tracks.Maker().stay(900).go(3000, 0, 10)
        before = list(maker.stays)
        maker.stay(120).go(6000, 0, 10)
        maker.stays = before
        maker.stay(900)
        self.assertStays(maker, 30)

    def test_stray_fixes_do_not_split_a_stay(self):
        maker = self.day_of_visits()
        arrays = maker.arrays()
        for index in range(7, 180, 13):
            lat, lon = tracks.degrees(150 + index, 120)
            arrays["lat"][index], arrays["lon"][index] = lat, lon
        self.assertStays(maker, 30, **arrays)

    def test_a_burst_of_stray_fixes_does_not_split_a_stay(self):
        maker = self.day_of_visits()
        arrays = maker.arrays()
        lat, lon = tracks.degrees(np.full(8, 400.0), np.full(8, 300.0))
        arrays["lat"][60:68], arrays["lon"][60:68] = lat, lon
        self.assertStays(maker, 30, **arrays)

    def test_a_still_phone_with_confident_glitches_stays(self):
        """Eight hours, glitches of 200 m that claim 1.7 m, also several in a row."""
        maker = tracks.Maker(every=60).stay(8 * 3600)
        arrays = maker.arrays()
        arrays["accuracy"] = np.full(480, 12.0)
        for index in (30, 31, 90, 200, 201, 202, 350, 460):
            lat, lon = tracks.degrees(199.0, 0.0)
            arrays["lat"][index], arrays["lon"][index], arrays["accuracy"][index] = lat, lon, 1.7
        day = self.assertStays(maker, 61, **arrays)
        self.assertEqual((day.trips, day.gaps, day.distance_m), ([], [], 0))

    def test_a_lone_heartbeat_glitch_is_no_place(self):
        maker = tracks.Maker(every=900).stay(8 * 3600)
        arrays = maker.arrays()
        lat, lon = tracks.degrees(220.0, 0.0)
        arrays["lat"][10], arrays["lon"][10] = lat, lon
        day = build_day(**arrays)
        self.assertEqual((len(day.stays), day.trips, day.distance_m), (1, [], 0))

    def test_a_silence_at_one_place_is_a_stay(self):
        """Tracker apps send nothing when still and wake up a little farther on."""
        maker = tracks.Maker(every=10).go(3000, 0, 10)
        start = maker.now
        maker._add(3000, 0, 0, 10)
        maker.silent(2400)
        end = maker.now
        maker.shift(3120, 0).go(6000, 0, 10)
        day = build_day(**maker.arrays())
        self.assertEqual(len(day.stays), 1)
        self.assertAlmostEqual(day.stays[0].start, start, delta=20)
        self.assertAlmostEqual(day.stays[0].end, end, delta=120)
        self.assertGreater(day.stays[0].silent_s, 2000)
        self.assertEqual(day.gaps, [])

    def test_a_silence_with_a_way_is_a_gap_and_no_stay(self):
        maker = tracks.Maker().go(3000, 0, 10).silent(1200).shift(9000, 0).go(12000, 0, 10)
        day = build_day(**maker.arrays())
        self.assertEqual((len(day.stays), len(day.gaps), len(day.trips)), (0, 1, 2))
        self.assertAlmostEqual(day.gaps[0].distance_m, 6000, delta=150)
        self.assertAlmostEqual(day.estimated_m, 6000, delta=150)
        self.assertEqual(day.gaps[0].unusable, 0)

    def test_a_silence_at_the_edge_of_the_circle_is_part_of_the_stay(self):
        maker = tracks.Maker(every=10, noise=2).go(3000, 0, 10).stay(500)
        maker.shift(3060, 0).stay(20).silent(420).stay(20)
        day = build_day(**maker.arrays())
        self.assertEqual((len(day.stays), day.gaps), (1, []))
        self.assertAlmostEqual(day.stays[0].end, maker.t[-1], delta=20)

    def test_coarse_fixes_inside_a_gap_are_told(self):
        maker = tracks.Maker().go(3000, 0, 10)
        bad = len(maker.t) + np.arange(10)
        maker.go(9000, 0, 10, every=60).go(12000, 0, 10)
        arrays = maker.arrays()
        arrays["accuracy"] = np.full(len(maker.t), 10.0)
        arrays["accuracy"][bad] = 800
        gap = build_day(**arrays).gaps[0]
        self.assertEqual(gap.unusable, 10)

    def test_a_short_absence_does_not_split(self):
        maker = tracks.Maker().stay(1200)
        maker.go(130, 0, 2).go(0, 0, 2).stay(1200)
        truth = [(maker.stays[0][0], maker.stays[1][1], (0.0, 0.0))]
        self.assertStays(maker, 20, truth=truth)

    def test_the_last_stay_is_there_although_nobody_left(self):
        maker = tracks.Maker().go(3000, 0, 10).stay(400)
        self.assertStays(maker, 30)

    def test_two_neighbouring_customers_are_two_stays(self):
        maker = tracks.Maker().stay(900).go(260, 0, 1.4).stay(900)
        day = self.assertStays(maker, 60)
        self.assertEqual(len(day.trips), 1)
        self.assertAlmostEqual(day.distance_m, 260, delta=50)

    def test_little_data_is_no_trouble(self):
        for count in range(4):
            maker = tracks.Maker()
            for _n in range(count):
                maker._add(0, 0, 0, 10)
            day = build_day(**maker.arrays())
            self.assertEqual((day.stays, day.trips, day.gaps, day.distance_m), ([], [], [], 0))
            self.assertEqual(day.first_ts is None, count == 0)
