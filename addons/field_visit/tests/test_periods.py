import unittest
from datetime import date, timedelta

from ..tools.periods import PERIODS, between, bounds_of, due_by, index_of, pick_days


class TestPeriods(unittest.TestCase):
    def test_every_day_lies_in_its_period_and_periods_touch(self):
        for period in (*PERIODS, 10):
            for day in (date(2023, 12, 25) + timedelta(days=n) for n in range(800)):
                index = index_of(period, day)
                first, last = bounds_of(period, index)
                self.assertTrue(first <= day <= last)
                self.assertEqual(bounds_of(period, index + 1)[0], last + timedelta(days=1))
                self.assertEqual(index_of(period, last), index)

    def test_known_bounds(self):
        day = date(2026, 11, 25)
        cases = {
            "week": (date(2026, 11, 23), date(2026, 11, 29)),
            "month": (date(2026, 11, 1), date(2026, 11, 30)),
            "quarter": (date(2026, 10, 1), date(2026, 12, 31)),
        }
        for period, bounds in cases.items():
            self.assertEqual(bounds_of(period, index_of(period, day)), bounds)
        first, last = bounds_of("fortnight", index_of("fortnight", day))
        self.assertEqual(((last - first).days, first.weekday()), (13, 0))

    def test_between(self):
        self.assertEqual(len(between("month", date(2026, 1, 31), date(2026, 3, 1))), 3)

    def test_even_pace(self):
        first, last = date(2026, 11, 1), date(2026, 11, 30)
        self.assertEqual(due_by(4, first, last, date(2026, 10, 31)), 0)
        self.assertEqual(due_by(4, first, last, date(2026, 11, 7)), 1)
        self.assertEqual(due_by(4, first, last, date(2026, 11, 15)), 2)
        self.assertEqual(due_by(4, first, last, date(2026, 12, 24)), 4)


class TestPickDays(unittest.TestCase):
    WEEK = [date(2026, 11, 23) + timedelta(days=n) for n in range(5)]

    def test_the_emptiest_days_with_a_gap(self):
        room = dict.fromkeys(self.WEEK, 100) | {self.WEEK[2]: 300, self.WEEK[3]: 290}
        self.assertEqual(pick_days(self.WEEK, [], room, 60, 2, 2), [self.WEEK[2], self.WEEK[0]])
        self.assertEqual(room[self.WEEK[2]], 240)

    def test_other_visits_keep_their_distance(self):
        room = dict.fromkeys(self.WEEK, 100)
        self.assertEqual(pick_days(self.WEEK, [self.WEEK[1]], room, 60, 3, 1), [self.WEEK[4]])

    def test_no_room_is_no_day(self):
        self.assertEqual(pick_days(self.WEEK, [], dict.fromkeys(self.WEEK, 59), 60, 1, 3), [])
