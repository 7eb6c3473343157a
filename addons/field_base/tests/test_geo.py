import json
import random
from pathlib import Path

from odoo.tests import BaseCase

from ..tools import datum, geo, navigation

SHARED = Path(__file__).parents[1] / "static" / "tests"
VECTORS, NAVIGATION = SHARED / "geo_vectors.json", SHARED / "navigation_vectors.json"


class TestGeo(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = json.loads(VECTORS.read_text(encoding="utf-8"))

    def assertNear(self, found, wanted, metres):
        self.assertLess(geo.haversine_m(*found, *wanted), metres)

    def test_vectors_are_there(self):
        self.assertEqual(len(self.data["vectors"]), 15)
        self.assertEqual(len(self.data["stay"]), 14)

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
            point = tuple(place["wgs84"])
            for country in (place["country"], None):
                with self.subTest(place["name"], country=country):
                    self.assertEqual(datum.to_datum(*point, "gcj02", country), point)
                    self.assertEqual(datum.from_datum(*point, "gcj02", country), point)
        shanghai = 31.230416, 121.473701
        self.assertNotEqual(datum.to_datum(*shanghai, "gcj02", "cn"), shanghai)
        self.assertEqual(datum.to_datum(*shanghai, "wgs84", "CN"), shanghai)

    def test_without_a_country_the_border_decides(self):
        self.assertGreater(len(self.data["border"]), 20)
        for place in self.data["border"]:
            with self.subTest(place["name"]):
                self.assertEqual(datum.in_mainland_china(*place["wgs84"]), place["inside"])
                self.assertEqual(datum.is_shifted(*place["wgs84"]), place["inside"])
                if place.get("special"):
                    self.assertTrue(datum.in_mainland_china(*place["wgs84"], "mainland_hk_mo"))
        # the country that is known is believed, whatever the border says
        self.assertFalse(datum.is_shifted(22.532, 114.113, "HK"))
        self.assertTrue(datum.is_shifted(22.501, 114.128, "CN"))
        self.assertTrue(datum.is_shifted(22.501, 114.128, "HK", "mainland_hk_mo"))
        self.assertFalse(datum.is_shifted(0, 0))

    def test_to_a_maps_system_and_back(self):
        for vector in self.data["vectors"]:
            for system in ("gcj02", "bd09"):
                for country in ("CN", None):
                    with self.subTest(vector["name"], system=system, country=country):
                        shown = datum.to_datum(*vector["wgs84"], system, country)
                        self.assertNear(shown, vector[system], 0.05)
                        back = datum.from_datum(*shown, system, country)
                        self.assertNear(back, vector["wgs84"], 0.001)

    def test_navigation_links(self):
        cases = json.loads(NAVIGATION.read_text(encoding="utf-8"))["cases"]
        self.assertGreater(len(cases), 5)
        for case in cases:
            with self.subTest(case["name"]):
                found = navigation.nav_links(
                    case["lat"], case["lng"], case["name"], case["platform"], case["country"]
                )
                self.assertEqual(found, case["links"])

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
