import json
import os
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..tools import secret
from ..tools.errors import FieldRejected
from ..tools.geo import haversine_m
from ..tools.home import HomeArea, blur_point
from .common import FieldCase, build_team, make_event

HOME = {"lat": 31.2304, "lng": 121.4737}
DOOR = {"lat": 31.2310, "lng": 121.4740, "accuracy": 5.0}
SHOP = {"lat": 31.2504, "lng": 121.4737, "accuracy": 5.0}


@tagged("post_install", "-at_install")
class TestHome(FieldCase):
    """Where somebody lives is not kept: not in the workday, not in the journal's result."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policies = cls.env["field.policy"].search([("company_id", "=", cls.company.id)])
        policies.home_radius_m = 300
        cls.home = cls.env["field.home"].with_user(cls.rep)

    def open_day(self, position):
        self.sync([make_event("workday.open", payload={"position": position})])
        return self.env["field.workday"].search([("user_id", "=", self.rep.id)])

    def test_a_day_that_begins_at_home_begins_somewhere_near_it(self):
        self.home._set(self.rep, HOME)
        day = self.open_day(DOOR)
        away = haversine_m(day.open_lat, day.open_lng, HOME["lat"], HOME["lng"])
        self.assertLess(away, 300 * 1.5)
        self.assertNotAlmostEqual(day.open_lat, DOOR["lat"], places=4)
        self.assertEqual(day.open_accuracy, 600)

    def test_elsewhere_nothing_changes(self):
        self.home._set(self.rep, HOME)
        self.assertAlmostEqual(self.open_day(SHOP).open_lat, SHOP["lat"])

    def test_all_places_of_the_area_are_one_point(self):
        area = HomeArea(31.2304, 121.4737, 300)
        self.assertTrue(area.covers(31.2310, 121.4740))
        self.assertFalse(area.covers(31.2340, 121.4737))
        for home in ((31.2304, 121.4737), (-33.9, 18.4), (0, 0), (69.6, 18.9)):
            with self.subTest(home=home):
                away = haversine_m(*home, *blur_point(*home, 300))
                self.assertLessEqual(away, 300 * 1.5)
        # the point tells the square, not the place in it
        self.assertEqual(blur_point(31.2304, 121.4737, 300), blur_point(31.2305, 121.4738, 300))

    def test_nobody_else_sees_it_and_nobody_sees_it_in_a_copy_of_the_database(self):
        self.home._set(self.rep, HOME)
        for user in (self.leader, self.admin, self.other_rep):
            with self.subTest(user.name):
                self.assertFalse(self.as_user("field.home", user).search([]))
        mine = self.as_user("field.home", self.rep).search([])
        self.assertTrue(mine.set_at)
        with self.assertRaises(AccessError):
            mine.read(["place"])
        self.env.cr.execute("SELECT place FROM field_home")
        self.assertNotIn("31.23", self.env.cr.fetchone()[0])
        with self.assertRaises(AccessError):
            self.env["field.home"].with_user(self.admin)._set(self.rep, HOME)

    def test_the_key_comes_from_outside_where_there_is_one(self):
        with patch.dict(os.environ, {secret.VARIABLE: "k" * 40}):
            text = secret.encrypt("home", "db")
            self.assertEqual(secret.decrypt(text, "db"), "home")
        self.assertIsNone(secret.decrypt(text, "db"))

    def test_the_system_check_says_when_the_key_is_lost(self):
        Check = self.env["field.health.check"]
        self.assertEqual(Check._check_secret().state, "ok")
        with patch.dict(os.environ, {secret.VARIABLE: "k" * 40}):
            self.home._set(self.rep, HOME)
            self.assertEqual(Check._check_secret().state, "ok")
        self.env.registry.clear_cache()
        with patch.dict(os.environ):
            os.environ.pop(secret.VARIABLE, None)
            self.assertEqual(Check._check_secret().state, "problem")
            self.home._set(self.rep, HOME)
            self.assertEqual(Check._check_secret().state, "warning")

    def test_only_where_the_policy_has_it(self):
        self.env["field.policy"].search([]).home_radius_m = 0
        with self.assertRaises(FieldRejected) as caught:
            self.home._set(self.rep, HOME)
        self.assertEqual(caught.exception.code, "home_off")

    def test_forgotten_is_forgotten(self):
        self.home._set(self.rep, HOME)
        App = self.as_user("field.app", self.rep)
        self.assertEqual(App._me_values(self.rep)["home"]["radius"], 300)
        self.home._forget(self.rep)
        self.assertNotIn("home", App._me_values(self.rep))
        self.assertAlmostEqual(self.open_day(DOOR).open_lat, DOOR["lat"])


@tagged("post_install", "-at_install")
class TestHomeApi(HttpCase):
    def test_the_phone_names_and_forgets_it(self):
        build_team(self)
        self.env["field.policy"].search([]).home_radius_m = 300
        device, token = self.env["field.device"]._enrol(
            self.rep, "0198c0de-0000-7000-8000-000000000001", "Phone"
        )
        self.env.flush_all()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        url = self.base_url() + "/field/api/v1/home"

        def send(method, body=None):
            return self.opener.request(method, url, data=body, headers=headers, timeout=30)

        put = send("PUT", json.dumps({"position": HOME}))
        self.assertEqual((put.status_code, put.json()), (200, {"ok": True}))
        self.assertEqual(self.env["field.home"].search([]).user_id, self.rep)
        bad = send("PUT", json.dumps({"position": {"lat": 200, "lng": 0}}))
        self.assertEqual((bad.status_code, bad.json()["error"]["code"]), (422, "bad_position"))
        self.assertFalse(self.env["field.event"].search([("device_id", "=", device.id)]))
        self.assertEqual(send("DELETE").status_code, 200)
        self.assertFalse(self.env["field.home"].search([]))
