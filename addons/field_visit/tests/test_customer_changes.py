"""What people at the door propose to change on a customer's card, and what becomes of it."""

import base64
import hashlib
from uuid import uuid4

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from ..tools.customer_card import clock, read_contact, read_hours, read_place
from .common import VisitCase
from .test_steps import PNG
from .test_sync import SyncCommon


@tagged("post_install", "-at_install")
class TestCardTools(TransactionCase):
    def test_hours_are_sorted_and_checked(self):
        self.assertEqual(
            read_hours([["2", 9, 12], ["0", 13, 17.5], ["0", 8, 12]]),
            [["0", 8.0, 12.0], ["0", 13.0, 17.5], ["2", 9.0, 12.0]],
        )
        self.assertEqual(read_hours([]), [])
        for bad in (
            "x",
            [["7", 9, 12]],
            [["0", 12, 9]],
            [["0", 9, 25]],
            [["0", True, 9]],
            [[0, 1]],
        ):
            with self.assertRaises(ValueError):
                read_hours(bad)

    def test_contact_and_place(self):
        self.assertEqual(
            read_contact({"name": " Wang Li ", "phone": "", "function": "Owner"}),
            {"name": "Wang Li", "function": "Owner"},
        )
        for bad in (None, {}, {"name": " "}, {"name": 5}, {"name": "x", "is_company": True}):
            with self.assertRaises(ValueError):
                read_contact(bad)
        self.assertEqual(read_place(31, 121.5), (31.0, 121.5))
        for bad in ((91, 0), (0, 181), (None, 5), (float("nan"), 5), (True, 5)):
            with self.assertRaises(ValueError):
                read_place(*bad)
        self.assertEqual((clock(9.5), clock(17.999)), ("9:30", "18:00"))


