import random
import unittest

from ..tools import periodic
from ..tools.periodic import Customer, Period, make_patterns, nearest_neighbour, solve


def town(count, seed=4):
    """Customers in four corners of a town; node 0 in the middle."""
    rng = random.Random(seed)
    corners = [(0, 0), (0, 9000), (9000, 0), (9000, 9000)]
    points = [(4500, 4500)]
    for n in range(count):
        x, y = corners[n % 4]
        points.append((x + rng.uniform(-900, 900), y + rng.uniform(-900, 900)))
    return [[round(((a - c) ** 2 + (b - d) ** 2) ** 0.5) for c, d in points] for a, b in points]


DAYS = [(week, weekday) for week in range(4) for weekday in range(5)]


class TestPatterns(unittest.TestCase):
    def test_once_in_four_weeks_is_any_day(self):
        self.assertEqual(make_patterns(DAYS, 1), tuple((n,) for n in range(20)))

    def test_weekly_is_the_same_weekday(self):
        patterns = make_patterns(DAYS, 4)
        self.assertIn((0, 5, 10, 15), patterns)
        self.assertEqual(len(patterns), 5)

    def test_fortnightly_is_two_weeks_apart(self):
        patterns = make_patterns(DAYS, 2)
        self.assertIn((3, 13), patterns)
        self.assertTrue(all(b - a == 10 for a, b in patterns))

    def test_twice_a_week_keeps_the_gap(self):
        patterns = make_patterns(DAYS, 8, min_gap=3)
        self.assertTrue(patterns)
        self.assertTrue(all(len(pattern) == 8 for pattern in patterns))
        self.assertTrue(all(pattern[1] - pattern[0] >= 3 for pattern in patterns))

    def test_holiday_takes_the_nearest_day_of_the_week(self):
        without = [day for day in DAYS if day != (1, 2)]
        number = {day: n for n, day in enumerate(without)}
        weds = next(p for p in make_patterns(without, 4) if number[0, 2] in p)
        self.assertEqual(len(weds), 4)
        self.assertTrue({number[1, 1], number[1, 3]} & set(weds))

    def test_no_days(self):
        self.assertEqual(make_patterns([], 3), ())


class TestSolve(unittest.TestCase):
    def customers(self, count, confirmed=None):
        return tuple(
            Customer(n, n, 600, make_patterns(DAYS, 1 + n % 2), (confirmed or {}).get(n))
            for n in range(1, count + 1)
        )

    def test_every_visit_once_within_the_limits_and_much_shorter(self):
        cost = town(40)
        period = Period(self.customers(40), cost, [30_000] * 20)
        plan = solve(period, 5, max_rounds=3000)
        self.assertFalse(plan.left_out)
        for customer in period.customers:
            self.assertIn(plan.days[customer.id], customer.patterns)
            on = [
                d for d, routes in enumerate(plan.routes) if any(customer.id in r for r in routes)
            ]
            self.assertEqual(tuple(on), plan.days[customer.id])
        total = 0
        for day, routes in enumerate(plan.routes):
            for route in routes:
                length = periodic.length_of(cost, route)
                total += length
                self.assertLessEqual(length + 600 * len(route), period.limits[day])
        self.assertEqual(total, plan.cost)
        self.assertLess(plan.cost, 0.6 * nearest_neighbour(period))

    def test_what_fits_nowhere_is_named(self):
        period = Period(self.customers(8), town(8), [7000] + [0.5] * 19)
        plan = solve(period, 2, max_rounds=400)
        self.assertTrue(plan.left_out)
        self.assertEqual(len(plan.days) + len(plan.left_out), 8)

    def test_four_fifths_of_what_was_confirmed_stay(self):
        rng = random.Random(1)
        free = self.customers(30)
        confirmed = {c.id: rng.choice(c.patterns) for c in free}
        plan = solve(Period(self.customers(30, confirmed), town(30), [0] * 20), 5, max_rounds=1500)
        kept = sum(plan.days[key] == pattern for key, pattern in confirmed.items())
        self.assertGreaterEqual(kept, 24)
        self.assertLess(kept, 30, "the rest is free to move")

    def test_vehicles_and_capacity(self):
        customers = tuple(Customer(n, n, 0, ((0,),), demand=10) for n in range(1, 7))
        plan = solve(Period(customers, town(6), [0], 3, 20), 1, max_rounds=500)
        self.assertFalse(plan.left_out)
        self.assertTrue(all(len(route) <= 2 for route in plan.routes[0]))

    def test_progress_may_stop_it(self):
        seen = []

        def stop(share):
            seen.append(share)
            return False

        plan = solve(Period(self.customers(10), town(10), [0] * 20), 60, progress=stop)
        self.assertEqual(len(seen), 1)
        self.assertEqual(len(plan.days), 10, "the first plan is there at once")

    def test_nobody_to_visit(self):
        self.assertEqual(solve(Period((), [[0]], [0] * 5), 1, max_rounds=1).days, {})
