"""Road services: what is asked, and what their real answers say."""

import unittest
from unittest.mock import patch

import requests

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..tools.routing import providers

# Three places in Shanghai.
POINTS = [(31.2304, 121.4737), (31.2450, 121.5060), (31.2100, 121.4400)]

OSRM = {
    "code": "Ok",
    "durations": [[0, 612.3, 505.1], [598.4, 0, 901.7], [511, 887.6, 0]],
    "distances": [[0, 5120.4, 4301.2], [5033.9, 0, 8740], [4398.5, 8691.1, 0]],
    "sources": [
        {
            "hint": "kwEAgP___38",
            "distance": 4.2,
            "name": "人民大道",
            "location": [121.47371, 31.23042],
        },
        {"hint": "kQEAgP___38", "distance": 1.3, "name": "", "location": [121.50601, 31.24501]},
        {"hint": "lAEAgP___38", "distance": 9.9, "name": "", "location": [121.44002, 31.21009]},
    ],
    "destinations": [],
}
OSRM_ERROR = {"message": "Could not find a matching segment for coordinate 1", "code": "NoSegment"}
VALHALLA = {
    "algorithm": "costmatrix",
    "units": "kilometers",
    "sources": [{"lon": 121.4737, "lat": 31.2304}],
    "targets": [{"lon": 121.4737, "lat": 31.2304}],
    "sources_to_targets": [
        [
            {"distance": 0.0, "time": 0, "to_index": 0, "from_index": 0},
            {"distance": 5.12, "time": 612, "to_index": 1, "from_index": 0},
        ],
        [
            {"distance": 5.034, "time": 598, "to_index": 0, "from_index": 1},
            {"distance": 0.0, "time": 0, "to_index": 1, "from_index": 1},
        ],
    ],
}
VALHALLA_ERROR = {
    "error_code": 171,
    "error": "No suitable edges near location",
    "status_code": 400,
    "status": "Bad Request",
}
AMAP = {
    "status": "1",
    "info": "OK",
    "infocode": "10000",
    "results": [
        {"origin_id": "1", "dest_id": "1", "distance": "0", "duration": "0"},
        {"origin_id": "2", "dest_id": "1", "distance": "5033", "duration": "998"},
    ],
}
AMAP_ERROR = {"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"}
BAIDU = {
    "status": 0,
    "result": [
        {"distance": {"text": "0米", "value": 0}, "duration": {"text": "0分钟", "value": 0}},
        {
            "distance": {"text": "5.1公里", "value": 5120},
            "duration": {"text": "12分钟", "value": 705},
        },
        {
            "distance": {"text": "5.0公里", "value": 5033},
            "duration": {"text": "12分钟", "value": 720},
        },
        {"distance": {"text": "0米", "value": 0}, "duration": {"text": "0分钟", "value": 0}},
    ],
    "message": "成功",
}
BAIDU_ERROR = {"status": 200, "message": "APP不存在，AK有误请检查再重试"}


class TestAnswers(unittest.TestCase):
    def one(self, kind, points=POINTS, key="secret"):
        return providers.pieces(kind, "", key, points)

    def test_osrm(self):
        (request,) = self.one("osrm")
        self.assertIn("/table/v1/driving/121.473700,31.230400;121.506000,31.245000", request.url)
        self.assertEqual(request.params, {"annotations": "duration,distance"})
        ways = {(a, b): (s, m) for a, b, s, m in providers.read("osrm", OSRM, request)}
        self.assertEqual(ways[0, 1], (612, 5120))
        self.assertEqual(ways[1, 0], (598, 5034))

    def test_valhalla(self):
        (request,) = self.one("valhalla", POINTS[:2])
        self.assertEqual(request.json["sources"][0], {"lat": 31.2304, "lon": 121.4737})
        ways = {(a, b): (s, m) for a, b, s, m in providers.read("valhalla", VALHALLA, request)}
        self.assertEqual(ways[0, 1], (612, 5120))
        miles = {**VALHALLA, "units": "miles"}
        ways = {(a, b): m for a, b, s, m in providers.read("valhalla", miles, request)}
        self.assertEqual(ways[0, 1], round(5.12 * 1609.344))

    def test_amap_wants_its_own_datum_and_one_destination(self):
        pieces = self.one("amap", POINTS[:2])
        self.assertEqual(len(pieces), 2)
        lng, lat = pieces[0].params["destination"].split(",")
        self.assertGreater(abs(float(lng) - 121.4737), 0.003, "GCJ-02 lies half a kilometre off")
        self.assertNotEqual(float(lat), 31.2304)
        ways = {(a, b): (s, m) for a, b, s, m in providers.read("amap", AMAP, pieces[0])}
        self.assertEqual(ways[1, 0], (998, 5033))

    def test_amap_takes_a_hundred_origins(self):
        pieces = self.one("amap", [(31 + n / 1000, 121.5) for n in range(150)])
        self.assertEqual(len(pieces), 300)
        self.assertEqual(len(pieces[1].origins), 50)

    def test_baidu_takes_fifty_ways_and_wgs84(self):
        (request,) = self.one("baidu", POINTS[:2])
        self.assertEqual(request.params["coord_type"], "wgs84")
        self.assertTrue(request.params["origins"].startswith("31.230400,121.473700|"))
        ways = {(a, b): (s, m) for a, b, s, m in providers.read("baidu", BAIDU, request)}
        self.assertEqual(ways[0, 1], (705, 5120))
        many = self.one("baidu", [(31 + n / 1000, 121.5) for n in range(30)])
        self.assertTrue(all(len(p.origins) * len(p.destinations) <= 50 for p in many))
        covered = {(a, b) for p in many for a in p.origins for b in p.destinations}
        self.assertEqual(len(covered), 900)

    def test_refusals_say_what_the_service_says(self):
        cases = [
            ("osrm", OSRM_ERROR, "NoSegment"),
            ("valhalla", VALHALLA_ERROR, "No suitable edges"),
            ("amap", AMAP_ERROR, "INVALID_USER_KEY"),
            ("baidu", BAIDU_ERROR, "AK有误"),
            ("osrm", {"code": "Ok", "durations": [[0]], "distances": [[0]]}, "unexpected"),
            ("amap", {"status": "1", "results": []}, "0 ways"),
            ("baidu", {"status": 0, "result": BAIDU["result"][:3]}, "3 ways"),
            ("osrm", [], "unexpected"),
        ]
        for kind, answer, text in cases:
            with self.subTest(kind=kind, text=text):
                request = self.one(kind, POINTS[:2])[0]
                with self.assertRaises(providers.ProviderError) as caught:
                    providers.read(kind, answer, request)
                self.assertIn(text, str(caught.exception))

    def test_places_without_a_road_are_an_error(self):
        request = self.one("osrm")[0]
        durations = [[0, None, 1], [1, 0, 1], [1, 1, 0]]
        with self.assertRaisesRegex(providers.ProviderError, "no road"):
            providers.read("osrm", {**OSRM, "durations": durations}, request)


