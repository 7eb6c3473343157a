import base64
import hashlib
from uuid import uuid4

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, FAR, VisitCase
from .test_steps import PNG


class SyncCommon:
    """A phone in the tests: numbers its events and keeps the clock."""

    @classmethod
    def _set_up_phone(cls, user=None):
        cls.device = cls.env["field.device"].create(
            {"name": "Phone", "user_id": (user or cls.rita).id}
        )
        cls.seq = 0

    def _event(self, kind, payload, at="2026-11-23T01:30:00.000Z", uuid=None):
        type(self).seq += 1
        return {
            "uuid": uuid or str(uuid4()),
            "seq": self.seq,
            "kind": kind,
            "captured_at": at,
            "payload": payload,
        }


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestSync(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()

    def _send(self, *events):
        answer = self.env["field.event"]._sync(self.device, list(events))
        return answer["results"]

    def _one(self, kind, payload, **kwargs):
        return self._send(self._event(kind, payload, **kwargs))[0]

    def _visit(self, uuid):
        return self.env["field.visit"].search([("uuid", "=", uuid)])

    def test_visit_goes_to_another_day_for_a_reason(self):
        visit = self._plan(plan_time=9.5, source="rule")
        planned = visit.plan_date
        busy = self.env["field.visit.reason"].create({"name": "Stocktaking", "usage": "cancel"})
        there = {"visit_id": visit.id, "date": "2026-11-27", "reason_id": busy.id}
        self.assertEqual(self._one("visit.move", there)["state"], "applied")
        self.assertEqual((visit.state, visit.plan_date.isoformat()), ("planned", "2026-11-27"))
        self.assertEqual((visit.moved_from, visit.move_reason_id), (planned, busy))
        self.assertTrue(visit.plan_touched, "no rule moves or drops it any more")
        self.assertFalse(visit.plan_time, "the time is to be agreed again")
        self.assertIn("Stocktaking", "".join(visit.message_ids.mapped("body")))
        self.assertEqual(self._one("visit.move", there)["state"], "applied", "again is nothing")
        self._one("visit.move", {**there, "date": "2026-11-28"})
        self.assertEqual(visit.moved_from, planned, "what was planned at first")

    def test_moves_that_are_refused(self):
        visit, other = self._plan(), self._plan(user=self.ravi)
        right = {"visit_id": visit.id, "date": "2026-11-27", "reason": "Rain"}
        cases = [
            ({"date": "2026-11-20"}, "bad_day"),
            ({"date": "2027-06-01"}, "bad_day"),
            ({"date": "soon"}, "bad_payload"),
            ({"reason": " "}, "reason_required"),
            ({"visit_id": other.id}, "not_found"),
        ]
        for wrong, code in cases:
            with self.subTest(wrong=wrong):
                answer = self._one("visit.move", {**right, **wrong})
                self.assertEqual((answer["state"], answer["code"]), ("rejected", code))
        visit.action_check_in(AT_CUSTOMER)
        self.assertEqual(self._one("visit.move", right)["code"], "wrong_state")

    def test_answered_hours_later_it_keeps_its_time(self):
        self._policy(fence_mode="hard")
        uuid = str(uuid4())
        there = {"visit_uuid": uuid, "partner_id": self.dragon.id, "position": FAR}
        refused = self._event("visit.check_in", there, at="2026-11-22T23:00:00.000Z")
        over = {"visit_uuid": uuid}
        out = self._event("visit.check_out", over, at="2026-11-22T23:30:00.000Z")
        answers = self._send(refused, out)
        self.assertEqual([answer["code"] for answer in answers], ["outside_fence", "waiting"])
        elsewhere = self._plan(partner=self.lucky)
        elsewhere.action_check_in(None, reason="x", exception=True)  # he is somewhere else by now
        more = {"reason": "They moved", "exception": True, "again_of": refused["uuid"]}
        answer = self._one("visit.check_in", {**there, **more}, at="2026-11-23T03:58:00.000Z")
        self.assertEqual(answer["state"], "applied")
        visit = self._visit(uuid)
        self.assertEqual(str(visit.check_in_at), "2026-11-22 23:00:00")
        self.assertEqual((visit.duration_min, visit.end_source), (30, "user"))
        self.assertEqual(elsewhere.state, "in_progress")

    def test_step_is_answered_again(self):
        uuid = str(uuid4())
        where = {"visit_uuid": uuid, "partner_id": self.dragon.id, "position": AT_CUSTOMER}
        step = {"visit_uuid": uuid, "step_key": "look"}
        events = [
            self._event("visit.check_in", where),
            self._event("visit.step_done", {**step, "note": "a slip"}),
            self._event("visit.step_reopen", step),
            self._event("visit.step_done", {**step, "note": ""}),
        ]
        self.assertEqual({one["state"] for one in self._send(*events)}, {"applied"})
        look = self.env["field.visit"].search([("uuid", "=", uuid)]).step_ids[0]
        self.assertEqual((look.key, look.state, look.note), ("look", "done", ""))
        self.assertEqual(self._one("visit.step_reopen", step)["state"], "applied")
        self.assertEqual(look.state, "todo")
        self.assertEqual(
            self._one("visit.step_reopen", step)["state"], "applied", "again is nothing"
        )
        cannot = self._one("visit.step_cannot", {**step, "reason": "Closed"})
        self.assertEqual((cannot["state"], look.state), ("applied", "cannot"))
        out = {"visit_uuid": uuid, "position": AT_CUSTOMER}
        self._one("visit.check_out", out, at="2026-11-23T01:31:00.000Z")
        late = self._one("visit.step_reopen", step, at="2026-11-23T01:45:00.000Z")
        self.assertEqual((late["state"], late["code"]), ("rejected", "not_checked_in"))

    def test_a_whole_visit(self):
        uuid, photo = str(uuid4()), str(uuid4())
        results = self._send(
            self._event(
                "visit.check_in",
                {"visit_uuid": uuid, "partner_id": self.dragon.id, "position": AT_CUSTOMER},
            ),
            self._event(
                "visit.step_done",
                {"visit_uuid": uuid, "step_key": "look", "note": "fine"},
                at="2026-11-23T01:35:00.000Z",
            ),
            self._event(
                "visit.step_done",
                {"visit_uuid": uuid, "step_key": "shelf", "blobs": [photo]},
                at="2026-11-23T01:36:00.000Z",
            ),
            self._event(
                "visit.step_cannot",
                {"visit_uuid": uuid, "step_key": "talk", "reason": "Owner is away"},
                at="2026-11-23T01:37:00.000Z",
            ),
            self._event(
                "visit.check_out",
                {"visit_uuid": uuid, "position": AT_CUSTOMER, "note": "done"},
                at="2026-11-23T01:50:00.000Z",
            ),
        )
        self.assertEqual([result["state"] for result in results], ["applied"] * 5)
        visit = self._visit(uuid)
        self.assertEqual(results[0]["ref"], f"field.visit,{visit.id}")
        self.assertEqual((visit.state, visit.user_id, visit.duration_min), ("done", self.rita, 20))
        self.assertEqual(str(visit.check_in_at), "2026-11-23 01:30:00")
        self.assertEqual((visit.check_in_source, visit.check_out_source), ("app", "app"))
        self.assertEqual(visit.check_in_event_id.uuid, results[0]["uuid"])
        self.assertEqual(visit.check_out_event_id.uuid, results[4]["uuid"])
        self.assertEqual(visit.step_ids.mapped("state"), ["done", "done", "cannot", "todo"])
        self.assertTrue(visit.is_unplanned)

    def test_the_same_event_again_gives_the_first_answer(self):
        uuid = str(uuid4())
        event = self._event(
            "visit.check_in",
            {"visit_uuid": uuid, "partner_id": self.dragon.id, "position": AT_CUSTOMER},
        )
        first = self._send(event)
        self.assertEqual(self._send(event, event), first * 2)
        self.assertEqual(len(self._visit(uuid)), 1)

    def test_order_does_not_matter_in_the_end(self):
        uuid = str(uuid4())
        check_in = self._event(
            "visit.check_in",
            {"visit_uuid": uuid, "partner_id": self.dragon.id, "position": AT_CUSTOMER},
        )
        step = self._event(
            "visit.step_done",
            {"visit_uuid": uuid, "step_key": "look"},
            at="2026-11-23T01:35:00.000Z",
        )
        check_out = self._event(
            "visit.check_out", {"visit_uuid": uuid}, at="2026-11-23T01:50:00.000Z"
        )
        self.assertEqual(self._send(check_out)[0]["state"], "waiting")
        self.assertEqual(self._send(step)[0]["state"], "waiting")
        self.assertEqual(self._send(check_in)[0]["state"], "applied")
        visit = self._visit(uuid)
        self.assertEqual((visit.state, visit.duration_min), ("done", 20))
        self.assertEqual(self._step(visit, "look").state, "done")

    def test_planned_visit_is_taken_over_by_id(self):
        plan = self._plan(plan_date="2026-11-23")
        uuid = str(uuid4())
        result = self._one(
            "visit.check_in",
            {"visit_uuid": uuid, "visit_id": plan.id, "position": AT_CUSTOMER},
        )
        self.assertEqual(result["ref"], f"field.visit,{plan.id}")
        self.assertEqual(plan.uuid, uuid)
        self.assertFalse(plan.is_unplanned)

    def test_planned_visit_is_found_by_customer_and_day(self):
        plan = self._plan(plan_date="2026-11-23")
        result = self._one(
            "visit.check_in",
            {"visit_uuid": str(uuid4()), "partner_id": self.dragon.id, "position": AT_CUSTOMER},
        )
        self.assertEqual(result["ref"], f"field.visit,{plan.id}")

    def test_visit_begun_on_another_device_is_a_conflict(self):
        plan = self._plan(plan_date="2026-11-23")
        plan.action_check_in(AT_CUSTOMER)
        result = self._one(
            "visit.check_in",
            {"visit_uuid": str(uuid4()), "visit_id": plan.id, "position": AT_CUSTOMER},
        )
        self.assertEqual(result["state"], "conflict")
        self.assertEqual(result["server"]["visit_uuid"], plan.uuid)

    def test_refusals_carry_their_code(self):
        self._policy(fence_mode="hard")
        other = self._plan(user=self.ravi)
        dragon = {"visit_uuid": str(uuid4()), "partner_id": self.dragon.id}
        cases = [
            ("visit.check_in", {**dragon, "position": FAR}, "outside_fence"),
            ("visit.check_in", dragon, "no_position"),
            ("visit.check_in", {**dragon, "position": {"lat": 91, "lng": 0}}, "bad_position"),
            ("visit.check_in", {**dragon, "position": AT_CUSTOMER, "reason": 7}, "bad_payload"),
            ("visit.check_in", {"partner_id": self.dragon.id}, "bad_payload"),
            ("visit.check_in", {"visit_uuid": str(uuid4())}, "bad_payload"),
            ("visit.check_in", {"visit_uuid": "x", "partner_id": 1}, "bad_payload"),
            ("visit.check_in", {"visit_uuid": str(uuid4()), "partner_id": 0x7FFFFFF}, "not_found"),
            ("visit.check_in", {"visit_uuid": str(uuid4()), "visit_id": other.id}, "not_found"),
            ("visit.check_in", {"visit_uuid": other.uuid, "partner_id": 1}, "forbidden"),
            ("visit.cancel", {"visit_id": other.id, "reason": "x"}, "not_found"),
            ("visit.cancel", {"visit_uuid": str(uuid4())}, "bad_payload"),
        ]
        for kind, payload, code in cases:
            with self.subTest(kind=kind, payload=payload):
                result = self._one(kind, payload)
                self.assertEqual((result["state"], result.get("code")), ("rejected", code))
                self.assertTrue(result["message"])
        mine = [("user_id", "=", self.rita.id), ("check_in_at", "!=", False)]
        self.assertFalse(self.env["field.visit"].search(mine))

    def test_open_visit_is_refused_or_closed_as_the_phone_says(self):
        first, second = str(uuid4()), str(uuid4())
        self._one(
            "visit.check_in",
            {"visit_uuid": first, "partner_id": self.dragon.id, "position": AT_CUSTOMER},
        )
        payload = {"visit_uuid": second, "partner_id": self.nowhere.id, "position": FAR}
        later = "2026-11-23T02:10:00.000Z"
        result = self._one("visit.check_in", payload, at=later)
        self.assertEqual((result["state"], result["code"]), ("rejected", "open_visit"))
        self.assertFalse(self._visit(second))
        result = self._one("visit.check_in", {**payload, "close_previous": True}, at=later)
        self.assertEqual(result["state"], "applied")
        self.assertEqual(self._visit(first).end_source, "next_visit")
        self.assertEqual(self._visit(first).duration_min, 40)

    def test_unknown_and_strange_steps(self):
        uuid = str(uuid4())
        self._one(
            "visit.check_in",
            {"visit_uuid": uuid, "partner_id": self.dragon.id, "position": AT_CUSTOMER},
        )
        for payload, code in (
            ({"visit_uuid": uuid, "step_key": "dance"}, "not_found"),
            ({"visit_uuid": uuid}, "not_found"),
            ({"visit_uuid": uuid, "step_key": "shelf"}, "photos_missing"),
            ({"visit_uuid": uuid, "step_key": "shelf", "blobs": ["../etc"]}, "bad_payload"),
            ({"visit_uuid": uuid, "step_key": "shelf", "blobs": [1]}, "bad_payload"),
            ({"visit_uuid": uuid, "step_key": "talk"}, "note_required"),
        ):
            with self.subTest(payload=payload):
                result = self._one("visit.step_done", payload)
                self.assertEqual((result["state"], result["code"]), ("rejected", code))

    def test_cancel_by_uuid_or_id(self):
        first, second = self._plan(), self._plan()
        self._one("visit.cancel", {"visit_uuid": first.uuid, "reason": "Rain"})
        self._one("visit.cancel", {"visit_id": second.id, "reason": "Rain"})
        self.assertEqual((first.state, second.state), ("cancelled", "cancelled"))
        waiting = self._one("visit.cancel", {"visit_uuid": str(uuid4()), "reason": "Rain"})
        self.assertEqual(waiting["state"], "waiting")

    def test_late_day_gives_the_same_as_in_time(self):
        """The night closes the visit; the phone's own events of that day still count."""
        uuid = str(uuid4())
        with freeze_time("2026-11-20 03:00:00"):
            self._one(
                "visit.check_in",
                {"visit_uuid": uuid, "partner_id": self.dragon.id, "position": AT_CUSTOMER},
                at="2026-11-20T03:00:00.000Z",
            )
        visit = self._visit(uuid)
        visit._do_close_forgotten()
        self.assertEqual(visit.end_source, "auto")
        results = self._send(
            self._event(
                "visit.step_done",
                {"visit_uuid": uuid, "step_key": "look"},
                at="2026-11-20T03:10:00.000Z",
            ),
            self._event("visit.check_out", {"visit_uuid": uuid}, at="2026-11-20T03:30:00.000Z"),
        )
        self.assertEqual([result["state"] for result in results], ["applied", "applied"])
        self.assertEqual((visit.end_source, visit.duration_min), ("user", 30))

    def _visit_by_two_clocks(self, steady_min, run="life"):
        uuid = str(uuid4())
        position = {"partner_id": self.dragon.id, "position": AT_CUSTOMER}
        begin = self._event("visit.check_in", {"visit_uuid": uuid, **position})
        end = self._event("visit.check_out", {"visit_uuid": uuid}, at="2026-11-23T02:10:00.000Z")
        begin |= {"run": "life", "mono_ms": 5000}
        end |= {"run": run, "mono_ms": 5000 + steady_min * 60000}
        self.assertEqual([one["state"] for one in self._send(begin, end)], ["applied"] * 2)
        return self._visit(uuid)

    def test_length_is_kept_by_both_clocks(self):
        visit = self._visit_by_two_clocks(12)
        self.assertEqual((visit.duration_min, visit.duration_device_min), (40, 12))
        self.assertIn("40 minutes (12 by the phone", visit.duration_summary)
        visit = self._visit_by_two_clocks(39)
        self.assertEqual((visit.duration_device_min, visit.duration_summary), (39, "40 minutes"))

    def test_clock_of_another_life_of_the_app_says_nothing(self):
        visit = self._visit_by_two_clocks(12, run="another")
        self.assertEqual((visit.duration_device_min, visit.duration_summary), (0, "40 minutes"))

    def test_change_of_a_customer_is_proposed(self):
        values = {"partner_id": self.dragon.id, "values": {"name": "Silver"}, "reason": "New sign"}
        result = self._one("customer.propose", values)
        self.assertEqual(result["state"], "applied")
        change = self.env["field.partner.change"].search([("partner_id", "=", self.dragon.id)])
        self.assertEqual((change.user_id, change.state), (self.rita, "open"))
        for bad in ({"partner_id": self.dragon.id}, {**values, "values": {"user_id": 1}}):
            self.assertEqual(self._one("customer.propose", bad)["code"], "bad_payload")
        gone = self._one("customer.propose", {**values, "partner_id": 10**8})
        self.assertEqual(gone["code"], "not_found")

    def test_customer_found_on_the_way_is_added_once(self):
        event = self._event("customer.add", {"name": "Corner", "lat": 31.2, "lng": 121.4})
        first, second = self._send(event)[0], self._send(event)[0]
        self.assertEqual(first["state"], "applied")
        self.assertEqual(second["ref"], first["ref"])
        partner = self.env["res.partner"].search([("name", "=", "Corner")])
        self.assertEqual((len(partner), partner.user_id), (1, self.rita))

    def _street(self, **more):
        """The events of a customer found on the street and of the visit that begins there."""
        customer, visit = str(uuid4()), str(uuid4())
        added = {"name": "Corner", "lat": 31.2, "lng": 121.4, "customer_uuid": customer, **more}
        place = {"lat": 31.2, "lng": 121.4, "accuracy": 8.0, "fix_age": 1.0}
        begun = {"visit_uuid": visit, "customer_uuid": customer, "position": place}
        return self._event("customer.add", added), self._event("visit.check_in", begun), visit

    def test_visit_at_a_customer_who_was_just_added(self):
        added, begun, uuid = self._street()
        self.assertEqual([r["state"] for r in self._send(added, begun)], ["applied"] * 2)
        visit = self._visit(uuid)
        self.assertEqual((visit.partner_id.name, visit.check_in_verdict), ("Corner", "inside"))
        self.assertEqual((visit.partner_id.user_id, visit.state), (self.rita, "in_progress"))

    def test_check_in_waits_for_the_customer(self):
        added, begun, uuid = self._street()
        self.assertEqual(self._send(begun)[0]["state"], "waiting")
        self.assertEqual(self._send(added)[0]["state"], "applied")
        self.assertEqual(self._visit(uuid).partner_id.name, "Corner")

    def test_customer_is_added_once_by_his_name_on_the_phone(self):
        added, _begun, _uuid = self._street()
        again = self._event("customer.add", added["payload"])
        first, second = self._send(added, again)
        self.assertEqual(first["ref"], second["ref"])

    def test_customer_named_by_somebody_elses_phone_is_none(self):
        added, begun, _uuid = self._street()
        self._send(added)
        self.env["res.partner"].search([("name", "=", "Corner")]).flush_recordset()
        self.env.cr.execute(
            "UPDATE res_partner SET create_uid = %s WHERE name = 'Corner'", [self.olga.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self._send(begun)[0]["state"], "waiting")

    def test_photo_of_the_sign_before_and_after_its_event(self):
        raw = base64.b64decode(PNG)
        for early in (True, False):
            sign = str(uuid4())
            added, _begun, _uuid = self._street(sign_blob=sign, name=f"Corner {early}")
            steps = [lambda s=sign: self._store(s, raw), lambda a=added: self._send(a)]
            for step in steps if early else reversed(steps):
                step()
            partner = self.env["res.partner"].search([("name", "=", f"Corner {early}")])
            with self.subTest(early=early):
                self.assertTrue(partner.image_1920)

    def test_photo_of_somebody_else_is_no_sign(self):
        sign = str(uuid4())
        others = self.env["field.device"].create({"name": "Other", "user_id": self.olga.id})
        self._store(sign, base64.b64decode(PNG), others)
        added, _begun, _uuid = self._street(sign_blob=sign)
        self._send(added)
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Corner")]).image_1920)

    def _store(self, uuid, raw, device=None):
        digest = hashlib.sha256(raw).hexdigest()
        return self.env["field.blob"]._store(device or self.device, uuid, raw, "image/png", digest)
