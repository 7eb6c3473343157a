import uuid

from odoo.exceptions import LockError
from odoo.tests import tagged

from .common import LeadPoolCommon
from odoo.addons.field_base.tools.errors import FieldRejected


@tagged("post_install", "-at_install")
class TestClaimSync(LeadPoolCommon):
    """Kind ``lead.claim`` of the journal."""

    def setUp(self):
        super().setUp()
        self.seq = 0

    def _device(self, user):
        return self.env["field.device"].create(
            {"name": user.login, "uuid": str(uuid.uuid4()), "user_id": user.id}
        )

    def _event(self, payload):
        self.seq += 1
        return {
            "uuid": str(uuid.uuid4()),
            "seq": self.seq,
            "kind": "lead.claim",
            "captured_at": "2026-11-23T09:41:07Z",
            "payload": payload,
        }

    def _send(self, user, *events):
        answer = self.env["field.event"].sudo()._sync(self._device(user).sudo(), list(events))
        return answer["results"]

    def test_claim_is_applied_as_the_rep(self):
        (result,) = self._send(self.rep, self._event({"lead_id": self.lead.id}))
        self.assertEqual(result["state"], "applied", result)
        self.assertEqual(result["ref"], f"crm.lead,{self.lead.id}")
        self.assertEqual(self.lead.user_id, self.rep)
        claim = self.env["field.lead.claim"].search([("lead_id", "=", self.lead.id)])
        self.assertEqual((claim.event, claim.user_id), ("claim", self.rep))
        self.assertEqual(claim.create_uid, self.rep)

    def test_same_event_again_gives_the_same_answer(self):
        device = self._device(self.rep).sudo()
        event = self._event({"lead_id": self.lead.id})
        Event = self.env["field.event"].sudo()
        Event._sync(device, [event])
        self.lead.with_user(self.rep).action_return_to_pool("Too far")
        (again,) = Event._sync(device, [event])["results"]
        self.assertEqual(again["ref"], f"crm.lead,{self.lead.id}")
        self.assertTrue(self.lead.field_in_pool, "answered, not done again")

    def test_refusals_have_their_codes(self):
        self.lead.with_user(self.rep2).action_claim()
        (taken,) = self._send(self.rep, self._event({"lead_id": self.lead.id}))
        (stranger,) = self._send(self.outsider, self._event({"lead_id": self.lead2.id}))
        self.pool.holding_cap = 1
        first, capped = self._send(
            self.rep,
            self._event({"lead_id": self.lead2.id}),
            self._event({"lead_id": self.lead3.id}),
        )
        self.assertEqual((taken["state"], taken["code"]), ("rejected", "already_claimed"))
        self.assertEqual((stranger["state"], stranger["code"]), ("rejected", "not_member"))
        self.assertEqual(first["state"], "applied")
        self.assertEqual((capped["state"], capped["code"]), ("rejected", "cap_reached"))
        self.assertFalse(self.lead3.user_id)

    def test_bad_payloads_are_refused_one_by_one(self):
        payloads = [
            {},
            {"lead_id": None},
            {"lead_id": str(self.lead.id)},
            {"lead_id": True},
            {"lead_id": 1.5},
            {"lead_id": 0},
            {"lead_id": -3},
            {"lead_id": 10**30},
            {"lead_id": [self.lead.id]},
        ]
        results = self._send(self.rep, *[self._event(payload) for payload in payloads])
        for payload, result in zip(payloads, results, strict=True):
            self.assertEqual(result["state"], "rejected", payload)
            self.assertEqual(result["code"], "bad_payload", payload)
        self.assertFalse(self.lead.user_id)

    def test_a_lead_locked_at_this_moment_is_tried_again(self):
        def busy(lead):
            raise FieldRejected("busy", "just being taken")

        self.patch(self.registry["crm.lead"], "action_claim", busy)
        event = self.env["field.event"].new({"kind": "lead.claim", "user_id": self.rep.id})
        with self.assertRaises(LockError):
            event._apply_lead_claim({"lead_id": self.lead.id})

    def _create(self, user, payload):
        event = {**self._event(payload), "kind": "lead.create"}
        return self._send(user, event)[0]

    def test_lead_entered_on_the_phone_is_ones_own(self):
        payload = {"company": "Red Dot", "phone": "13812345678", "lat": 31.2, "lng": 121.4}
        result = self._create(self.rep, {**payload, "note": "Wants <b>chairs</b>"})
        self.assertEqual(result["state"], "applied", result)
        lead = self.env["crm.lead"].browse(int(result["ref"].split(",")[1]))
        self.assertEqual((lead.user_id, lead.partner_name), (self.rep, "Red Dot"))
        self.assertEqual((lead.field_lat, lead.field_lng), (31.2, 121.4))
        self.assertIn("&lt;b&gt;", lead.description)
        self.assertEqual(lead.medium_id, self.env.ref("utm.utm_medium_phone"))

    def test_lead_without_a_name_or_with_nonsense_is_refused(self):
        for payload in ({}, {"company": 5}, {"company": "A", "email": "x"}, {"phone": "1"}):
            self.assertEqual(self._create(self.rep, payload)["code"], "bad_payload", payload)

    def test_known_lead_is_refused_in_words(self):
        self.company.field_duplicate_mode = "block"
        self._create(self.rep2, {"company": "Red Dot", "email": "li@red.example"})
        again = self._create(self.rep, {"company": "RED DOT", "email": "li@red.example"})
        self.assertEqual(again["code"], "exists")
        self.assertIn(self.rep2.name, again["message"])
