"""Calls and mails that were noted, and what is open with customers, by its age."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import VisitCase
from .test_sync import SyncCommon

UUID = "0190b3f4-0000-7000-8000-0000000000a1"
NEXT = "0190b3f4-0000-7000-8000-0000000000a2"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 04:00:00")
class TestContact(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        cls.bought, cls.other = cls.env["field.visit.reason"].create(
            [{"name": "Bought", "usage": "contact"}, {"name": "Seen", "usage": "result"}]
        )

    def _send(self, **payload):
        named = {"uuid": UUID, "partner_id": self.dragon.id, "channel": "call", **payload}
        event = self._event("contact.log", named, at="2026-11-22T17:30:00.000Z")
        return self.env["field.event"]._sync(self.device, [event])["results"][0]

    def _found(self, uuid=UUID):
        Activity = self.env["mail.activity"].with_context(active_test=False)
        return Activity.search([("field_uuid", "=", uuid)])

    def test_call_is_kept_done_with_result_and_next_step(self):
        wanted = {"result_id": self.bought.id, "note": "Two boxes"}
        answer = self._send(**wanted, next="Send the offer", date="2026-11-27", next_uuid=NEXT)
        self.assertEqual(answer["state"], "applied", answer)
        call = self._found()
        self.assertEqual((call.active, call.state, call.user_id), (False, "done", self.rita))
        self.assertEqual((call.field_channel, call.field_result_id), ("call", self.bought))
        self.assertEqual(call.feedback, "Bought · Two boxes")
        self.assertEqual(call.date_done, date(2026, 11, 23), "the day it was for her, in Shanghai")
        todo = self._found(NEXT)
        self.assertEqual((todo.summary, todo.active), ("Send the offer", True))
        self.assertEqual((todo.date_deadline, todo.user_id), (date(2026, 11, 27), self.rita))
        self.assertIn("Two boxes", self.dragon.message_ids[0].body)

    def test_the_same_again_is_the_same_call(self):
        for _time in range(2):
            self.assertEqual(self._send(note="Hello")["state"], "applied")
        self.assertEqual(len(self._found()), 1)

    def test_the_desk_notes_it_too(self):
        action = self.dragon.with_user(self.rita).action_field_note_contact()
        Add = self.env[action["res_model"]].with_user(self.rita).with_context(**action["context"])
        wizard = Add.create(
            {
                "result_id": self.bought.id,
                "note": "Two boxes",
                "next": "Send the offer",
                "date": "2026-11-27",
            }
        )
        for _time in range(2):
            wizard.action_add()
        call = self._found(wizard.uuid)
        self.assertEqual((call.state, call.user_id), ("done", self.rita))
        self.assertEqual(call.feedback, "Bought · Two boxes")
        todo = self.env["mail.activity"].search([("summary", "=", "Send the offer")])
        self.assertEqual((len(todo), todo.date_deadline), (1, date(2026, 11, 27)))

    def test_nonsense_is_refused(self):
        self.assertEqual(self._send(channel="pigeon")["code"], "bad_payload")
        self.assertEqual(self._send(next="Later")["code"], "bad_payload", "it has no name")
        self.assertFalse(self._found(), "nothing is kept of a refused one")
        self.assertEqual(self._send(result_id=self.other.id)["state"], "applied")
        self.assertFalse(self._found().field_result_id, "a visit's result is none of a call")

    def test_leader_counts_calls_by_result(self):
        self._send(result_id=self.bought.id)
        action = self.env.ref("field_visit.field_matter_action_contacts")
        Matter = self.env["field.matter"].with_user(self.lea)
        domain = [("channel", "!=", False), ("user_id", "=", self.rita.id)]
        (row,) = Matter.formatted_read_group(domain, ["result_id"], ["__count"])
        self.assertEqual((row["result_id"][0], row["__count"]), (self.bought.id, 1))
        self.assertIn("channel", action.domain)


@tagged("post_install", "-at_install")
class TestMatter(VisitCase):
    def _promise(self, user, partner, name, day, deadline):
        with freeze_time(day):
            Visit = self.env["field.visit"].with_user(user)
            found = Visit._add_followup(partner, name, date.fromisoformat(deadline))
            found.flush_recordset()
            # the moment of creation is the transaction's, which no test can freeze
            self.env.cr.execute(
                "UPDATE mail_activity SET create_date = %s WHERE id = %s", (day, found.id)
            )
            return found

    def setUp(self):
        super().setUp()
        self.dragon.user_id = self.rita
        self.lucky.user_id = self.olga
        self.old = self._promise(self.ravi, self.dragon, "Old", "2026-07-01", "2026-07-10")
        self.month = self._promise(self.rita, self.dragon, "Month", "2026-11-01", "2026-12-01")
        self.new = self._promise(self.olga, self.lucky, "New", "2026-11-20", "2026-11-25")

    def _matters(self, user, *more):
        mine = [("id", "in", (self.old + self.month + self.new).ids), *more]
        return self.env["field.matter"].with_user(user).search(mine)

    @freeze_time("2026-11-23 04:00:00")
    def test_open_matters_have_an_age(self):
        rows = {row.name: row for row in self._matters(self.dora)}
        self.assertEqual(
            {name: row.age_group for name, row in rows.items()},
            {"Old": "4", "Month": "2", "New": "1"},
        )
        self.assertEqual((rows["Old"].age_days, rows["Old"].late_days), (145, 136))
        self.assertEqual((rows["Month"].age_days, rows["Month"].late_days), (22, 0))
        self.assertEqual([row.name for row in self._matters(self.dora)], ["Old", "Month", "New"])
        self.old.action_feedback()
        self.assertEqual(
            self._matters(self.dora, ("state", "=", "open")).mapped("name"), ["Month", "New"]
        )

    def test_each_opens_its_customer(self):
        row = self._matters(self.lea, ("name", "=", "Old"))
        action = row.action_open()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.dragon.id))

    def test_who_sees_what(self):
        seen = {user: set(self._matters(user).mapped("name")) for user in (self.rita, self.ravi)}
        self.assertEqual(seen[self.rita], {"Old", "Month"}, "also a colleague's, at her customer")
        self.assertEqual(seen[self.ravi], {"Old"}, "his own")
        self.assertEqual(set(self._matters(self.lea).mapped("name")), {"Old", "Month"})
        self.assertEqual(set(self._matters(self.otis).mapped("name")), {"New"})
        self.assertEqual(set(self._matters(self.audra).mapped("name")), {"Old", "Month", "New"})

    def test_phone_knows_what_colleagues_have_open(self):
        App = self.env["field.app"].with_user(self.rita)
        collection = App._collections()["matters"]
        found = App.env[collection.model].search(collection.domain)
        rows = [
            row for row in collection.rows_of(found) if row["id"] in (self.old + self.month).ids
        ]
        self.assertEqual([(row["name"], row["who"]) for row in rows], [("Old", self.ravi.name)])
        self.assertEqual((rows[0]["partner_id"], rows[0]["date"]), (self.dragon.id, "2026-07-10"))
