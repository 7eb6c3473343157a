"""What is around here, as the phone asks for it; and whose a find is."""

import base64
import json
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import requests
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..controllers import prospects as controller
from .common import AT_CUSTOMER, PIN, VisitCase, VisitCommon
from .test_prospects import CSV, OVERPASS, OVERPASS_ERROR, _Answer
from .test_sync import SyncCommon

PLACE = {"lat": PIN[0], "lng": PIN[1]}


@tagged("post_install", "-at_install")
class TestProspectsHttp(SyncCommon, VisitCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people()
        cls._set_up_places()
        cls._set_up_phone()
        cls.token = cls.device._issue_token()
        cls.Provider = cls.env["field.prospect.provider"]
        cls.Provider.search([]).active = False
        cls.Provider.create({"name": "OSM", "kind": "overpass", "company_id": cls.env.company.id})

    def _ask(self, body, answer=OVERPASS):
        self.asked = []

        def post(url, **kwargs):
            self.asked.append(kwargs["data"]["data"])
            return _Answer(answer)

        with patch.object(requests, "post", post):
            return self.url_open(
                "/field/api/v1/prospects",
                data=json.dumps(body),
                headers={
                    "Authorization": f"Bearer {self.token}",
                    "Content-Type": "application/json",
                },
            )

    def test_what_is_new_around_a_place(self):
        answer = self._ask({**PLACE, "radius": 300, "words": "药房"})
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertIn("(around:300,31.230400,121.473700)", self.asked[0])
        self.assertIn("药房", self.asked[0])
        found = answer.json()
        self.assertEqual([one["name"] for one in found["places"]], ["和平药房", "Blue Whale"])
        first = found["places"][0]
        self.assertEqual((first["ref"], first["metres"]), ("osm:node/4612318907", 80))
        self.assertEqual((found["hidden"], found["silent"], found["providers"]), (1, [], 1))
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_a_silent_source_is_named(self):
        self.Provider.create({"name": "Own", "kind": "list", "file": base64.b64encode(CSV)})
        found = self._ask(PLACE, OVERPASS_ERROR).json()
        self.assertEqual([one["name"] for one in found["places"]], ["幸福超市"])
        self.assertEqual((found["silent"], found["providers"]), (["OSM"], 2))

    def test_what_is_refused(self):
        for wrong in (
            *([], {}, {"lat": 31.0}, {**PLACE, "lat": 91}, {**PLACE, "lng": "121"}),
            *({**PLACE, "radius": "far"}, {**PLACE, "words": "x" * 81}, {**PLACE, "words": "a\0"}),
            {**PLACE, "words": None},
        ):
            self.assertEqual(self._ask(wrong).status_code, 400, wrong)
        self.assertFalse(self.asked)
        self.token = "wrong"
        self.assertEqual(self._ask(PLACE).status_code, 401)

    def test_not_more_often_than_somebody_walks(self):
        with patch.object(controller, "PER_MINUTE", 0):
            answer = self._ask(PLACE)
        self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (429, "60"))
        self.assertEqual(answer.json()["error"]["code"], "too_many_requests")
        self.assertFalse(self.asked, "nobody outside is asked")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestFind(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        cls.Provider = cls.env["field.prospect.provider"]
        cls.Provider.search([]).active = False
        cls.Provider.create({"name": "OSM", "kind": "overpass"})

    def _find(self, user=None):
        with patch.object(requests, "post", return_value=_Answer(OVERPASS)):
            return self.Provider.with_user(user or self.rita).find_nearby(*PIN)["places"]

    def _sync(self, *events):
        answer = self.env["field.event"]._sync(self.device, list(events))
        self.assertEqual([one["state"] for one in answer["results"]], ["applied"] * len(events))

    def _add(self, user=None, place=None):
        Provider = self.Provider.with_user(user or self.rita)
        found = Provider.add_prospect(place or self._find()[0])
        return self.env["res.partner"].browse(found["partner_id"])

    def test_added_and_checked_in_with_one_tap(self):
        place = self._find()[0]
        names = ("name", "lat", "lng", "phone", "address", "ref")
        customer, visit = str(uuid4()), str(uuid4())
        events = [
            self._event(
                "customer.add", {**{n: place[n] for n in names}, "customer_uuid": customer}
            ),
            self._event(
                "visit.check_in",
                {"visit_uuid": visit, "customer_uuid": customer, "position": AT_CUSTOMER},
            ),
        ]
        self._sync(*events)
        self._sync(*events)
        partner = self.env["res.partner"].search([("field_prospect_ref", "=", place["ref"])])
        self.assertEqual((partner.name, partner.user_id), ("和平药房", self.rita))
        began = self.env["field.visit"].search([("uuid", "=", visit)])
        self.assertEqual((began.partner_id, began.state), (partner, "in_progress"))
        self.assertNotIn(place["ref"], [one["ref"] for one in self._find()])

    def test_two_who_found_the_same_place_without_a_network(self):
        place = {**self._place(), "customer_uuid": str(uuid4())}
        self._sync(self._event("customer.add", place))
        partner = self.env["res.partner"].search([("field_prospect_ref", "=", place["ref"])])
        self._set_up_phone(self.ravi)
        self._policy(self.ravi, customer_same="ask")
        customer, visit = str(uuid4()), str(uuid4())
        self._sync(
            self._event("customer.add", {**place, "customer_uuid": customer}),
            self._event(
                "visit.check_in",
                {"visit_uuid": visit, "customer_uuid": customer, "position": AT_CUSTOMER},
            ),
        )
        began = self.env["field.visit"].search([("uuid", "=", visit)])
        self.assertEqual((began.partner_id, began.user_id), (partner, self.ravi))
        self.assertEqual(
            (partner.user_id, partner.field_phone_uuid), (self.rita, place["customer_uuid"])
        )

    def test_a_find_stays_with_its_finder(self):
        partner = self._add()
        self.assertEqual(partner.field_protected_until, fields.Date.to_date("2026-12-23"))
        self.env.ref("base.group_partner_manager").user_ids |= self.ravi | self.lea
        with self.assertRaisesRegex(UserError, "Rita.*2026-12-23"):
            partner.with_user(self.ravi).user_id = self.ravi
        self.assertEqual(self._add(self.ravi, {**self._place(), "name": "Another"}), partner)
        self.assertEqual(partner.user_id, self.rita)
        partner.with_user(self.lea).user_id = self.ravi
        self.assertEqual(partner.user_id, self.ravi, "a leader decides otherwise")

    def _place(self):
        return {"name": "和平药房", **PLACE, "ref": "osm:node/4612318907"}

    def test_after_its_time_it_can_be_found_again(self):
        partner = self._add()
        self.assertNotIn("和平药房", [one["name"] for one in self._find(self.ravi)])
        with freeze_time("2026-12-23 15:00:00"):  # the last day in Shanghai
            self.assertNotIn("和平药房", [one["name"] for one in self._find(self.ravi)])
        with freeze_time("2026-12-23 17:00:00"):
            self.assertIn("和平药房", [one["name"] for one in self._find(self.ravi)])
            self.assertEqual(self._add(self.ravi, self._place()), partner)
            self.assertEqual(partner.user_id, self.ravi)
            self.assertEqual(str(partner.field_protected_until), "2027-01-23")

    def test_who_was_visited_is_not_found_again(self):
        partner = self._add()
        visit = self._plan(partner=partner)
        start = fields.Datetime.now()
        visit._do_check_in({**PLACE, "accuracy": 8}, at=start)
        visit._do_check_out({**PLACE, "accuracy": 8}, at=start + timedelta(minutes=20))
        for life, ids in self.env["res.partner"]._field_find_changed_lives(1000).items():
            self.env["res.partner"].browse(ids).field_life = life
        with freeze_time("2027-01-05 04:00:00"):
            self.assertNotIn("和平药房", [one["name"] for one in self._find(self.ravi)])
            self.assertEqual(self._add(self.ravi, self._place()).user_id, self.rita)

    def test_the_policy_says_how_long(self):
        self._policy(prospect_days=0)
        partner = self._add()
        self.assertFalse(partner.field_protected_until)
        self.env.ref("base.group_partner_manager").user_ids |= self.ravi
        partner.with_user(self.ravi).user_id = self.ravi
        self.assertEqual(partner.user_id, self.ravi)
        again = partner.create_date.date() + timedelta(days=400)
        with freeze_time(again):
            self.assertNotIn("和平药房", [one["name"] for one in self._find()])