class _Answer:
    def __init__(self, body):
        self.body = body

    def json(self):
        return self.body


@tagged("post_install", "-at_install")
class TestMatrixProvider(TransactionCase):
    def setUp(self):
        super().setUp()
        self.Provider = self.env["field.matrix.provider"]
        self.Provider.search([]).active = False

    def test_straight_lines_without_a_provider(self):
        seconds, metres, source = self.Provider._get_for(self.env.company)._get_matrix(POINTS)
        self.assertEqual(source, "straight")
        self.assertAlmostEqual(metres[0][1], 1.3 * 3470, delta=60)
        self.assertEqual(seconds[0][1], round(metres[0][1] * 3.6 / 30))

    def test_own_detour_and_speed(self):
        self.Provider.create({"name": "Slow", "detour": 2.0, "speed": 15})
        provider = self.Provider._get_for(self.env.company)
        _seconds, metres, _source = provider._get_matrix(POINTS)
        self.assertAlmostEqual(metres[0][1], 2 * 3470, delta=60)

    def test_a_service_is_asked(self):
        provider = self.Provider.create({"name": "Roads", "kind": "osrm"})
        with patch.object(requests, "get", return_value=_Answer(OSRM)) as get:
            seconds, metres, source = provider._get_matrix(POINTS)
        self.assertEqual((seconds[0][1], metres[1][0], source), (612, 5034, "osrm"))
        self.assertTrue(get.call_args.kwargs["timeout"])

    def test_a_silent_service_is_replaced_and_said(self):
        provider = self.Provider.create({"name": "Roads", "kind": "valhalla"})
        for fault in (requests.ConnectionError("no"), ValueError("no JSON")):
            with patch.object(requests, "post", side_effect=fault):
                _seconds, metres, source = provider._get_matrix(POINTS)
            self.assertEqual(source, "failed")
            self.assertGreater(metres[0][1], 4000)
        with patch.object(requests, "post", return_value=_Answer(VALHALLA_ERROR)):
            self.assertEqual(provider._get_matrix(POINTS)[2], "failed")

    def test_the_system_check_asks_each_service(self):
        Check = self.env["field.health.check"]
        provider = self.Provider.create({"name": "Roads", "kind": "osrm"})

        def states():
            return [one.state for one in Check._check_roads() if "Roads" in one.name]

        with patch.object(requests, "get", side_effect=requests.ConnectionError):
            self.assertEqual(states(), ["problem"])
        answer = ([[0, 1], [1, 0]], [[0, 1], [1, 0]])
        with patch.object(type(provider), "_ask", lambda self, points: answer):
            self.assertEqual(states(), ["ok"])
        provider.kind = "straight"
        self.assertEqual(states(), ["ok"])

    def test_try_button_shows_the_services_own_words(self):
        provider = self.Provider.create({"name": "Amap", "kind": "amap", "key": "wrong"})
        with (
            patch.object(requests, "get", return_value=_Answer(AMAP_ERROR)),
            self.assertRaisesRegex(UserError, "INVALID_USER_KEY"),
        ):
            provider.action_try()
