"""What was done by a plan that the phone knew, and that the office has changed meanwhile."""

from uuid import uuid4

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase
from .test_sync import SyncCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestLostPlan(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        # the kind has its own procedure: without the plan these steps would not be known
        steps = [(0, 0, {"name": "Blood", "kind": "check", "key": "blood"})]
        other = cls.env["field.sop"].create({"name": "Other", "sequence": 9, "step_ids": steps})
        cls.kind = cls.env["field.visit.type"].create({"name": "Ward", "sop_id": other.id})
        cls.plan = cls._plan(plan_date="2026-11-23", type_id=cls.kind.id)
        cls.uuid = cls.plan.uuid

    def _send(self, *events, device=None):
        return self.env["field.event"]._sync(device or self.device, list(events))["results"]

    def _work(self, device=None, **values):
        """A whole visit as the phone did it by the plan it knew."""
        plan = {"type_id": self.kind.id, "sop_id": self.kind.sop_id.id, "channel": "on_site"}
        uuid = values.get("visit_uuid", self.uuid)
        begin = {
            "visit_uuid": uuid,
            "visit_id": self.plan_id,
            "partner_id": self.dragon.id,
            "position": AT_CUSTOMER,
            "plan": plan,
            **values,
        }
        step = {"visit_uuid": uuid, "step_key": "blood"}
        results = self._send(
            self._event("visit.check_in", begin),
            self._event("visit.step_done", step, at="2026-11-23T01:40:00.000Z"),
            self._event("visit.check_out", {"visit_uuid": uuid}, at="2026-11-23T01:50:00.000Z"),
            device=device,
        )
        self.assertEqual([result["state"] for result in results], ["applied"] * 3, results)
        return self.env["field.visit"].search([("uuid", "=", uuid)])

    def _assert_outside_the_plan(self, visit, words, user=None):
        self.assertEqual((visit.user_id, visit.state), (user or self.rita, "done"))
        self.assertEqual((visit.duration_min, visit.is_unplanned), (20, True))
        self.assertEqual((visit.type_id, visit.step_ids.mapped("key")), (self.kind, ["blood"]))
        self.assertIn(words, "".join(visit.message_ids.mapped("body")))

    def setUp(self):
        super().setUp()
        self.plan_id = self.plan.id

    def test_called_off(self):
        self.plan.with_user(self.lea).action_cancel("They moved")
        visit = self._work()
        self._assert_outside_the_plan(visit, "called off")
        self.assertEqual((self.plan.state, self.plan.cancel_reason), ("cancelled", "They moved"))
        self.assertFalse(self.plan.check_in_at)
        self.assertNotEqual(self.plan.uuid, self.uuid)

    def test_work_waits_for_the_check_in(self):
        """The check-in of a visit that was called off comes after its step."""
        self.plan.with_user(self.lea).action_cancel("They moved")
        step = self._event("visit.step_done", {"visit_uuid": self.uuid, "step_key": "look"})
        self.assertEqual(self._send(step)[0]["state"], "waiting")
        there = {"visit_uuid": self.uuid, "visit_id": self.plan_id, "position": AT_CUSTOMER}
        answer = self.env["field.event"]._sync(self.device, [self._event("visit.check_in", there)])
        self.assertEqual([one["state"] for one in answer["resolved"]], ["applied"])

    def test_taken_out(self):
        self.plan.sudo().unlink()
        self._assert_outside_the_plan(self._work(), "taken out")

    def test_planned_anew_it_is_that_visit(self):
        self.plan.sudo().unlink()
        anew = self._plan(plan_date="2026-11-23", type_id=self.kind.id)
        visit = self._work()
        self.assertEqual((visit, visit.is_unplanned), (anew, False))
        self.assertNotIn("meanwhile", "".join(visit.message_ids.mapped("body")))

    def test_passed_on_both_have_been_there(self):
        self.plan.with_user(self.lea).user_id = self.ravi
        passed_as = self.plan.uuid
        self.assertNotEqual(passed_as, self.uuid)
        self._assert_outside_the_plan(self._work(), "passed on")
        self.assertEqual((self.plan.state, self.plan.user_id), ("planned", self.ravi))
        device = self.env["field.device"].create({"name": "Other", "user_id": self.ravi.id})
        visit = self._work(device, visit_uuid=passed_as)
        self.assertEqual((visit, visit.user_id, visit.state), (self.plan, self.ravi, "done"))

    def test_passed_on_and_back(self):
        for user in (self.ravi, self.rita):
            self.plan.with_user(self.lea).user_id = user
        self.assertEqual(self._work(), self.plan)
        self.assertFalse(self.plan.is_unplanned)

    def test_the_same_person_again_keeps_the_name(self):
        self.plan.with_user(self.lea).write({"user_id": self.rita.id, "plan_time": 9})
        self.assertEqual(self.plan.uuid, self.uuid)

    def test_an_older_phone_says_nothing_of_the_plan(self):
        self.plan.sudo().unlink()
        there = {"visit_uuid": self.uuid, "visit_id": self.plan_id, "partner_id": self.dragon.id}
        begin = self._event("visit.check_in", {**there, "position": AT_CUSTOMER})
        self.assertEqual(self._send(begin)[0]["state"], "applied")

    def test_what_is_no_plan_is_refused(self):
        self.plan.sudo().unlink()
        there = {"visit_uuid": str(uuid4()), "visit_id": self.plan_id}
        there |= {"partner_id": self.dragon.id, "position": AT_CUSTOMER}
        for plan in ({"type_id": "x"}, {"channel": 5}):
            answer = self._send(self._event("visit.check_in", {**there, "plan": plan}))[0]
            self.assertEqual((answer["state"], answer["code"]), ("rejected", "bad_payload"))
        strange = {"type_id": 10**8, "sop_id": 10**8, "channel": "telepathy"}
        answer = self._send(self._event("visit.check_in", {**there, "plan": strange}))[0]
        self.assertEqual(answer["state"], "applied")
        visit = self.env["field.visit"].search([("uuid", "=", there["visit_uuid"])])
        self.assertEqual((visit.channel, visit.sop_id), ("on_site", self.sop))
