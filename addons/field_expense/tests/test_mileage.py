from datetime import date

from odoo.tests import BaseCase

from ..tools.mileage import claimable_km, pick_rate


class TestClaimableKm(BaseCase):
    def test_halves_go_up(self):
        for metres, km in (
            (12_349.9, 12.3),
            (12_350, 12.4),
            (12_250, 12.3),  # banker's rounding would give 12.2
            (50, 0.1),
            (49.9, 0.0),
            (1_050, 1.1),  # 1.05 has no exact binary form
            (1_000_000, 1000.0),
        ):
            self.assertEqual(claimable_km(metres), km, metres)

    def test_nothing_to_pay(self):
        for metres in (0, 0.0, None, False, -5):
            self.assertEqual(claimable_km(metres), 0.0)


class TestPickRate(BaseCase):
    OLD = (date(2025, 1, 1), False, 0.5)
    NEW = (date(2026, 1, 1), False, 0.75)
    CAR = (date(2025, 6, 1), "car", 1.1)

    def _rate(self, day, kind=None):
        picked = pick_rate([self.NEW, self.OLD, self.CAR], day, kind)
        return picked and picked[2]

    def test_the_newest_that_has_begun(self):
        self.assertEqual(self._rate(date(2026, 1, 1)), 0.75)
        self.assertEqual(self._rate(date(2025, 12, 31)), 0.5)
        self.assertIsNone(self._rate(date(2024, 12, 31)))

    def test_own_vehicle_kind_goes_first(self):
        self.assertEqual(self._rate(date(2026, 5, 1), "car"), 1.1)
        self.assertEqual(self._rate(date(2025, 2, 1), "car"), 0.5)
        self.assertEqual(self._rate(date(2026, 5, 1), "bicycle"), 0.75)
