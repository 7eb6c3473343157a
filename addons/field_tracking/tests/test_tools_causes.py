import numpy as np

from odoo.tests import BaseCase

from . import tracks
from odoo.addons.field_tracking.tools.causes import CAUSES, Entry, Silence, find_cause
from odoo.addons.field_tracking.tools.day import build_day, make_track
from odoo.addons.field_tracking.tools.plan import Stop, compare

NOW = 10_000.0


def cause(*journal, **known):
    return find_cause(Silence(NOW, NOW + 3600, **known), list(journal))


def entry(after, kind="alive", late=0.0, battery=None):
    return Entry(NOW + after, kind, NOW + after + late, battery)


class TestCauses(BaseCase):
    def test_each_cause_from_its_evidence(self):
        for expected, journal, known in (
            ("unknown", [], {}),
            ("unknown", [entry(-5000, "hidden"), entry(9000, "no_permission")], {}),
            ("clock", [entry(60, "clock")], {}),
            ("permission", [entry(-300, "no_permission")], {}),
            ("permission", [entry(300, "no_permission")], {}),
            ("stopped", [entry(-5, "stopped")], {}),
            ("hidden", [entry(-30, "hidden")], {}),
            ("unknown", [entry(-60, "hidden"), entry(-30, "visible")], {}),
            ("offline", [entry(600, "offline")], {}),
            ("offline", [entry(600, late=7200)], {}),
            ("no_place", [entry(600)], {}),
            ("battery", [], {"battery": 0.03}),
            ("battery", [entry(-60, battery=0.08)], {}),
            ("unknown", [], {"battery": 0.03, "charging": True}),
            ("imprecise", [], {"unusable": 4}),
            ("killed", [], {"speed": 15.0}),
            ("no_place", [entry(600)], {"speed": 15.0}),
        ):
            with self.subTest(expected=expected, journal=journal, known=known):
                self.assertEqual(cause(*journal, **known), expected)
                self.assertIn(expected, CAUSES)

    def test_the_order_of_the_journal_is_none(self):
        journal = [entry(-60, "hidden"), entry(-30, "visible"), entry(100), entry(90, "offline")]
        self.assertEqual(cause(*journal), cause(*journal[::-1]))


class TestTwoPhones(BaseCase):
    def both(self, first, second, accuracy=(5.0, 5.0)):
        parts = [maker.arrays() for maker in (first, second)]
        together = {n: np.concatenate([part[n] for part in parts]) for n in ("ts", "lat", "lon")}
        counts = [len(part["ts"]) for part in parts]
        together["device"] = np.repeat([1, 2], counts)
        together["accuracy"] = np.repeat(accuracy, counts)
        return together

    def test_a_phone_at_home_is_not_where_the_person_is(self):
        """The one carried sends nothing while still; the one at home sends every minute."""
        carried = tracks.Maker(every=10).go(9000, 0, 10).silent(3600).go(0, 0, 10)
        home = tracks.Maker(every=60, seed=2).stay(5400)
        alone = build_day(**carried.arrays(), accuracy=np.full(len(carried.t), 5.0))
        day = build_day(**self.both(carried, home))
        self.assertEqual(day, alone)

    def test_the_other_speaks_while_the_first_does_not_know_where_it_is(self):
        first = tracks.Maker(every=10).stay(1800).go(9000, 0, 10)
        second = tracks.Maker(every=30, seed=3).stay(1800).go(9000, 0, 10)
        arrays = self.both(first, second)
        lost = (arrays["device"] == 1) & (arrays["ts"] > tracks.T0 + 1800)
        arrays["accuracy"][lost] = 900.0
        good = make_track(**arrays).good()
        self.assertGreater(good.t[-1], tracks.T0 + 2600)
        self.assertAlmostEqual(build_day(**arrays).distance_m, 9000, delta=300)

    def test_the_other_fills_a_silence_with_a_way_in_it(self):
        first = tracks.Maker(every=10).stay(1800).silent(900).shift(9000, 0).stay(1800)
        second = tracks.Maker(every=60, seed=4).stay(1800).go(9000, 0, 10)
        day = build_day(**self.both(first, second))
        self.assertFalse(day.gaps)
        self.assertAlmostEqual(day.distance_m, 9000, delta=300)


class TestPlan(BaseCase):
    def states(self, *done):
        stops = [Stop(turn, at) for turn, at in enumerate(done)]
        return compare(stops, np.zeros(0), np.zeros(0)).states

    def test_one_visit_moved_to_the_end_leaves_the_others_in_order(self):
        self.assertEqual(
            self.states(90, 10, 20, None, 30),
            ["out_of_order", "in_order", "in_order", "missed", "in_order"],
        )
        self.assertEqual(self.states(), [])

    def test_score_and_corridor(self):
        places = [tuple(float(v) for v in tracks.degrees(x, 0)) for x in (0, 10000)]
        stops = [Stop(0, 1.0, places[0]), Stop(1, None, places[1])]
        lat, lon = tracks.degrees([0, 2500, 5000, 5000, 5000, 5000], [0, 0, 0, 500, 1500, 3500])
        found = compare(stops, lat, lon)
        self.assertEqual((found.done, found.in_order, found.score), (1, 1, 0.5))
        self.assertAlmostEqual(found.off_plan_m, 2000, delta=20)
