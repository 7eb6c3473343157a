"""Sources of prospects: real answer formats, what is hidden, what one tap does."""

import base64
import json
import unittest
from unittest.mock import patch

import requests
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools import prospects
from . import recorded_places
from .common import METRE, PIN, VisitCase
from odoo.addons.field_base.tools.datum import to_datum
from odoo.addons.field_base.tools.geo import haversine_m

OVERPASS = {
    "version": 0.6,
    "generator": "Overpass API 0.7.62.1 084b4234",
    "osm3s": {"timestamp_osm_base": "2026-11-20T08:12:00Z", "copyright": "ODbL"},
    "elements": [
        {
            "type": "node",
            "id": 4612318907,
            "lat": PIN[0] + 80 * METRE,
            "lon": PIN[1],
            "tags": {
                "name": "和平药房",
                "healthcare": "pharmacy",
                "phone": "+86 21 5550 7788",
                "addr:street": "南京东路",
                "addr:housenumber": "88",
            },
        },
        {
            "type": "way",
            "id": 98765432,
            "center": {"lat": PIN[0] + 200 * METRE, "lon": PIN[1]},
            "nodes": [1, 2, 3, 1],
            "tags": {"name": "Blue Whale", "shop": "supermarket"},
        },
        {"type": "node", "id": 5, "lat": PIN[0], "lon": PIN[1], "tags": {"amenity": "bench"}},
        {
            "type": "node",
            "id": 6,
            "lat": PIN[0] + 10 * METRE,
            "lon": PIN[1],
            "tags": {"name": "Golden Dragon", "shop": "convenience"},
        },
    ],
}
OVERPASS_ERROR = {
    "version": 0.6,
    "elements": [],
    "remark": 'runtime error: Query timed out in "query" at line 1 after 21 seconds.',
}
AMAP = {
    "status": "1",
    "count": "2",
    "info": "OK",
    "infocode": "10000",
    "suggestion": {"keywords": [], "cities": []},
    "pois": [
        {
            "id": "B00155L3F8",
            "name": "第一食品商店",
            "type": "购物服务;超级市场;超市",
            "typecode": "060400",
            "address": "南京东路720号",
            "location": "121.478241,31.228450",
            "tel": "021-63222777;021-63223000",
            "distance": "64",
        },
        {
            "id": "B0FFHQ1Z2M",
            "name": "Jade Store",
            "type": "购物服务;便民商店/便利店",
            "typecode": "060200",
            "address": [],
            "location": "121.478500,31.229000",
            "tel": [],
            "distance": "110",
        },
    ],
}
AMAP_ERROR = {"status": "0", "info": "DAILY_QUERY_OVER_LIMIT", "infocode": "10003"}
CSV = "名称;纬度;经度;电话\n幸福超市;31.2306;121.4737;021 5550 9999\n没有坐标;;;\n".encode(
    "gb18030"
)
GEOJSON = (
    b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "Deli"},'
    b' "geometry": {"type": "Point", "coordinates": [121.4740, 31.2305]}},'
    b' {"type": "Feature", "properties": {"name": "Street"},'
    b' "geometry": {"type": "LineString", "coordinates": [[121, 31], [122, 31]]}}]}'
)


