import itertools

import numpy as np

from odoo.tests import BaseCase

from . import tracks
from odoo.addons.field_tracking.tools.day import build_day


class TestDay(BaseCase):
    def setUp(self):
        super().setUp()
        maker = tracks.Maker().stay(1200).go(4000, 0, 9).stay(900).silent(1500).shift(9000, 0)
        self.maker = maker.go(12000, 0, 12).stay(1800)
        self.arrays = self.maker.arrays()
        self.day = build_day(**self.arrays)

    def test_the_day_follows_time_without_overlap(self):
        items = [*self.day.stays, *self.day.trips, *self.day.gaps]
        items.sort(key=lambda item: item.start)
        for before, after in itertools.pairwise(items):
            self.assertLessEqual(before.end, after.start)
        self.assertEqual(
            [type(item).__name__ for item in items], ["Stay", "Trip", "Stay", "Gap", "Trip", "Stay"]
        )

    def test_the_total_is_the_sum_of_its_parts(self):
        trips = sum(trip.distance_m for trip in self.day.trips)
        gaps = sum(gap.distance_m for gap in self.day.gaps)
        self.assertAlmostEqual(self.day.distance_m, trips + gaps, delta=0.2)
        self.assertAlmostEqual(self.day.measured_m + self.day.estimated_m, self.day.distance_m)
        self.assertLessEqual(self.day.distance_m, self.day.quality.raw_m)

    def test_the_first_and_last_time_are_those_of_usable_fixes(self):
        self.assertEqual(self.day.first_ts, self.arrays["ts"][0])
        self.assertEqual(self.day.last_ts, self.arrays["ts"][-1])

    def test_no_fix_no_day(self):
        empty = np.zeros(0)
        day = build_day(empty, empty, empty)
        self.assertEqual((day.first_ts, day.method, day.quality.fixes), (None, "none", 0))

    def test_two_phones_are_not_interleaved(self):
        """The busier phone leads; the other only fills its silences, wherever it lies."""
        other = {name: np.array(values) for name, values in self.arrays.items()}
        lat, lon = tracks.degrees(np.full(len(other["ts"]), -20000.0), np.zeros(len(other["ts"])))
        other = {"ts": other["ts"][::6] + 3, "lat": lat[::6], "lon": lon[::6]}
        both = {name: np.concatenate((self.arrays[name], other[name])) for name in other}
        device = np.repeat([7, 3], [len(self.arrays["ts"]), len(other["ts"])])
        day = build_day(**both, device=device)
        self.assertEqual(day.stays, self.day.stays)
        self.assertEqual(day.distance_m, self.day.distance_m)

    def test_a_second_phone_fills_a_silence(self):
        seen = (self.arrays["ts"] < tracks.T0 + 1000) | (self.arrays["ts"] > tracks.T0 + 2500)
        first = {name: values[seen] for name, values in self.arrays.items()}
        alone = build_day(**first)
        rest = {name: values[~seen] for name, values in self.arrays.items()}
        both = {name: np.concatenate((first[name], rest[name])) for name in first}
        device = np.repeat([1, 2], [seen.sum(), (~seen).sum()])
        day = build_day(**both, device=device)
        self.assertEqual(day.stays, self.day.stays)
        self.assertNotEqual(alone.stays, self.day.stays)

    def test_of_two_fixes_in_one_second_the_better_counts(self):
        lat, lon = tracks.degrees(5000.0, 0.0)
        arrays = {
            "ts": np.repeat(self.arrays["ts"], 2),
            "lat": np.repeat(self.arrays["lat"], 2),
            "lon": np.repeat(self.arrays["lon"], 2),
            "accuracy": np.tile([10.0, 90.0], len(self.arrays["ts"])),
        }
        arrays["lat"][1::2], arrays["lon"][1::2] = lat, lon
        self.assertEqual(build_day(**arrays).stays, self.day.stays)
