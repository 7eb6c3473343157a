from datetime import date

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MileageCommon


@tagged("post_install", "-at_install")
class TestMileageRate(MileageCommon):
    def test_one_rate_per_company_kind_and_date(self):
        for kind in (False, "car"):
            if kind:
                self._new_rate(date(2026, 1, 1), 0.9, kind)
            with (
                self.assertRaises(UniqueViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self._new_rate(date(2026, 1, 1), 0.8, kind)
        other = self.company_data_2["company"]
        self.assertTrue(self._new_rate(date(2026, 1, 1), 0.8, company=other))

    def test_rate_must_be_above_zero(self):
        for rate in (0, -1):
            with (
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self._new_rate(date(2026, 2, 1), rate)

    def test_rate_keeps_four_decimals(self):
        rate = self._new_rate(date(2026, 3, 1), 0.6755)
        rate.invalidate_recordset()
        self.assertEqual(rate.rate, 0.6755)

    def test_rates_of_another_company_do_not_hold(self):
        other = self.company_data_2["company"]
        self._new_rate(date(2026, 6, 1), 5.0, company=other)
        found = self.env["field.mileage.rate"]._get_rates(
            self.company, [(date(2026, 11, 23), False), (date(2025, 1, 1), False)]
        )
        self.assertEqual(found[date(2026, 11, 23), False], self.rate)
        self.assertFalse(found[date(2025, 1, 1), False])