class TestFormats(unittest.TestCase):
    def test_overpass(self):
        url, params, form = prospects.ask("overpass", "", "", *PIN, 300, 'dra"gon')
        self.assertTrue(url.startswith("https://") and params is None)
        self.assertIn("(around:300,31.230400,121.473700)", form["data"])
        self.assertIn('["name"~"dragon",i]', form["data"])
        found = prospects.read("overpass", OVERPASS)
        self.assertEqual([one.name for one in found], ["和平药房", "Blue Whale", "Golden Dragon"])
        self.assertEqual(found[0].ref, "osm:node/4612318907")
        self.assertEqual((found[0].phone, found[0].address), ("+86 21 5550 7788", "南京东路 88"))
        self.assertEqual(found[1].kind, "supermarket")

    def test_amap_comes_back_in_wgs84(self):
        _url, params, form = prospects.ask("amap", "", "k", *PIN, 300, "超市")
        self.assertIsNone(form)
        self.assertNotIn("121.473700", params["location"], "Amap is asked in its own datum")
        found = prospects.read("amap", AMAP)
        self.assertAlmostEqual(found[0].lng, 121.4737, delta=0.0006)
        self.assertAlmostEqual(found[0].lat, 31.2304, delta=0.0006)
        self.assertEqual((found[0].phone, found[0].kind), ("021-63222777", "超市"))
        self.assertEqual((found[1].phone, found[1].address), ("", ""))

    def test_recorded_overpass(self):
        bar, cafe = prospects.read("overpass", json.loads(recorded_places.OVERPASS))
        self.assertEqual((bar.name, bar.address, bar.phone), ("Harry's Bar", "Rue Daunou 5", ""))
        self.assertEqual((cafe.phone, cafe.kind), ("+33 (0) 1 42 72 04 70", "cafe"))
        self.assertEqual((cafe.lat, cafe.lng), (48.8536147, 2.3682805))

    def test_recorded_amap(self):
        machine, bank = prospects.read("amap", json.loads(recorded_places.AMAP))
        self.assertEqual((machine.phone, machine.kind), ("", "中国建设银行ATM"))
        self.assertEqual((bank.phone, bank.address), ("021-62219902", "金丰路492号(保乐路)"))
        self.assertEqual(bank.ref, "amap:B00156EQ5C")
        away = haversine_m(bank.lat, bank.lng, 31.202154, 121.284999)
        self.assertTrue(300 < away < 800, f"shifted by {away:.0f} m from Amap's datum")

    def test_lists(self):
        (shop,) = prospects.read_list(CSV, "own")
        self.assertEqual(
            (shop.name, shop.phone, shop.ref), ("幸福超市", "021 5550 9999", "list:own#1")
        )
        (deli,) = prospects.read_list(GEOJSON)
        self.assertEqual((deli.name, deli.lat), ("Deli", 31.2305))

    def test_a_list_says_of_which_system_it_is(self):
        """The same shop in a list made with each kind of map."""
        for datum in ("wgs84", "gcj02", "bd09"):
            lat, lng = to_datum(*PIN, datum)
            data = f"name,lat,lng\nShop,{lat},{lng}".encode()
            (shop,) = prospects.read_list(data, "own", datum)
            self.assertLess(haversine_m(shop.lat, shop.lng, *PIN), 1, datum)
        (shop,) = prospects.read_list(data, "own")
        self.assertGreater(haversine_m(shop.lat, shop.lng, *PIN), 500, "taken as it is")

    def test_errors_are_told_in_the_words_of_the_source(self):
        for kind, answer, text in (
            ("overpass", OVERPASS_ERROR, "timed out"),
            ("amap", AMAP_ERROR, "DAILY_QUERY_OVER_LIMIT"),
            ("overpass", [], "unexpected"),
            ("amap", {"status": "1"}, "unexpected"),
        ):
            with self.assertRaisesRegex(prospects.ProspectError, text):
                prospects.read(kind, answer)
        for data in (b"", b"a,b\n1,2\n", b"{}", b"\xff\xfe\x00", b"name,lat,lng\nX,99,1\n"):
            with self.assertRaises(prospects.ProspectError):
                prospects.read_list(data)

    def test_near_is_within_the_circle_nearest_first(self):
        found = prospects.near(prospects.read("overpass", OVERPASS), *PIN, 100)
        self.assertEqual([one.name for _metres, one in found], ["Golden Dragon", "和平药房"])


