import base64
import itertools
import math
from unittest.mock import patch

import numpy as np

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import BaseCase, TransactionCase, tagged

from ..tools import matching, valhalla_engine
from ..tools.day import day_of_track, make_track
from ..tools.units import Fix
from .common import TrackCase
from .shared_data import data_folder

METRE = 1 / 111195


@tagged("post_install", "-at_install")
class TestMatching(BaseCase):
    def make_day(self):
        """Half an hour at a place, 6 km north at 10 m/s in steps of 10 s, half an hour there."""
        ts, lat = list(range(0, 1800, 60)), [60.0] * 30
        ts += [1800 + 10 * n for n in range(60)]
        lat += [60.0 + 100 * n * METRE for n in range(60)]
        ts += [2400 + 60 * n for n in range(30)]
        lat += [60.0 + 6000 * METRE] * 30
        accuracy = np.full(len(ts), 8.0)
        track = make_track(np.array(ts), np.array(lat), np.full(len(ts), 24.9), accuracy)
        return track, day_of_track(track)

    def test_each_trip_is_asked_about_and_the_answer_taken(self):
        track, day = self.make_day()
        asked = []
        found = matching.match_trips(track, day, lambda *way: asked.append(way) or 6200.0)
        self.assertEqual(found, [6200.0])
        [(t, lat, lon, accuracy)] = asked
        self.assertEqual(accuracy, 8.0)
        self.assertEqual(len(t), len(lat))
        self.assertEqual(len(t), len(lon))
        self.assertEqual(t, sorted(t))

    def test_answers_that_cannot_be_true_are_not_taken(self):
        track, day = self.make_day()
        for metres in (None, 100.0, 5000.0, 40_000.0):
            self.assertEqual(matching.match_trips(track, day, lambda *_w, m=metres: m), [None])

    def test_fixes_close_together_are_thinned_and_both_ends_stay(self):
        lat = 60.0 + np.arange(0, 1000, 5) * METRE
        kept = matching.spaced(lat, np.full(len(lat), 24.9))
        self.assertEqual((kept[0], kept[-1]), (0, len(lat) - 1))
        self.assertAlmostEqual(len(kept), 26, delta=2)
        self.assertEqual(matching.spaced(lat[:1], lat[:1]).tolist(), [0])


@tagged("post_install", "-at_install")
class TestRoadMaps(TrackCase, TransactionCase):
    def setUp(self):
        super().setUp()
        self.company = self.rep.company_id
        self.store(self.workday_fixes())

    def use(self, matcher):
        """A provider that answers with what the function makes of the way."""
        self.startPatcher(patch.object(valhalla_engine, "is_there", return_value=True))
        self.company.field_match_provider = "valhalla"
        Map = type(self.env["field.road.map"])
        self.startPatcher(patch.object(Map, "_matcher_valhalla", lambda _self, _company: matcher))

    def build(self):
        [day] = self.rebuild(self.rep)
        return day

    def test_off_by_default(self):
        self.assertEqual(self.company.field_match_provider, "none")
        day = self.build()
        self.assertFalse(day.matched_m or any(day.trip_ids.mapped("matched_m")))

    def test_without_the_package_it_cannot_be_switched_on(self):
        with (
            patch.object(valhalla_engine, "is_there", return_value=False),
            self.assertRaisesRegex(ValidationError, "pyvalhalla"),
        ):
            self.company.field_match_provider = "valhalla"

    def test_roads_stand_beside_and_are_the_mileage_only_when_that_is_wanted(self):
        plain = self.build().read(["distance_m", "measured_m", "distance_method"])[0]
        trips = self.env["field.trip"].search([("user_id", "=", self.rep.id)])
        longer = {trip.start: trip.distance_m + 50 for trip in trips if trip.distance_m > 300}
        answers = iter(longer.values())
        self.use(lambda *_way: next(answers))
        day = self.build_again()
        self.assertEqual(day.read(list(plain))[0], plain, "the mileage is what was measured")
        self.assertAlmostEqual(day.matched_m, day.distance_m + 50 * len(longer), delta=1)
        self.assertGreater(day.matched_share, 0.9)
        self.company.field_match_mileage = True
        answers = iter(longer.values())
        self.build_again()
        self.assertEqual(day.distance_m, day.matched_m)
        self.assertEqual(day.measured_m, plain["measured_m"])

    def build_again(self):
        day = self.env["field.track.day"].search([("user_id", "=", self.rep.id)])
        who = {"user_id": self.rep.id, "company_id": self.company.id, "marked_at": self.now()}
        times = {"ts_min": day.first_fix, "ts_max": day.last_fix}
        self.env["field.track.mark"].create({**who, **times})
        return self.build()

    def test_a_map_that_cannot_be_read_says_so(self):
        one = self.env["field.road.map"].create(
            {"name": "Nowhere", "extract": base64.b64encode(b"no map")}
        )
        error = valhalla_engine.BuildError("no such block")
        with (
            patch.object(valhalla_engine, "is_there", return_value=True),
            patch.object(valhalla_engine, "build", side_effect=error),
        ):
            one._build()
        self.assertEqual((one.state, one.message), ("failed", "no such block"))
        one.extract = base64.b64encode(b"another")
        self.assertEqual(one.state, "new")

    def test_maps_are_the_administrators_business(self):
        one = self.env["field.road.map"].create({"name": "A", "extract": base64.b64encode(b"x")})
        for user in (self.rep, self.leader):
            with self.assertRaises(AccessError):
                one.with_user(user).read(["name"])
        one.with_user(self.boss).name = "B"
        other = self.env["res.company"].create({"name": "Other"})
        one.company_id = other
        self.assertFalse(self.env["field.road.map"].with_user(self.boss).search([]) & one)


