"""The engines against the judge, and against the best there is on small days (no database)."""

import itertools
import random
import unittest
from unittest.mock import patch

from ..tools.routing import matrix, pyvrp_engine
from ..tools.routing.day import LUNCH, Day, Stop, begin_of, walk
from ..tools.routing.moved import moved_items
from ..tools.routing.solve import solve

HOUR = 3600
ENGINES = ("python", *(["pyvrp"] if pyvrp_engine.is_there() else []))


def line_day(nodes, minutes=10, **values):
    """Places on a straight road, ``minutes`` apart; node 0 is home."""
    travel = [[abs(a - b) * minutes * 60 for b in range(nodes)] for a in range(nodes)]
    metres = [[way * 10 for way in row] for row in travel]
    values = {"start": 0, "end": 0, "opens": 8 * HOUR, "closes": 18 * HOUR, **values}
    return Day(travel=travel, metres=metres, **values)


class TestWalk(unittest.TestCase):
    def test_hand_computed_day(self):
        """10 min out, half an hour there, 10 min on, wait for the window, lunch, 20 min home."""
        one = Stop("a", 1, 1800)
        two = Stop("b", 2, 1800, windows=((10 * HOUR, 11 * HOUR),))
        day = line_day(3, stops=(one, two), lunch=(11 * HOUR, 13 * HOUR, 1800))
        done = walk(day, [one, two, LUNCH])
        self.assertEqual(done.begin, {"a": 8 * HOUR + 600, "b": 10 * HOUR})
        self.assertEqual(done.waiting, 10 * HOUR - (8 * HOUR + 600 + 1800 + 600))
        self.assertEqual(done.lunch_at, 11 * HOUR)
        self.assertEqual(done.ends_at, 11 * HOUR + 1800 + 1200)
        self.assertEqual((done.travel, done.metres), (2400, 24000))
        self.assertTrue(done.is_feasible)

    def test_leaves_as_late_as_the_first_window_allows(self):
        stop = Stop("a", 1, 600, windows=((10 * HOUR, 10 * HOUR),))
        done = walk(line_day(2, stops=(stop,)), [stop])
        self.assertEqual(done.leaves_at, 10 * HOUR - 600)
        self.assertEqual(done.waiting, 0)

    def test_second_window_of_a_day(self):
        windows = ((9 * HOUR, 11 * HOUR), (14 * HOUR, 16 * HOUR))
        self.assertEqual(begin_of(windows, 12 * HOUR), (14 * HOUR, 0))
        self.assertEqual(begin_of(windows, 17 * HOUR), (17 * HOUR, HOUR))

    def test_too_late_home_is_late(self):
        stop = Stop("a", 1, 11 * HOUR)
        self.assertFalse(walk(line_day(2, stops=(stop,)), [stop]).is_feasible)


class TestEngines(unittest.TestCase):
    def each(self, day, seconds=0.05):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                plan = solve(day, seconds, engine)
                self.assertEqual(plan.engine, engine)
                yield plan

    def test_as_good_as_trying_everything(self):
        """Six stops with windows: the best of 720 orders, found by both engines."""
        rng = random.Random(3)
        places = [(rng.uniform(31.1, 31.3), rng.uniform(121.3, 121.6)) for _n in range(7)]
        travel, metres = matrix.straight(places)
        stops = tuple(
            Stop(n, n, 1200, windows=(((8 + n % 3) * HOUR, (13 + n % 3) * HOUR),))
            for n in range(1, 7)
        )
        day = Day(stops, travel, metres, 0, 0, 8 * HOUR, 18 * HOUR)
        walks = (walk(day, list(order)) for order in itertools.permutations(stops))
        best = min(done.cost for done in walks if done.is_feasible)
        for plan in self.each(day):
            self.assertTrue(plan.walk.is_feasible)
            self.assertEqual(plan.walk.cost, best)

    def test_lunch_is_taken_in_its_time(self):
        stops = tuple(Stop(n, n, HOUR) for n in range(1, 7))
        day = line_day(7, stops=stops, lunch=(11 * HOUR, 13 * HOUR, 2700))
        for plan in self.each(day):
            self.assertTrue(plan.walk.is_feasible)
            self.assertFalse(plan.left_out)
            self.assertTrue(11 * HOUR <= plan.walk.lunch_at <= 13 * HOUR)

    def test_overfull_day_leaves_out_the_least_important(self):
        stops = tuple(
            Stop(n, n, 2 * HOUR, prize=10**9 if n == 5 else 10**7, required=False)
            for n in range(1, 6)
        )
        for plan in self.each(line_day(6, stops=stops)):
            self.assertTrue(plan.walk.is_feasible)
            self.assertNotIn(5, plan.left_out)
            self.assertEqual(len(plan.left_out), 1)

    def test_what_must_be_and_cannot_is_told(self):
        """Two fixed times at once, required: one is left out and named, the day works."""
        at = ((10 * HOUR, 10 * HOUR),)
        stops = (Stop(1, 1, HOUR, at), Stop(2, 2, HOUR, at), Stop(3, 3, HOUR))
        for plan in self.each(line_day(4, stops=stops)):
            self.assertTrue(plan.walk.is_feasible)
            self.assertEqual(len(plan.left_out), 1)
            self.assertIn(plan.left_out[0], (1, 2))

    def test_pinned_stops_keep_their_place(self):
        """At the head PyVRP plans the rest; further on the built-in engine does."""
        stops = [Stop(n, n, 600) for n in range(1, 6)]
        head = (Stop(4, 4, 600, place=0), *[s for s in stops if s.id != 4])
        for plan in self.each(line_day(6, stops=head)):
            self.assertEqual(plan.walk.order[0], 4)
        inner = (Stop(4, 4, 600, place=2), *[s for s in stops if s.id != 4])
        plan = solve(line_day(6, stops=inner), 0.05)
        self.assertEqual(plan.walk.order[2], 4)
        self.assertEqual(plan.engine, "python")

    def test_open_start_and_end(self):
        """Without a home the day is one way along the road, not there and back."""
        stops = tuple(Stop(n, n, 600) for n in range(5))
        for plan in self.each(line_day(5, stops=stops, start=None, end=None)):
            self.assertEqual(plan.walk.travel, 4 * 600)

    def test_an_answer_that_does_not_work_out_is_not_believed(self):
        stops = tuple(Stop(n, n, 600, ((8 * HOUR, 9 * HOUR),)) for n in range(1, 4))
        late = Stop(9, 3, 600, ((8 * HOUR, 8 * HOUR),))
        with (
            patch.object(pyvrp_engine, "is_there", return_value=True),
            patch.object(pyvrp_engine, "solve", return_value=[late]),
        ):
            plan = solve(line_day(4, stops=stops), 0.05)
        self.assertEqual(plan.engine, "python")
        self.assertTrue(plan.walk.is_feasible)

    def test_no_stops(self):
        plan = solve(line_day(1, stops=()), 0.01)
        self.assertEqual((plan.walk.order, plan.left_out, plan.walk.travel), ([], [], 0))


class TestMoved(unittest.TestCase):
    def test_one_dragged_item_is_found(self):
        self.assertEqual(moved_items([1, 2, 3, 4, 5], [1, 5, 2, 3, 4]), {5})
        self.assertEqual(moved_items([1, 2, 3, 4, 5], [2, 3, 4, 1, 5]), {1})

    def test_nothing_moved_and_new_items(self):
        self.assertEqual(moved_items([1, 2], [1, 9, 2]), set())
        self.assertEqual(moved_items([], [1, 2]), set())
