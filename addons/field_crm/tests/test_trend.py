import random
import unittest
from datetime import date

from odoo.addons.field_crm.tools.forecast import error, expected_delay, spread
from odoo.addons.field_crm.tools.trend import forecast, seasonal_naive

SEASONS = (100, 140, 90, 200)


class TestCashArithmetic(unittest.TestCase):
    def test_parts_add_up_and_the_last_takes_the_rest(self):
        shares = [(date(2027, 1, n), "percent", 33.33) for n in (1, 2, 3)]
        parts = spread(100.0, shares)
        self.assertEqual([amount for _date, amount in parts], [33.33, 33.33, 33.34])

    def test_a_fixed_part_is_never_more_than_there_is(self):
        shares = [(date(2027, 1, 1), "fixed", 500), (date(2027, 2, 1), "percent", 100)]
        self.assertEqual([a for _d, a in spread(300.0, shares)], [300.0, 0.0])

    def test_who_pays_late_is_expected_late(self):
        self.assertEqual(expected_delay([10, 12, 50], 3), 12)
        self.assertEqual(expected_delay([], 4), 4)
        self.assertEqual(expected_delay([30], 0), 10)  # one payment is a third of a habit
        self.assertEqual(expected_delay([-5, -6, -7], 9), 0)
        self.assertEqual(expected_delay([1] * 12 + [90] * 50, 0), 1)

    def test_error_is_a_share_of_what_came(self):
        self.assertAlmostEqual(error(120, 100), 0.2)
        self.assertIsNone(error(10, 0))


class TestTrend(unittest.TestCase):
    def _series(self, years, growth=1.0, noise=0.0, seed=7):
        rng = random.Random(seed)
        return [
            SEASONS[n % 4] * growth ** (n / 4) * (1 + rng.uniform(-noise, noise))
            for n in range(4 * years)
        ]

    def test_growth_beats_the_baseline(self):
        series = self._series(6, growth=1.25, noise=0.03)
        found = forecast(series)
        self.assertNotEqual(found.method, "seasonal_naive")
        self.assertLess(found.error, 0.9 * found.baseline_error)
        truth = SEASONS[0] * 1.25**6
        self.assertLess(abs(found.value - truth), abs(seasonal_naive(series) - truth))

    def test_pure_chance_falls_back_to_the_baseline(self):
        rng = random.Random(3)
        fallen = 0
        for _again in range(40):
            series = [rng.uniform(50, 150) if n % 4 else 400 for n in range(24)]
            found = forecast(series)
            fallen += found.method == "seasonal_naive"
            self.assertLessEqual(found.error, found.baseline_error)
        self.assertGreater(fallen, 0)

    def test_same_every_year_is_the_baseline_without_error(self):
        found = forecast(self._series(5))
        self.assertEqual((found.method, found.value), ("seasonal_naive", SEASONS[0]))
        self.assertEqual(found.error, 0.0)

    def test_the_stated_error_holds_on_quarters_it_has_not_seen(self):
        ratios = []
        for seed in range(30):
            series = self._series(7, growth=1.15, noise=0.1, seed=seed)
            found = forecast(series[:-1])
            miss = abs(found.value - series[-1]) / (sum(series) / len(series))
            ratios.append(miss / max(found.error, 1e-9))
        ratios.sort()
        # The stated error is a mean: half of the real ones lie below about twice of it.
        self.assertLess(ratios[len(ratios) // 2], 2.0)

    def test_too_little_history_says_nothing(self):
        for quarters in (0, 4, 11):
            self.assertIsNone(forecast(self._series(3)[:quarters]))
        self.assertIsNotNone(forecast(self._series(3)))
        self.assertIsNone(forecast([0.0] * 20))
