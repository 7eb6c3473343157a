import unittest

from ..tools import scores


class TestScores(unittest.TestCase):
    def test_cadence(self):
        cases = [((10, 14), 0), ((12, 14), 17), ((14, 14), 20), ((28, 14), 40), ((99, 14), 40)]
        for given, points in [*cases, ((None, 14), 15), ((50, 0), 0)]:
            self.assertEqual(scores.cadence_points(*given), points, given)

    def test_season(self):
        for given, points in (
            ((2, 4), 20),
            ((2, 3), 0),
            ((1, 4), 0),
            ((2, 12), 10),
            ((2, 13), 0),
            ((3, 12), 15),
            ((0, 0), 0),
        ):
            self.assertEqual(scores.season_points(*given), points, given)

    def test_reorder_rhythm(self):
        self.assertEqual(scores.rhythm_of([10, 20, 40]), 15)
        self.assertIsNone(scores.rhythm_of([10, 10, 20]), "two orders are no rhythm")
        self.assertEqual(scores.reorder_points(14, 15), 0)
        self.assertEqual(scores.reorder_points(15, 15), 15)
        self.assertEqual(scores.reorder_points(90, 15), 25)

    def test_money_quotes_and_place(self):
        self.assertEqual([scores.overdue_points(d) for d in (None, 0, 3, 300)], [0, 0, 11, 25])
        self.assertEqual([scores.quote_points(d) for d in (None, 0, 7, 8)], [0, 17, 10, 0])
        self.assertEqual(
            [scores.near_points(m) for m in (None, 0, 750, 1500, 1501)], [0, 15, 8, 1, 0]
        )

    def test_dispatch(self):
        self.assertEqual(
            [scores.distance_points(m) for m in (None, 0, 10_000, 99_000)], [10, 40, 20, 0]
        )
        self.assertEqual([scores.load_points(f, 400) for f in (0, 200, 400)], [0, 12, 25])
        self.assertEqual(scores.load_points(10, 0), 0)
