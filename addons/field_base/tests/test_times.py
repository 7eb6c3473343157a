from datetime import date, datetime, timedelta

from odoo.tests import BaseCase

from ..tools.times import corrected, local_date, local_hour, parse_instant

NOW = datetime(2026, 11, 23, 9, 41, 7)


class TestTimes(BaseCase):
    def test_parse(self):
        for text, wanted in (
            ("2026-11-23T09:41:07Z", NOW),
            ("2026-11-23T17:41:07+08:00", NOW),
            ("2026-11-23T09:41:07.12Z", NOW + timedelta(milliseconds=120)),
            ("2026-11-23T09:41:07.123456789Z", NOW + timedelta(microseconds=123456)),
            ("2026-11-23T09:41Z", NOW.replace(second=0)),
        ):
            with self.subTest(text):
                self.assertEqual(parse_instant(text), wanted)

    def test_parse_refuses(self):
        for text in (
            None,
            12,
            "",
            "2026-11-23",
            "2026-11-23T09:41:07",
            "2026-13-23T09:41:07Z",
            "0001-01-01T00:00:00+14:00",
            "yesterday at nine o'clock",
            ["2026-11-23T09:41:07Z"],
        ):
            with self.subTest(text=text), self.assertRaises(ValueError):
                parse_instant(text)

    def test_correction(self):
        captured = NOW - timedelta(hours=1)
        self.assertEqual(corrected(captured, 0, NOW), captured)
        self.assertEqual(corrected(captured, 3000, NOW), captured)  # travelling time, not an error
        self.assertEqual(corrected(captured, 600_000, NOW), captured + timedelta(minutes=10))
        self.assertEqual(corrected(captured, -600_000, NOW), captured - timedelta(minutes=10))
        self.assertEqual(corrected(NOW + timedelta(days=1), 0, NOW), NOW)
        self.assertEqual(corrected(datetime(9999, 12, 31), 2**31 - 1, NOW), NOW)

    def test_local_date(self):
        self.assertEqual(
            local_date(datetime(2026, 11, 22, 15, 59), "Asia/Shanghai"), date(2026, 11, 22)
        )
        self.assertEqual(
            local_date(datetime(2026, 11, 22, 16, 0), "Asia/Shanghai"), date(2026, 11, 23)
        )
        self.assertEqual(
            local_date(datetime(2026, 11, 23, 4), "America/New_York"), date(2026, 11, 22)
        )

    def test_local_hour(self):
        day = date(2026, 11, 23)
        self.assertEqual(local_hour(day, 22.5, "Asia/Shanghai"), datetime(2026, 11, 23, 14, 30))
        self.assertEqual(local_hour(day, 24, "Asia/Shanghai"), datetime(2026, 11, 23, 16))
        # the clock goes back that night in Berlin: 22:00 is 21:00 UTC, not 20:00
        self.assertEqual(
            local_hour(date(2026, 10, 25), 22, "Europe/Berlin"), datetime(2026, 10, 25, 21)
        )
