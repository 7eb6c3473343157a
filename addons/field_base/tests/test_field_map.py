from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..models import field_map

SPEC = {"lat": "partner_latitude", "lng": "partner_longitude", "fields": ["name"]}
CHINA_BOX = {"south": 18.0, "west": 73.0, "north": 54.0, "east": 135.0}


# The index is there once the module is installed.
@tagged("post_install", "-at_install")
class TestFieldMap(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = new_test_user(cls.env, "map_reader", groups="field_base.field_base_group_rep")
        cls.tag = cls.env["res.partner.category"].create({"name": "Key account"})
        china = cls.env.ref("base.cn")
        cls.shops = cls.env["res.partner"].create(
            [
                {
                    "name": f"Map shop {number:02}",
                    "partner_latitude": 31.0 + number / 100,
                    "partner_longitude": 121.0 + number / 100,
                    "country_id": china.id if number % 2 else False,
                    "user_id": cls.rep.id if number < 3 else False,
                    "category_id": [(6, 0, cls.tag.ids)] if number == 1 else False,
                    "color": number,
                }
                for number in range(10)
            ]
            + [{"name": "Map shop nowhere"}]
        )
        cls.domain = [("id", "in", cls.shops.ids)]
        cls.map = cls.env["field.map"].with_user(cls.rep)

    def _points(self, **spec):
        return self.map.get_points("res.partner", self.domain, SPEC | spec)

    def _box(self, box=None, **spec):
        return self.map.get_box("res.partner", self.domain, SPEC | spec, box or CHINA_BOX)

    def test_points_as_columns(self):
        found = self._points(fields=["name", "user_id", "color"], order="name desc")
        self.assertEqual(found["total"], 10)
        self.assertEqual(found["unlocated"], 1)
        self.assertFalse(found["boxed"])
        self.assertEqual(found["ids"], self.shops[9::-1].ids)
        self.assertEqual(found["columns"]["name"][0], "Map shop 09")
        self.assertAlmostEqual(found["lat"][0], 31.09)
        self.assertAlmostEqual(found["lng"][-1], 121.0)
        self.assertEqual(found["columns"]["user_id"][-1], self.rep.id)
        self.assertIsNone(found["columns"]["user_id"][0] or None)
        self.assertEqual(found["names"]["user_id"], {self.rep.id: self.rep.display_name})
        self.assertEqual(found["columns"]["color"][0], 9)

    def test_same_values_with_and_without_the_orm(self):
        """What cannot be read from the table directly looks the same to the client."""
        fast = self._points(fields=["name", "user_id", "active"])
        slow = self._points(fields=["name", "user_id", "active", "display_name", "category_id"])
        self.assertEqual(fast["ids"], slow["ids"])
        for name in ("name", "user_id", "active"):
            self.assertEqual(fast["columns"][name], slow["columns"][name], name)
        self.assertEqual(fast["lat"], slow["lat"])
        self.assertIn(self.tag.ids, slow["columns"]["category_id"])
        self.assertEqual(slow["names"]["category_id"], {self.tag.id: "Key account"})

    def test_countries_come_as_codes(self):
        found = self._points(country="country_id", order="id")
        self.assertEqual(found["columns"]["country_id"][:3], [False, "CN", False])

    def test_limit(self):
        found = self._points(limit=4)
        self.assertEqual((len(found["ids"]), found["total"]), (4, 10))

    def test_nothing(self):
        found = self.map.get_points("res.partner", [("id", "=", 0)], SPEC)
        self.assertEqual((found["total"], found["ids"], found["columns"]["name"]), (0, [], []))

    def test_very_many_are_asked_for_box_by_box(self):
        with patch.object(field_map, "WHOLE", 5):
            found = self._points()
        self.assertTrue(found["boxed"])
        self.assertEqual(found["total"], 10)
        self.assertNotIn("ids", found)
        self.assertAlmostEqual(found["extent"]["south"], 31.0)
        self.assertAlmostEqual(found["extent"]["east"], 121.09)

    def test_few_in_a_box_are_points(self):
        box = {"south": 31.015, "west": 121.0, "north": 31.045, "east": 121.2}
        found = self._box(box)
        self.assertEqual(sorted(found["ids"]), self.shops[2:5].ids)
        self.assertEqual(found["groups"], [])

    def test_many_in_a_box_are_groups_with_sums(self):
        with patch.object(field_map, "POINTS_IN_BOX", 5):
            found = self._box(sum="color")
        self.assertEqual(found["ids"], [])
        self.assertEqual(found["total"], 10)
        self.assertEqual(sum(count for _lat, _lng, count, _sum in found["groups"]), 10)
        self.assertEqual(sum(total for _lat, _lng, _count, total in found["groups"]), 45)
        lat, lng, count, _sum = found["groups"][0]
        self.assertEqual(count, 10, "a province is one cell of such a box")
        self.assertAlmostEqual(lat, 31.045)
        self.assertAlmostEqual(lng, 121.045)

    def test_a_box_over_the_date_line(self):
        fiji, chatham = self.env["res.partner"].create(
            [
                {"name": "Fiji", "partner_latitude": -17.8, "partner_longitude": 178.4},
                {"name": "Chatham", "partner_latitude": -44.0, "partner_longitude": -176.5},
            ]
        )
        domain = [("id", "in", (fiji + chatham + self.shops).ids)]
        for west, east in ((170.0, 190.0), (170.0, -170.0)):
            box = {"south": -60.0, "west": west, "north": 0.0, "east": east}
            found = self.map.get_box("res.partner", domain, SPEC, box)
            self.assertEqual(set(found["ids"]), set((fiji + chatham).ids))
        whole = {"south": -85.0, "west": -200.0, "north": 85.0, "east": 200.0}
        self.assertEqual(self.map.get_box("res.partner", domain, SPEC, whole)["total"], 12)

    def test_heat(self):
        cells = self.map.get_heat("res.partner", self.domain, SPEC, CHINA_BOX)
        self.assertEqual(sum(weight for _lat, _lng, weight in cells), 10)
        weighed = self.map.get_heat("res.partner", self.domain, SPEC | {"sum": "color"}, CHINA_BOX)
        self.assertEqual(sum(weight for _lat, _lng, weight in weighed), 45)

    def test_ids_in_a_ring(self):
        ring = [(31.0, 121.0), (31.0, 121.2), (31.051, 121.2), (31.051, 121.0)]
        found = self.map.get_ids_in_ring("res.partner", self.domain, SPEC, ring)
        self.assertEqual(sorted(found), self.shops[:6].ids)
        triangle = [(30.9, 121.0), (30.9, 121.6), (31.5, 121.6)]
        found = self.map.get_ids_in_ring("res.partner", self.domain, SPEC, triangle)
        self.assertEqual(len(found), 0, "the shops lie on the other side of the diagonal")
        self.assertEqual(self.map.get_ids_in_ring("res.partner", self.domain, SPEC, ring[:2]), [])

    def test_access_rules_hold_on_every_path(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.shops[0].company_id = other
        ring = [(30.0, 120.0), (30.0, 122.0), (32.0, 122.0), (32.0, 120.0)]
        hidden = self.shops[0].id
        self.assertNotIn(hidden, self._points()["ids"])
        self.assertNotIn(hidden, self._points(fields=["display_name"])["ids"])
        self.assertNotIn(hidden, self._box()["ids"])
        args = ("res.partner", self.domain, SPEC)
        self.assertNotIn(hidden, self.map.get_ids_in_ring(*args, ring))
        self.assertEqual(sum(cell[2] for cell in self.map.get_heat(*args, CHINA_BOX)), 9)
        with patch.object(field_map, "WHOLE", 5):
            self.assertAlmostEqual(self._points()["extent"]["south"], 31.01)

    def test_models_and_fields_that_one_may_not_read(self):
        spec = {"lat": "day_end_hour", "lng": "day_end_hour"}
        portal = new_test_user(self.env, "map_portal", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self.env["field.map"].with_user(portal).get_points("field.policy", [], spec)
        self.patch(self.registry["res.partner"]._fields["color"], "groups", "base.group_system")
        for method, args in (
            ("get_points", ({"fields": ["color"]},)),
            ("get_box", ({"sum": "color"}, CHINA_BOX)),
            ("get_heat", ({"sum": "color"}, CHINA_BOX)),
        ):
            extra, *rest = args
            with (
                self.subTest(method),
                patch.object(field_map, "POINTS_IN_BOX", 1),
                self.assertRaises(AccessError),
            ):
                getattr(self.map, method)("res.partner", self.domain, SPEC | extra, *rest)

    def test_nonsense_is_refused(self):
        with self.assertRaises(UserError):
            self.map.get_points("no.model", [], SPEC)
        with self.assertRaises(UserError):
            self.map.get_points("res.partner", [], SPEC | {"fields": ["nope); DROP TABLE"]})

    def test_a_box_is_found_by_index(self):
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        box = self.env["field.map"]._box_domain(SPEC, CHINA_BOX)
        query = self.env["res.partner"].sudo().with_context(active_test=False)._search(box)
        self.env.cr.execute("EXPLAIN " + self.env.cr.mogrify(query.select()).decode())
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertRegex(plan, r"Index.* Scan (using|on) res_partner_field_\w+")
