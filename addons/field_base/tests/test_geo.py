import json
import random
from pathlib import Path

from odoo.tests import BaseCase

from ..tools import geo

VECTORS = Path(__file__).parents[1] / "static" / "tests" / "geo_vectors.json"


class TestGeo(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = json.loads(VECTORS.read_text(encoding="utf-8"))

    def assertNear(self, found, wanted, metres):
        self.assertLess(geo.haversine_m(*found, *wanted), metres)

    def test_vectors_are_there(self):
        self.assertEqual(len(self.data["vectors"]), 15)
        self.assertEqual(len(self.data["stay"]), 10)

    def test_forward(self):
        for vector in self.data["vectors"]:
            with self.subTest(vector["name"]):
                gcj02 = geo.wgs84_to_gcj02(*vector["wgs84"])
                self.assertNear(gcj02, vector["gcj02"], 0.05)
                self.assertNear(geo.gcj02_to_bd09(*gcj02), vector["bd09"], 0.05)
                shift = geo.haversine_m(*vector["wgs84"], *gcj02)
                self.assertAlmostEqual(shift, vector["shift_m"], delta=1.5)

    def test_round_trip_is_below_a_millimetre(self):
        for vector in self.data["vectors"]:
            with self.subTest(vector["name"]):
                wgs84 = tuple(vector["wgs84"])
                gcj02 = geo.wgs84_to_gcj02(*wgs84)
                self.assertNear(geo.gcj02_to_wgs84(*gcj02), wgs84, 0.001)
                bd09 = geo.gcj02_to_bd09(*gcj02)
                self.assertNear(geo.bd09_to_gcj02(*bd09), gcj02, 0.001)

    def test_round_trip_anywhere_in_china(self):
        chance = random.Random(19)
        for _i in range(300):
            wgs84 = chance.uniform(18, 53), chance.uniform(74, 134)
            back = geo.gcj02_to_wgs84(*geo.wgs84_to_gcj02(*wgs84))
            self.assertNear(back, wgs84, 0.001)

    def test_only_mainland_china_is_shifted(self):
        for place in self.data["stay"]:
            with self.subTest(place["name"]):
                point = tuple(place["wgs84"])
                self.assertEqual(geo.to_gcj02(*point, place["country"]), point)
                self.assertEqual(geo.to_wgs84(*point, place["country"]), point)
        shanghai = 31.230416, 121.473701
        self.assertNotEqual(geo.to_gcj02(*shanghai, "CN"), shanghai)
        self.assertNear(geo.to_wgs84(*geo.to_gcj02(*shanghai, "cn"), "CN"), shanghai, 0.001)
        self.assertEqual(geo.to_gcj02(*shanghai, None), shanghai)

    def test_haversine(self):
        # one degree of a meridian of the mean sphere
        self.assertAlmostEqual(geo.haversine_m(0, 0, 1, 0), 111195.08, delta=0.1)
        # Shanghai to Beijing is 1,067 km
        far = geo.haversine_m(31.230416, 121.473701, 39.908722, 116.397499)
        self.assertAlmostEqual(far / 1000, 1067, delta=2)
        self.assertEqual(geo.haversine_m(31.2, 121.5, 31.2, 121.5), 0)
        self.assertAlmostEqual(geo.haversine_m(0, 179.9995, 0, -179.9995), 111.2, delta=0.1)
        self.assertAlmostEqual(geo.haversine_m(90, 0, -90, 0), 20015115, delta=10)

    def test_bounding_box_holds_the_circle(self):
        chance = random.Random(4)
        for _i in range(200):
            lat, lng = chance.uniform(-80, 80), chance.uniform(-179, 179)
            radius = chance.uniform(1, 50000)
            south, west, north, east = geo.bounding_box(lat, lng, radius)
            for _j in range(20):
                p = (
                    lat + chance.uniform(-1, 1) * radius / 100000,
                    lng + chance.uniform(-1, 1) * radius / 20000,
                )
                if abs(p[1]) <= 180 and geo.haversine_m(lat, lng, *p) <= radius:
                    self.assertTrue(south <= p[0] <= north and west <= p[1] <= east)

    def test_bounding_box_is_not_wasteful(self):
        south, west, north, east = geo.bounding_box(31.23, 121.47, 300)
        self.assertAlmostEqual(geo.haversine_m(south, 121.47, north, 121.47), 600, delta=1)
        self.assertAlmostEqual(geo.haversine_m(31.23, west, 31.23, east), 600, delta=1)

    def test_bounding_box_at_the_edges_of_the_map(self):
        self.assertEqual(geo.bounding_box(89.99, 0, 5000)[1:], (-180.0, 90.0, 180.0))
        box = geo.bounding_box(0, 179.99, 5000)
        self.assertEqual((box[1], box[3]), (-180.0, 180.0))

    def test_fence_verdicts(self):
        for distance, accuracy, radius, cap, verdict in (
            (100, 20, 300, 100, "inside"),
            (280, 20, 300, 100, "inside"),
            (281, 20, 300, 100, "maybe"),
            (320, 20, 300, 100, "maybe"),
            (321, 20, 300, 100, "outside"),
            (100, 2000, 300, 100, "maybe"),
            (400, 2000, 300, 100, "maybe"),
            (401, 2000, 300, 100, "outside"),  # two kilometres are no free pass
            (300, None, 300, 100, "inside"),
            (301, None, 300, 100, "outside"),
            (350, 80, 300, 0, "outside"),
            (None, 20, 300, 100, "unverifiable"),
        ):
            with self.subTest(distance=distance, accuracy=accuracy):
                self.assertEqual(geo.fence_verdict(distance, accuracy, radius, cap), verdict)