class _Answer:
    def __init__(self, body):
        self.body = body

    def json(self):
        return self.body


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestProspects(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Provider = cls.env["field.prospect.provider"]
        cls.Provider.search([]).active = False
        cls.osm = cls.Provider.create({"name": "OSM", "kind": "overpass"})

    def _find(self, body=OVERPASS, user=None, **kwargs):
        with patch.object(requests, "post", return_value=_Answer(body)):
            return self.Provider.with_user(user or self.rita).find_nearby(*PIN, **kwargs)

    def test_customers_are_hidden(self):
        found = self._find()
        self.assertEqual([place["name"] for place in found["places"]], ["和平药房", "Blue Whale"])
        self.assertEqual((found["hidden"], found["silent"]), (1, []))
        self.lucky.phone = "021-55507788"
        self.assertEqual([p["name"] for p in self._find()["places"]], ["Blue Whale"])

    def test_kinds_are_said_in_the_language_of_the_reader(self):
        self.assertEqual([p["kind"] for p in self._find()["places"]], ["Pharmacy", "Supermarket"])
        self.env["res.lang"]._activate_lang("zh_CN")
        self.rita.lang = "zh_CN"
        with patch.object(requests, "post", return_value=_Answer(OVERPASS)):
            Provider = self.Provider.with_user(self.rita).with_context(lang="zh_CN")
            found = Provider.find_nearby(*PIN)
        self.assertEqual([place["kind"] for place in found["places"]], ["药店", "超市"])
        self.assertEqual(self.Provider._say_kind("garden_centre"), "garden centre")

    def test_two_sources_that_know_the_same_place(self):
        self.Provider.create(
            {
                "name": "Own",
                "kind": "list",
                "file": base64.b64encode(
                    b"name,lat,lng,phone\nPeace Pharmacy,31.2307,121.4737,021 5550 7788\n"
                ),
            }
        )
        names = [place["name"] for place in self._find()["places"]]
        self.assertEqual(len(names), 2)

    def test_a_long_list_is_read_once_and_the_nearest_hundred_are_asked_for(self):
        rows = "".join(f"Own {n},{PIN[0] + n * METRE:.7f},{PIN[1]}\n" for n in range(400))
        file = base64.b64encode(f"name,lat,lng\n{rows}".encode())
        self.Provider.create({"name": "Own", "kind": "list", "file": file})
        found = self._find({"version": 0.6, "elements": []}, radius_m=5000)
        names = [place["name"] for place in found["places"]]
        self.assertEqual(names, [f"Own {n}" for n in range(100)])
        with patch.object(prospects, "_from_rows", side_effect=AssertionError("parsed anew")):
            again = self._find({"version": 0.6, "elements": []}, radius_m=5000)
        self.assertEqual(again["places"], found["places"])

    def test_a_silent_source_is_named_and_the_others_count(self):
        self.Provider.create({"name": "Own", "kind": "list", "file": base64.b64encode(CSV)})
        with patch.object(requests, "post", side_effect=requests.ConnectionError):
            found = self.Provider.with_user(self.rita).find_nearby(*PIN)
        self.assertEqual([place["name"] for place in found["places"]], ["幸福超市"])
        self.assertEqual(found["silent"], ["OSM"])
        self.assertEqual(self._find(OVERPASS_ERROR)["silent"], ["OSM"])

    def test_one_tap_adds_and_begins_the_visit(self):
        place = self._find()["places"][0]
        answer = self.Provider.with_user(self.rita).add_prospect(place, start_visit=True)
        partner = self.env["res.partner"].browse(answer["partner_id"])
        self.assertEqual((partner.name, partner.user_id), ("和平药房", self.rita))
        self.assertEqual((partner.field_life, partner.street), ("prospect", "南京东路 88"))
        visit = self.env["field.visit"].browse(answer["visit_id"])
        self.assertEqual(
            (visit.partner_id, visit.user_id, visit.is_unplanned), (partner, self.rita, True)
        )
        again = self.Provider.with_user(self.ravi).add_prospect(place)
        self.assertEqual(again["partner_id"], partner.id, "the same place is the same customer")
        self.assertNotIn(place["name"], [p["name"] for p in self._find()["places"]])

    def test_without_any_provider_a_name_and_a_position_are_enough(self):
        self.osm.active = False
        found = self.Provider.with_user(self.rita).find_nearby(*PIN)
        self.assertEqual(found["providers"], 0)
        place = {"name": "Corner shop", "lat": PIN[0], "lng": PIN[1]}
        answer = self.Provider.with_user(self.rita).add_prospect(place)
        self.assertTrue(answer["partner_id"])
        for bad in (
            {"name": "x"},
            {"name": " ", "lat": 1.0, "lng": 1.0},
            {"name": "x", "lat": "1", "lng": 1},
        ):
            with self.assertRaises(UserError):
                self.Provider.with_user(self.rita).add_prospect(bad)

    def test_window_on_the_desk(self):
        Search = self.env["field.prospect.search"].with_user(self.rita)
        search = Search.create({"partner_id": self.dragon.id, "radius": 500})
        with patch.object(requests, "post", return_value=_Answer(OVERPASS)):
            search.action_search()
        self.assertEqual(search.line_ids.mapped("name"), ["和平药房", "Blue Whale"])
        self.assertIn("2 new, 1", search.note)
        search.line_ids[1].action_add()
        self.assertEqual(search.line_ids[1].partner_id.name, "Blue Whale")
        action = search.line_ids[0].action_add_and_visit()
        self.assertEqual(action["res_model"], "field.visit")
        with self.assertRaises(UserError):
            Search.create({}).action_search()

    def test_who_may(self):
        for user in (self.audra, self.nina):
            with self.assertRaises(UserError):
                self.Provider.with_user(user).add_prospect({"name": "x", "lat": 1.0, "lng": 1.0})
        with self.assertRaises(AccessError):
            self.osm.with_user(self.rita).name = "x"
        self.osm.key = "secret"
        with self.assertRaises(AccessError):
            self.osm.with_user(self.rita).read(["key"])

    def test_places_of_a_list_are_where_its_map_means(self):
        lat, lng = to_datum(*PIN, "bd09")
        file = base64.b64encode(f"name,lat,lng\nCorner shop,{lat},{lng}".encode())
        source = {"name": "Baidu list", "kind": "list", "file": file, "coord_system": "bd09"}
        provider = self.env["field.prospect.provider"].create(source)
        ((metres, _shop),) = provider._find(*PIN, 500)
        self.assertLess(metres, 1)
        provider.coord_system = "wgs84"
        self.assertFalse(provider._find(*PIN, 500))

    def test_lists_are_read_when_they_are_uploaded(self):
        own = self.Provider.create({"name": "Own", "kind": "list", "file": base64.b64encode(CSV)})
        self.assertEqual(own.row_count, 1)
        self.assertIn("1", own.action_try()["params"]["message"])
        with self.assertRaises(ValidationError):
            self.Provider.create(
                {"name": "Bad", "kind": "list", "file": base64.b64encode(b"no,thing\n")}
            )
        with (
            patch.object(requests, "post", return_value=_Answer(OVERPASS_ERROR)),
            self.assertRaisesRegex(UserError, "timed out"),
        ):
            self.osm.action_try()
