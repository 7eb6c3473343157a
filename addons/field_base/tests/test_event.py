import uuid
from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError, InterfaceError
from psycopg2.errors import SerializationFailure

from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    LockError,
    MissingError,
    UserError,
    ValidationError,
)
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.field_event import FieldEvent
from ..tools.errors import FieldConflict, FieldRejected, FieldWaiting
from .common import FieldCase, make_event

APPLY = "odoo.addons.field_base.models.field_event_apply"


def handlers(**by_kind):
    """Give field.event handlers for a test: ``test_x=function(self, payload)``."""
    methods = {f"_apply_test_{name}": method for name, method in by_kind.items()}
    return patch.multiple(FieldEvent, create=True, **methods)


@tagged("post_install", "-at_install")
class TestEvent(FieldCase):
    """What becomes of an event, whatever its handler does."""

    def run_one(self, handler, **kwargs):
        with handlers(x=handler):
            return self.sync([make_event("test.x", **kwargs)])["results"][0]

    def journal(self, result):
        return self.env["field.event"].search([("uuid", "=", result["uuid"])])

    def test_applied(self):
        result = self.run_one(lambda event, payload: event.device_id)
        self.assertEqual(result["state"], "applied")
        self.assertEqual(result["ref"], f"field.device,{self.device.id}")
        event = self.journal(result)
        self.assertEqual((event.res_model, event.res_id), ("field.device", self.device.id))
        self.assertEqual(event.user_id, self.rep)

    def test_handler_without_record(self):
        result = self.run_one(lambda event, payload: None)
        self.assertEqual(result["state"], "applied")
        self.assertNotIn("ref", result)
        for odd in (True, "x", self.env["field.device"], {}):
            self.assertNotIn("ref", self.run_one(lambda event, payload, odd=odd: odd))

    def test_handler_with_several_records(self):
        both = self.device | self.make_device(self.rep)
        result = self.run_one(lambda event, payload: both)
        self.assertEqual(result["ref"], f"field.device,{self.device.id}")

    def test_handler_runs_as_the_person_in_the_devices_company(self):
        seen = {}

        def handler(event, payload):
            seen.update(uid=event.env.uid, su=event.env.su, company=event.env.company)
            seen.update(payload=payload, happened=event.happened_at)

        self.run_one(handler, payload={"a": 1.5})
        self.assertEqual(seen["uid"], self.rep.id)
        self.assertFalse(seen["su"])
        self.assertEqual(seen["company"], self.company)
        self.assertEqual(seen["payload"], {"a": 1.5})

    def test_errors_become_outcomes(self):
        for error, state, code in (
            (FieldRejected("outside_fence", "Too far away."), "rejected", "outside_fence"),
            (UserError("No."), "rejected", "invalid"),
            (ValidationError("No."), "rejected", "invalid"),
            (AccessError("No."), "rejected", "forbidden"),
            (MissingError("No."), "rejected", "not_found"),
        ):
            with self.subTest(error=type(error).__name__):
                result = self.run_one(lambda e, p, error=error: self._raise(error))
                self.assertEqual((result["state"], result["code"]), (state, code))
                self.assertEqual(result["message"], error.args[0])
                self.assertNotIn("ref", result)

    def _raise(self, error):
        raise error

    def test_conflict_brings_the_servers_values(self):
        server = {"state": "done", "at": date(2026, 11, 20)}
        result = self.run_one(lambda e, p: self._raise(FieldConflict(server, "Too late.")))
        self.assertEqual(result["state"], "conflict")
        self.assertEqual(result["server"], {"state": "done", "at": "2026-11-20"})

    def test_a_bug_is_logged_and_rejects_only_its_event(self):
        with self.assertLogs(APPLY, "ERROR") as logs:
            result = self.run_one(lambda event, payload: payload["missing"])
        self.assertIn("KeyError", logs.output[0])
        self.assertEqual((result["state"], result["code"]), ("rejected", "server_error"))
        self.assertNotIn("missing", result["message"])

    def test_broken_constraint_is_told_in_words(self):
        def handler(event, payload):
            event.env["res.partner"].sudo().create({"name": "x", "field_fence_radius": -1})

        with mute_logger("odoo.sql_db"):
            result = self.run_one(handler)
        self.assertEqual((result["state"], result["code"]), ("rejected", "invalid"))
        self.assertEqual(result["message"], "The fence radius must be between 0 and 20,000 m.")

    def test_what_a_rejected_handler_did_is_undone(self):
        def handler(event, payload):
            event.user_id.partner_id.sudo().comment = "half done"
            raise UserError("No.")

        self.run_one(handler)
        self.assertFalse(self.rep.partner_id.comment)

    def test_what_only_a_new_try_can_mend_is_raised(self):
        for error, wanted in (
            (SerializationFailure(), SerializationFailure),
            (InterfaceError("cursor already closed"), InterfaceError),
            (ConcurrencyError("x"), ConcurrencyError),
            (LockError("x"), ConcurrencyError),
        ):
            with self.subTest(error=type(error).__name__), self.assertRaises(wanted):
                self.run_one(lambda e, p, error=error: self._raise(error))

    def test_taken_unique_key_starts_over_once_then_is_refused(self):
        self.env["field.policy"].create(
            {"name": "One", "user_id": self.rep.id, "effective_from": "2026-01-01"}
        )

        def handler(event, payload):
            event.env["field.policy"].sudo().create(
                {"name": "Two", "user_id": event.user_id.id, "effective_from": "2026-01-01"}
            )

        with handlers(x=handler), mute_logger("odoo.sql_db"):
            with self.assertRaises(ConcurrencyError), self.env.cr.savepoint():
                self.sync([make_event("test.x")], final=False)
            result = self.sync([make_event("test.x")], final=True)["results"][0]
        self.assertEqual((result["state"], result["code"]), ("rejected", "invalid"))
        self.assertIn("already a policy", result["message"])

    def test_messages_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        env = self.env(user=self.rep, su=False, context={"lang": "zh_CN"})
        events = [make_event("workday.open", payload={"position": {"lat": 91, "lng": 0}})]
        result = env["field.event"]._sync(self.device.with_env(env), events)["results"][0]
        self.assertEqual(result["code"], "bad_position")
        self.assertRegex(result["message"], r"^纬度")

    def test_journal_is_not_changed_and_not_deleted(self):
        event = self.journal(self.run_one(lambda event, payload: None))
        for values in ({"payload": "{}"}, {"user_id": self.admin.id}, {"hash": "x"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                event.write(values)
        with self.assertRaises(UserError):
            event.unlink()
        with self.assertRaises(UserError):
            event.with_context(field_retention=True).unlink()
        event._erase_evidence("test")
        self.assertFalse(event.exists())

    def test_uuid_is_unique_in_the_database(self):
        event = self.journal(self.run_one(lambda event, payload: None))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            event.copy({"uuid": event.uuid})

    def test_retry_after_repair(self):
        with self.assertLogs(APPLY, "ERROR"):
            result = self.run_one(lambda event, payload: payload["missing"])
        event = self.journal(result)
        with handlers(x=lambda event, payload: event.device_id):
            with self.assertRaises(AccessError):
                event.with_user(self.leader).action_retry()
            event.with_user(self.admin).action_retry()
        self.assertEqual((event.state, event.code, event.message), ("applied", False, False))
        self.assertEqual(event.res_id, self.device.id)

    def test_open_target(self):
        event = self.journal(self.run_one(lambda event, payload: event.device_id))
        action = event.with_user(self.rep).action_open_target()
        self.assertEqual((action["res_model"], action["res_id"]), ("field.device", self.device.id))
        nothing = self.journal(self.run_one(lambda event, payload: None))
        with self.assertRaises(UserError):
            nothing.action_open_target()


@tagged("post_install", "-at_install")
class TestWaiting(FieldCase):
    """Events that come before what they depend on."""

    def setUp(self):
        super().setUp()
        made = self.made = []

        def parent(event, payload):
            made.append(("parent", event.seq))

        def child(event, payload):
            if ("parent", payload["after"]) not in made:
                raise FieldWaiting(payload["visit_uuid"])
            made.append(("child", event.seq))

        self.startPatcher(handlers(parent=parent, child=child))
        self.visit = str(uuid.uuid4())

    def child(self, seq):
        payload = {"visit_uuid": self.visit, "after": 1}
        return make_event("test.child", seq, payload=payload)

    def parent(self):
        return make_event("test.parent", 1, payload={"visit_uuid": self.visit.upper()})

    def test_resolved_when_the_parent_comes(self):
        child = self.child(2)
        first = self.sync([child])["results"][0]
        self.assertEqual((first["state"], first["code"]), ("waiting", "waiting"))
        answer = self.sync([self.parent()])
        self.assertEqual(answer["results"][0]["state"], "applied")
        self.assertEqual([r["uuid"] for r in answer["resolved"]], [child["uuid"]])
        self.assertEqual(answer["resolved"][0]["state"], "applied")
        self.assertEqual(self.sync([child])["results"][0], answer["resolved"][0])

    def test_several_are_resolved_in_their_order(self):
        self.sync([self.child(4)])
        self.sync([self.child(3), self.child(2)])
        self.sync([self.parent()])
        self.assertEqual(self.made, [("parent", 1), ("child", 2), ("child", 3), ("child", 4)])

    def test_waiting_ones_come_before_what_is_newer(self):
        self.sync([self.child(2)])
        newer = make_event("test.parent", 9)
        self.sync([newer, self.parent()])
        self.assertEqual(self.made, [("parent", 1), ("child", 2), ("parent", 9)])

    def test_still_waiting_is_told_again(self):
        child = self.child(2)
        self.sync([child])
        answer = self.sync([child])
        self.assertEqual(answer["results"][0]["state"], "waiting")
        self.assertEqual(answer["duplicates"], [child["uuid"]])

    def test_waiting_for_an_event_itself(self):
        parent = make_event("test.parent", 1)
        child = make_event("test.child", 2, payload={"visit_uuid": parent["uuid"], "after": 1})
        self.sync([child])
        self.sync([parent])
        self.assertEqual(self.made[-1], ("child", 2))

    def test_other_peoples_waiting_events_stay(self):
        other = self.make_device(self.other_rep)
        self.sync([self.child(2)], device=other)
        self.sync([self.parent()])
        waiting = self.env["field.event"].search([("device_id", "=", other.id)])
        self.assertEqual(waiting.state, "waiting")

    def test_closing_a_day_before_its_opening(self):
        opening = make_event("workday.open", 1)
        closing = make_event("workday.close", 2, payload={"workday_uuid": opening["uuid"]})
        self.assertEqual(self.sync([closing])["results"][0]["state"], "waiting")
        answer = self.sync([opening])
        self.assertEqual(answer["resolved"][0]["state"], "applied")
        day = self.env["field.workday"].search([("user_id", "=", self.rep.id)])
        self.assertEqual((day.state, day.open_uuid), ("closed", opening["uuid"]))
