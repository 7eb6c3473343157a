import json
from unittest.mock import patch

import requests

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from .common import TrackCase

# An answer of an OSRM 5 server, as it came.
ROUTE = """{"code":"Ok","routes":[{"legs":[{"steps":[],"weight":731.4,"summary":"","duration":641.3,
"distance":6400.2}],"weight_name":"routability","weight":731.4,"duration":641.3,"distance":6400.2}],
"waypoints":[{"hint":"x","location":[121.47,31.23],"name":"A","distance":4.2},
{"hint":"y","location":[121.53,31.23],"name":"B","distance":1.1}]}"""
NO_ROUTE = '{"code":"NoRoute","message":"Impossible route between points"}'


@tagged("post_install", "-at_install")
class TestRoads(TrackCase, TransactionCase):
    def setUp(self):
        super().setUp()
        self.store(self.workday_fixes())
        [self.day] = self.rebuild(self.rep)
        self.gap = self.day.gap_ids
        self.company = self.day.company_id

    def ask(self, text=ROUTE, error=None):
        answer = requests.Response()
        answer._content, answer.status_code = text.encode(), 200
        with patch.object(requests, "get", autospec=True, return_value=answer) as get:
            get.side_effect = error
            self.env["field.gap"]._cron_ask_roads()
        return get

    def test_without_a_server_the_straight_line_is_lengthened(self):
        self.assertAlmostEqual(self.gap.road_m, 1.3 * self.gap.distance_m, delta=0.1)
        added = self.day.with_roads_m - self.day.distance_m
        self.assertAlmostEqual(added, 0.3 * self.gap.distance_m, delta=0.2)
        self.assertFalse(self.ask().called, "nobody is asked unless an address is set")
        with self.assertRaises(ValidationError):
            self.company.field_detour_factor = 0.5

    def test_the_server_is_asked_once_and_kept(self):
        self.company.field_road_url = "https://osrm.example.com/"
        get = self.ask()
        self.assertEqual((self.gap.road_m, self.gap.road_source), (6400.2, "osrm"))
        address = get.call_args.args[0]
        self.assertTrue(address.startswith("https://osrm.example.com/route/v1/driving/121."))
        self.assertLessEqual(get.call_args.kwargs["timeout"], 5)
        self.day._rebuild()
        self.assertEqual(self.gap.road_source, "osrm", "the same gap keeps its estimate")
        self.assertFalse(self.ask().called)

    def test_answers_that_cannot_be_true_are_not_taken(self):
        self.company.field_road_url = "https://osrm.example.com"
        for text in (
            NO_ROUTE,
            "<html>",
            "[]",
            json.dumps({"code": "Ok", "routes": [{"distance": 10}]}),
            json.dumps({"code": "Ok", "routes": [{"distance": 9e6}]}),
        ):
            with self.subTest(text=text):
                self.ask(text)
                self.assertEqual(self.gap.road_source, "factor")
        self.ask(error=requests.Timeout())
        self.assertEqual(self.gap.road_source, "factor")