@tagged("post_install", "-at_install")
class TestHelsinki(TrackCase, TransactionCase):
    """The real engine on real roads."""

    def test_a_way_through_the_town(self):
        if not valhalla_engine.is_there():
            self.skipTest("pyvalhalla is not installed: see requirements-optional.txt")
        extract = (data_folder() / "helsinki" / "Helsinki.osm.pbf").read_bytes()
        one = self.env["field.road.map"].create(
            {"name": "Helsinki", "extract": base64.b64encode(extract)}
        )
        one._build()
        self.assertEqual((one.state, one.message), ("ready", False))
        company = self.rep.company_id
        company.field_match_provider = "valhalla"
        way = self.route(one._get_tiles_path())
        truth = sum(math.dist(*pair) for pair in itertools.pairwise(way))
        self.store(self.drive(way))
        [day] = self.rebuild(self.rep)
        self.assertAlmostEqual(day.matched_m / truth, 1, delta=0.03)
        self.assertLess(day.distance_m, day.matched_m, "seen every 20 s, corners are cut")

    def route(self, tiles):
        """Metres east and north of the way that the engine itself would take."""
        ends = [{"lat": 60.1699, "lon": 24.9384}, {"lat": 60.1610, "lon": 24.9500}]
        question = {"locations": ends, "costing": "auto"}
        answer = valhalla_engine._engine(tiles).route(question)
        shape = decoded(answer["trip"]["legs"][0]["shape"])
        narrow = math.cos(math.radians(60.165))
        return [((lon - 24.9) / METRE * narrow, (lat - 60.1) / METRE) for lat, lon in shape]

    def drive(self, way, speed=8.0, every=20):
        """Ten minutes at the start, the way at an even speed with 6 m of noise, ten at the end."""
        rng = np.random.default_rng(5)
        x, y = np.array(way).T
        along = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))))
        metres = np.arange(0, along[-1], speed * every)
        start = self.yesterday() + 9 * 3600
        stands = [(start + 60 * n, x[0], y[0]) for n in range(10)]
        moves = [
            (start + 600 + every * n, np.interp(m, along, x), np.interp(m, along, y))
            for n, m in enumerate(metres)
        ]
        end = moves[-1][0] + every
        stands += moves + [(end + 60 * n, x[-1], y[-1]) for n in range(10)]
        narrow = math.cos(math.radians(60.165))
        return [
            Fix(
                ts=int(at),
                lat=round(float(60.1 + (north + rng.normal(0, 6)) * METRE), 7),
                lon=round(float(24.9 + (east + rng.normal(0, 6)) * METRE / narrow), 7),
                accuracy=8.0,
            )
            for at, east, north in stands
        ]


def decoded(text):
    """[lat, lon] of an encoded line: differences in millionths of a degree, five bits a letter."""
    numbers, number, shift = [], 0, 0
    for letter in text:
        bits = ord(letter) - 63
        number |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            numbers.append(~(number >> 1) if number & 1 else number >> 1)
            number = shift = 0
    return np.cumsum(np.array(numbers).reshape(-1, 2), axis=0) / 1e6
