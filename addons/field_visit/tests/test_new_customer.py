from uuid import uuid4

from freezegun import freeze_time

from odoo.tests import tagged

from .common import VisitCase
from .test_sync import SyncCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestNewCustomer(SyncCommon, VisitCase):
    """A customer added on the phone whom the office knows already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        cls._policy(customer_same="ask")
        cls.dragon.vat = "91310000MA1FL0AB1C"

    def _sync(self, *events):
        return self.env["field.event"]._sync(self.device, list(events))

    def _add(self, customer=None, **more):
        card = {"name": "Corner", "lat": 10.2, "lng": 120.4, "vat": "91310000ma1fl0ab1c"}
        return self._event("customer.add", {**card, "customer_uuid": customer, **more})

    def _begin(self, customer, visit):
        return self._event("visit.check_in", {"visit_uuid": visit, "customer_uuid": customer})

    def _corners(self):
        return self.env["res.partner"].search([("name", "=", "Corner")])

    def test_policy_asks_before_a_customer_is_there_twice(self):
        answer = self._sync(self._add())["results"][0]
        self.assertEqual((answer["state"], answer["code"]), ("rejected", "same_customer"))
        self.assertIn("Golden Dragon", answer["message"])
        seen = self._sync(self._add(other_than=self.dragon.ids))["results"][0]
        self.assertEqual(seen["state"], "applied")
        self.assertEqual(len(self._corners()), 1)
        for odd in ([{}], ["1"], [None]):
            code = self._sync(self._add(other_than=odd))["results"][0]["code"]
            self.assertEqual(code, "bad_payload")

    def test_without_that_policy_he_is_taken(self):
        self._policy(customer_same="note")
        self.assertEqual(self._sync(self._add())["results"][0]["state"], "applied")

    def test_visit_moves_to_the_customer_who_is_there(self):
        customer, visit = str(uuid4()), str(uuid4())
        answer = self._sync(self._add(customer), self._begin(customer, visit))
        self.assertEqual([r["state"] for r in answer["results"]], ["rejected", "waiting"])
        answer = self._sync(self._add(customer, same_as=self.dragon.id))
        self.assertEqual(answer["results"][0]["ref"], f"res.partner,{self.dragon.id}")
        self.assertEqual([r["state"] for r in answer["resolved"]], ["applied"])
        begun = self.env["field.visit"].search([("uuid", "=", visit)])
        self.assertEqual((begun.partner_id, begun.state), (self.dragon, "in_progress"))
        self.assertFalse(self._corners())

    def test_check_in_that_comes_later_finds_him(self):
        customer, visit = str(uuid4()), str(uuid4())
        self._sync(self._add(customer, same_as=self.dragon.id))
        self.assertEqual(self._sync(self._begin(customer, visit))["results"][0]["state"], "applied")

    def test_customer_whom_he_may_not_see_is_none(self):
        gone = self._sync(self._add(same_as=10**8))["results"][0]
        self.assertEqual((gone["state"], gone["code"]), ("rejected", "not_found"))

    def test_colleagues_word_does_not_count(self):
        customer, visit = str(uuid4()), str(uuid4())
        other = self.env["field.device"].create({"name": "Other", "user_id": self.olga.id})
        self.env["field.event"]._sync(other, [self._add(customer, same_as=self.dragon.id)])
        answer = self._sync(self._begin(customer, visit))["results"][0]
        self.assertEqual(answer["state"], "waiting")

    def test_what_waits_is_taken_back(self):
        customer, visit = str(uuid4()), str(uuid4())
        begun = self._begin(customer, visit)
        done = self._event("visit.step_done", {"visit_uuid": visit, "step_key": "look"})
        self._sync(self._add(customer), begun)
        uuids = [begun["uuid"], done["uuid"].upper()]
        answer = self._sync(begun, done, self._event("event.discard", {"uuids": uuids}))
        codes = [(r["state"], r.get("code")) for r in answer["results"]]
        self.assertEqual(codes, [("rejected", "taken_back")] * 2 + [("applied", None)])
        self._sync(self._add(customer, same_as=self.dragon.id))
        self.assertFalse(self.env["field.visit"].search([("uuid", "=", visit)]))

    def test_only_what_waits_of_ones_own_is_taken_back(self):
        customer = str(uuid4())
        begun = self._begin(customer, str(uuid4()))
        ping = self._event("contact.ping", {})
        self._sync(begun, ping)
        other = self.env["field.device"].create({"name": "Other", "user_id": self.olga.id})
        discard = self._event("event.discard", {"uuids": [begun["uuid"], ping["uuid"]]})
        self.env["field.event"]._sync(other, [discard])
        states = {r["uuid"]: r["state"] for r in self._sync(begun, ping)["results"]}
        self.assertEqual(states, {begun["uuid"]: "waiting", ping["uuid"]: "applied"})
        self._sync(self._event("event.discard", {"uuids": [ping["uuid"]]}))
        self.assertEqual(self._sync(ping)["results"][0]["state"], "applied")
        odd = self._event("event.discard", {"uuids": ["x"]})
        self.assertEqual(self._sync(odd)["results"][0]["code"], "bad_payload")