@tagged("post_install", "-at_install")
class TestChanges(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Change = cls.env["field.partner.change"].with_user(cls.rita)
        cls.channel = cls.env["field.channel"].create({"name": "Pharmacy of the test"})

    def propose(self, **values):
        return self.Change.action_propose(self.dragon.id, values)

    def test_owner_channel_hours_contact_and_entrance(self):
        self.dragon.field_visiting_hours_ids = [
            Command.create({"weekday": "4", "hour_from": 8, "hour_to": 9})
        ]
        change = self.propose(
            user_id=self.ravi.id,
            field_channel_id=self.channel.id,
            visiting_hours=[["1", 13, 17], ["0", 9.5, 12], ["1", 9.5, 12]],
            contact={"name": "Wang Li", "function": "Owner", "phone": "555"},
            field_entrance_lat=31.23,
            field_entrance_lng=121.47,
        )
        self.assertEqual(change.state, "open")
        for line in (
            "Visiting hours: Friday 8:00–9:00 → Monday, Tuesday 9:30–12:00; Tuesday 13:00–17:00",
            "Contact person: – → Wang Li · Owner · 555",
            "Entrance: – → 31.23000, 121.47000",
            "Channel: – → Pharmacy of the test",
            "Salesperson: – → Ravi",
        ):
            self.assertIn(line, change.text.splitlines())
        change.with_user(self.lea).action_apply()
        self.assertEqual(self.dragon.user_id, self.ravi)
        self.assertEqual(self.dragon.field_channel_id, self.channel)
        self.assertEqual(
            self.dragon.field_visiting_hours_ids._as_windows(),
            [["0", 9.5, 12.0], ["1", 9.5, 12.0], ["1", 13.0, 17.0]],
        )
        person = self.dragon.child_ids
        self.assertEqual((person.name, person.function, person.phone), ("Wang Li", "Owner", "555"))
        self.assertEqual(self.dragon.field_entrance_lat, 31.23)

    def test_contact_who_is_there_gets_the_new_number(self):
        person = self.env["res.partner"].create(
            {"name": "Wang Li", "parent_id": self.dragon.id, "function": "Owner", "phone": "1"}
        )
        same = {"contact": {"name": "wang li", "phone": "1"}}
        with self.assertRaises(Exception) as caught:
            self.propose(contact={"name": "Wang Li", "phone": "1"})
        self.assertIn("card says already", str(caught.exception))
        change = self.propose(**same | {"contact": {"name": "Wang Li", "phone": "2"}})
        change.with_user(self.lea).action_apply()
        self.assertEqual((person.phone, person.function), ("2", "Owner"))
        self.assertEqual(self.dragon.child_ids, person)

    def test_what_cannot_be(self):
        portal = self.env["res.users"].create({"name": "Guest", "login": "v_guest_of_shop"})
        portal.write({"group_ids": [Command.set(self.env.ref("base.group_portal").ids)]})
        for values in (
            {"user_id": portal.id},
            {"user_id": True},
            {"user_id": False},
            {"field_channel_id": 10**8},
            {"visiting_hours": [["0", 9, 8]]},
            {"contact": {"phone": "5"}},
            {"field_entrance_lat": 31.0},
            {"field_entrance_lat": 95.0, "field_entrance_lng": 5.0},
            {"phone": "  "},
        ):
            self.assertRejected("bad_payload", self.propose, **values)

    def test_owner_needs_approval_where_identity_does(self):
        self._policy(customer_change="identity")
        self.assertEqual(self.propose(user_id=self.ravi.id).state, "open")
        self.assertEqual(self.propose(contact={"name": "Wang Li"}).state, "applied")

    def test_refused_with_a_reason_that_the_person_reads(self):
        change = self.propose(phone="5550000")
        leader = change.with_user(self.lea)
        with self.assertRaises(UserError):
            leader.action_refuse()
        self.assertEqual(leader.action_open_refuse()["res_id"], change.id)
        with self.assertRaises(AccessError):
            change.with_user(self.rita).answer = "It is fine"
        leader.answer = "The number is right"
        leader.action_refuse()
        [row] = self.env["field.app"].with_user(self.rita)._changes(change.with_user(self.rita))
        self.assertEqual((row["state"], row["answer"]), ("refused", "The number is right"))
        self.assertFalse(self.dragon.phone)
        with self.assertRaises(UserError):
            leader.answer = "Or not"

    def test_phone_keeps_open_ones_and_those_of_a_month(self):
        collection = self.env["field.app"].with_user(self.rita)._collections()["changes"]
        open_one, old, new = (
            self.propose(phone="1"),
            self.propose(phone="2"),
            self.propose(phone="3"),
        )
        (old | new).with_user(self.lea).action_refuse("No")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE field_partner_change SET judged_at = judged_at - interval '40 days'"
            " WHERE id = %s",
            [old.id],
        )
        self.env.invalidate_all()
        ravis = self.Change.with_user(self.ravi).action_propose(self.dragon.id, {"phone": "4"})
        found = self.Change.search(collection.domain)
        self.assertEqual(
            found & (open_one | old | new | ravis.with_user(self.rita)), open_one | new
        )

    def test_desk_proposes_only_what_was_typed_over(self):
        mine = self.dragon.with_user(self.rita)
        # who sells in Odoo, too, writes cards
        self.assertEqual(mine.field_is_mine_to_write, mine.has_access("write"))
        self.assertTrue(self.dragon.field_is_mine_to_write)
        self.dragon.field_visiting_hours_ids = [
            Command.create({"weekday": "4", "hour_from": 8, "hour_to": 9})
        ]
        action = self.dragon.with_user(self.rita).action_field_propose()
        wizard = self.env[action["res_model"]].with_user(self.rita)
        form = Form(wizard.with_context(**action["context"]))
        self.assertEqual(form.name, "Golden Dragon")
        form.phone = "5551234"
        form.contact_name = "Wang Li"
        form.reason = "Their card"
        answer = form.save().action_propose()
        self.assertIn("leader", answer["params"]["message"])
        change = self.Change.search([("partner_id", "=", self.dragon.id)])
        self.assertEqual(change.new_values, {"phone": "5551234", "contact": {"name": "Wang Li"}})
        self.assertEqual(change.reason, "Their card")
        form = Form(wizard.with_context(**action["context"]))
        with self.assertRaises(UserError):
            form.save().action_propose()
        form = Form(wizard.with_context(**action["context"]))
        form.change_hours = True
        form.hours_ids.remove(0)
        form.is_closed = True
        self._policy(customer_change="none")
        answer = form.save().action_propose()
        self.assertIn("Golden Dragon", answer["params"]["message"])
        self.assertEqual(self.dragon.field_life, "closed")
        self.assertFalse(self.dragon.field_visiting_hours_ids)

    def test_files_of_the_desk_are_read_by_the_leader(self):
        file = self.env["ir.attachment"].with_user(self.rita).create({"name": "a", "raw": b"x"})
        wizard = self.env["field.partner.propose"].with_user(self.rita)
        wizard = wizard.with_context(default_partner_id=self.dragon.id)
        wizard.create({"phone": "5", "attachment_ids": [Command.set(file.ids)]}).action_propose()
        change = self.Change.search([("partner_id", "=", self.dragon.id)])
        self.assertEqual(change.with_user(self.lea).attachment_ids.raw, b"x")
        with self.assertRaises(AccessError):
            file.with_user(self.otis).read(["raw"])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestProposedOnThePhone(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()

    def setUp(self):
        super().setUp()
        self.photo, self.name = str(uuid4()), str(uuid4())
        self.payload = {
            "partner_id": self.dragon.id,
            "values": {"field_life": "closed"},
            "uuid": self.name,
            "proof_blob": self.photo,
        }

    def send(self, payload):
        event = self._event("customer.propose", payload)
        return self.env["field.event"]._sync(self.device, [event])["results"][0]

    def upload(self, device=None):
        raw = base64.b64decode(PNG)
        digest = hashlib.sha256(raw).hexdigest()
        store = self.env["field.blob"]._store
        return store(device or self.device, self.photo, raw, "image/png", digest)

    def change(self):
        return self.env["field.partner.change"].search([("uuid", "=", self.name)])

    def test_photo_before_or_after(self):
        for upload_first in (True, False):
            with self.subTest(upload_first=upload_first), self.cr.savepoint() as point:
                if upload_first:
                    self.upload()
                self.assertEqual(self.send(self.payload)["state"], "applied")
                if not upload_first:
                    self.assertFalse(self.change().proof_id)
                    self.upload()
                file = self.change().proof_id
                self.assertEqual(file.raw, base64.b64decode(PNG))
                self.assertEqual(
                    (file.res_model, file.res_id), (self.change()._name, self.change().id)
                )
                self.assertTrue(self.change().with_user(self.lea).proof_image)
                point.rollback()

    def test_the_same_again_is_the_same_proposal(self):
        first, second = self.send(self.payload), self.send(self.payload)
        self.assertEqual((first["state"], second["state"]), ("applied", "applied"))
        self.assertEqual(len(self.change()), 1)
        self.assertEqual(first["ref"], second["ref"])

    def test_photo_of_somebody_else_is_none(self):
        self.send(self.payload)
        other = self.env["field.device"].create({"name": "Other", "user_id": self.ravi.id})
        blob = self.upload(other)
        self.assertFalse(self.change().proof_id)
        self.assertEqual(blob.attachment_id.res_model, "field.blob")

    def test_erased_photo_leaves_the_proposal(self):
        self.send(self.payload)
        blob = self.upload()
        blob._erase_evidence("Test")
        self.env.invalidate_all()
        self.assertFalse(self.change().proof_id)
        self.assertEqual(self.change().state, "open")
