"""The fence of a kind of customers, the photo outside it, and what is far for a fence."""

import base64
import hashlib
import json
import unittest
from pathlib import Path
from uuid import uuid4

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools import fence
from .common import AT_CUSTOMER, FAR, VisitCase, north
from .test_steps import PNG
from .test_sync import SyncCommon

VECTORS = json.loads(
    (Path(__file__).parents[1] / "static" / "tests" / "fence_vectors.json").read_text()
)


class TestFenceRules(unittest.TestCase):
    """The same vectors hold on the phone: static/tests/fence/fence_logic.test.js."""

    def test_vectors(self):
        for name, policy, rules, customer, found in VECTORS["resolve"]:
            with self.subTest(name):
                self.assertEqual(fence.resolve_fence(policy, rules, customer), found)
        for mode, verdict, has_pin, has_position, policy, demand in VECTORS["demand"]:
            with self.subTest(mode=mode, verdict=verdict, policy=policy):
                given = (mode, verdict, has_pin, has_position, policy)
                self.assertEqual(fence.fence_demand(*given), demand)
        for rule, verdict, demand, wanted in VECTORS["photo"]:
            with self.subTest(rule=rule, verdict=verdict, demand=demand):
                self.assertEqual(fence.fence_photo(rule, verdict, demand), wanted)
        for distance, warn, near in VECTORS["near"]:
            self.assertEqual(fence.is_near(distance, warn), near)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:31:00")
class TestFence(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        cls.market, cls.chemist = cls.env["field.channel"].create(
            [{"name": "Market of the test"}, {"name": "Chemist of the test"}]
        )
        cls.Rule = cls.env["field.fence.rule"]

    def rule(self, **values):
        return self.Rule.create({"name": "Rule", "channel_ids": self.market.ids, **values})

    def send(self, visit, position, **payload):
        payload = {"visit_uuid": visit.uuid, "visit_id": visit.id, "position": position, **payload}
        event = self._event("visit.check_in", payload, at="2026-11-23T01:31:00.000Z")
        return self.env["field.event"]._sync(self.device, [event])["results"][0]

    # ---------------------------------------------------------------- by kind of customer

    def test_fence_of_the_kind_and_of_the_customer(self):
        self.rule(radius=1500, mode="hard")
        self.dragon.field_channel_id = self.market
        visit = self._plan()
        preview = visit.get_check_in_preview(FAR)
        self.assertEqual((preview["verdict"], preview["radius_m"]), ("inside", 1500))
        self.dragon.field_channel_id = self.chemist
        self.assertEqual(visit.get_check_in_preview(FAR)["radius_m"], 300)
        self.dragon.write({"field_channel_id": self.market.id, "field_fence_radius": 50})
        preview = visit.get_check_in_preview(FAR)
        self.assertEqual((preview["radius_m"], preview["mode"]), (50, "hard"))
        self.assertEqual(preview["needs"], "exception")
        self.dragon.field_fence_mode = "none"
        visit.action_check_in(FAR)
        self.assertEqual((visit.check_in_verdict, visit.check_in_radius_m), ("outside", 50))
        self.assertEqual(visit.policy_snapshot["fence_mode"], "none")

    def test_rule_that_changes_counts_at_once(self):
        rule = self.rule(radius=1500)
        self.dragon.field_channel_id = self.market
        visit = self._plan()
        self.assertEqual(visit.get_check_in_preview(FAR)["radius_m"], 1500)
        rule.radius = 2000
        self.assertEqual(visit.get_check_in_preview(FAR)["radius_m"], 2000)
        rule.active = False
        self.assertEqual(visit.get_check_in_preview(FAR)["radius_m"], 300)
        rule.unlink()
        other = self.env["res.company"].create({"name": "Other company of the test"})
        self.rule(radius=900, company_id=other.id)
        self.assertEqual(visit.get_check_in_preview(FAR)["radius_m"], 300)

    def test_phone_gets_the_rules_and_the_customers_own(self):
        self.rule(radius=1500, mode="hard", warn=700)
        self.dragon.write({"field_fence_mode": "none", "field_fence_warn": 20})
        app = self.env["field.app"].with_user(self.rita)
        wanted = {"grades": [], "channels": self.market.ids, "mode": "hard"}
        wanted |= {"radius": 1500, "warn": 700}
        self.assertIn(wanted, app._me_values(self.rita)["fences"])
        [row] = app._customers(self.dragon.with_user(self.rita))
        self.assertEqual((row["fence_mode"], row["fence_warn"]), ("none", 20))

    def test_administrators_make_rules(self):
        rule = self.rule(radius=500)
        self.assertEqual(rule.with_user(self.rita).radius, 500)
        for user in (self.rita, self.lea, self.audra):
            with self.assertRaises(AccessError):
                rule.with_user(user).radius = 600
        rule.with_user(self.dora).radius = 600

    def test_far_for_the_fence_is_marked(self):
        self._policy(fence_warn=100)
        visit = self._plan()
        visit.action_check_in(north(150))
        self.assertEqual((visit.check_in_verdict, visit.check_in_is_near), ("inside", True))
        visit.action_check_out(north(150))
        other = self._plan()
        other.action_check_in(AT_CUSTOMER)
        self.assertFalse(other.check_in_is_near)

    def test_the_phone_knows_whether_one_tap_is_enough(self):
        App = self.env["field.app"].with_user(self.rita)

        def told():
            return App._me_values(self.rita)["policy"]["fence_one_tap"]

        self.assertIs(told(), False, "off until a policy says so")
        self._policy(fence_one_tap=True)
        self.assertIs(told(), True)

    def test_trial_of_a_policy_knows_the_kinds(self):
        visit = self._plan()
        visit.action_check_in(FAR, reason="The market")
        visit.action_check_out(FAR)
        policy = self._policy()
        hits = policy._trial_fence(self.rita, visit.plan_date, visit.plan_date)
        self.assertEqual([hit.record for hit in hits], [visit])
        self.rule(radius=1500)
        self.dragon.field_channel_id = self.market
        self.assertFalse(policy._trial_fence(self.rita, visit.plan_date, visit.plan_date))

    # ---------------------------------------------------------------- the photo

    def test_no_photo_no_check_in_where_the_policy_wants_one(self):
        self._policy(fence_photo="outside")
        visit = self._plan()
        preview = visit.get_check_in_preview(FAR)
        self.assertEqual((preview["needs"], preview["needs_photo"]), ("reason", True))
        self.assertFalse(visit.get_check_in_preview(AT_CUSTOMER)["needs_photo"])
        self.assertRejected("photo_required", visit.action_check_in, FAR, reason="Back door")
        self.assertFalse(visit.check_in_at)
        self._policy(fence_photo="exception")
        self.assertFalse(visit.get_check_in_preview(FAR)["needs_photo"])
        self._policy(fence_mode="hard")
        self.assertTrue(visit.get_check_in_preview(FAR)["needs_photo"])
        given = {"reason": "Back door", "exception": True}
        self.assertRejected("photo_required", visit.action_check_in, FAR, **given)
        visit.action_check_in(FAR, **given, photo=PNG)
        step = visit.step_ids[0]
        self.assertEqual((step.key, step.state), ("check-in-photo", "done"))
        self.assertEqual(step.photo_ids.attachment_id.raw, base64.b64decode(PNG))

    def test_photo_of_the_album_is_refused_where_only_the_camera_counts(self):
        self._policy(fence_photo="outside", photo_camera_only=True)
        visit = self._plan()
        with self.env.cr.savepoint(flush=False):
            given = {"reason": "Back door", "photo": PNG}
            self.assertRejected("camera_only", visit.action_check_in, FAR, **given)

    def test_phone_sends_the_photo_and_the_leader_sees_it(self):
        self._policy(fence_photo="exception", fence_mode="hard")
        visit, blob = self._plan(), str(uuid4())
        said = {"reason": "Back door", "exception": True}
        self.assertEqual(self.send(visit, FAR, **said)["code"], "photo_required")
        self.assertEqual(self.send(visit, FAR, **said, blobs=["x"])["code"], "bad_payload")
        self.assertEqual(self.send(visit, FAR, **said, blobs=[blob])["state"], "applied")
        raw = base64.b64decode(PNG)
        digest = hashlib.sha256(raw).hexdigest()
        self.env["field.blob"]._store(self.device, blob, raw, "image/png", digest)
        visit.action_check_out(FAR)
        self._let_time_to_explain_pass(visit)
        queue = self.env["field.visit"].with_user(self.lea).get_review_queue()
        [item] = [one for one in queue["items"] if one["id"] == visit.id]
        self.assertEqual(len(item["photos"]), 1)
        self.assertIn("Insisted on being there", item["reasons"])

    def test_photo_step_has_its_name_in_each_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self._policy(fence_photo="outside")
        visit = self._plan()
        visit.action_check_in(FAR, reason="Back door", photo=PNG)
        step = visit.step_ids[0]
        self.assertEqual(step.with_context(lang="en_US").name, "Photo at the check-in")

    def test_strict_order_does_not_wait_for_it(self):
        self.sop.strict_order = True
        self._policy(fence_photo="outside")
        visit = self._plan()
        visit.action_check_in(FAR, reason="Back door", photo=PNG)
        self._step(visit, "look").action_done()
        self.assertEqual(self._step(visit, "look").state, "done")

    def test_where_one_stands_is_asked_without_a_position(self):
        """The phone asks for it as well: see the vectors."""
        self._policy(proof_mode="block", proof_position=True)
        visit = self._plan()
        self.assertRejected("no_position", visit.action_check_in, None)
        self.assertEqual(visit.get_check_in_preview(None)["needs"], "exception")
