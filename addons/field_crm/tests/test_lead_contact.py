import uuid
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .recycle import DAY, HOUR, MONDAY, RecycleCommon


@tagged("post_install", "-at_install")
class TestLeadContact(RecycleCommon):
    """Kind ``lead.contact`` of the journal: what the phone notes moves the same clocks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.device = cls.env["field.device"].create(
            {"name": "Phone", "uuid": str(uuid.uuid4()), "user_id": cls.rep.id}
        )

    def _send(self, at, captured=None, **payload):
        values = {"lead_id": self.lead.id, "way": "call", "result": "interested", "note": "Wants 3"}
        event = {
            "uuid": str(uuid.uuid4()),
            "seq": 0,
            "kind": "lead.contact",
            "captured_at": (captured or at).isoformat() + "Z",
            "payload": {k: v for k, v in {**values, **payload}.items() if v is not None},
        }
        with freeze_time(at), patch.object(self.env.cr, "now", lambda: at):
            answer = self.env["field.event"].sudo()._sync(self.device.sudo(), [event])
            self.env.flush_all()
        return answer["results"][0]

    def test_call_with_a_result_stops_the_first_clock(self):
        self._claim()
        result = self._send(MONDAY + HOUR)
        self.assertEqual((result["state"], result["ref"]), ("applied", f"crm.lead,{self.lead.id}"))
        self.assertEqual(self.lead.field_contact_at, MONDAY + HOUR)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + 15 * DAY)
        self.assertIn("Interested: Wants 3", self.lead.message_ids[0].body)
        self.assertEqual(self.lead.message_ids[0].author_id, self.rep.partner_id)

    def test_talk_and_answered_message_are_contact_by_data(self):
        self._claim()
        self._send(MONDAY + HOUR, way="message", note="Sure")  # shorter than its rule asks for
        self.assertFalse(self.lead.field_contact_at)
        self._send(MONDAY + 2 * HOUR, way="meeting")
        self.assertEqual(self.lead.field_contact_at, MONDAY + 2 * HOUR)
        self.assertFalse(self.lead.field_followup_at, "a talk without evidence is no follow-up")

    def test_nobody_reached_is_a_note_and_stops_nothing(self):
        self._claim()
        result = self._send(MONDAY + HOUR, result="no_answer", note="Rang for a long time")
        self.assertEqual(result["state"], "applied")
        self.assertEqual(self.lead.field_recycle_at, MONDAY + DAY)
        self.assertIn("Nobody reached: Rang for a long time", self.lead.message_ids[0].body)
        self.assertEqual(self.lead.message_ids[0].subtype_id, self.env.ref("mail.mt_note"))

    def test_sent_later_says_when_it_was(self):
        self._claim()
        self._send(MONDAY + 6 * HOUR, captured=MONDAY + HOUR)
        self.assertIn("Wants 3 (", self.lead.message_ids[0].body)
        self._send(MONDAY + 6 * HOUR + timedelta(minutes=1))
        self.assertNotIn("Wants 3 (", self.lead.message_ids[0].body)

    def test_next_step_is_planned(self):
        self._claim()
        self._send(MONDAY + HOUR, next_on="2026-11-19")
        planned = self.lead.activity_ids
        self.assertEqual((planned.user_id, str(planned.date_deadline)), (self.rep, "2026-11-19"))
        self.assertEqual(planned.activity_type_id, self.call)

    def test_refusals(self):
        self._claim(user=self.rep2)
        self.assertEqual(self._send(MONDAY + HOUR)["code"], "not_yours")
        self.assertEqual(self._send(MONDAY + HOUR, lead_id=2**31 - 1)["code"], "not_yours")
        self.assertEqual(self._send(MONDAY + HOUR, lead_id=0)["code"], "bad_payload")
        self._claim(lead=self.lead2)
        mine = {"lead_id": self.lead2.id}
        for wrong, code in (
            ({"note": " ok "}, "note_missing"),
            ({"note": None}, "note_missing"),
            ({"way": "pigeon"}, "bad_payload"),
            ({"result": "married"}, "bad_payload"),
            ({"note": "x" * 2001}, "bad_payload"),
            ({"next_on": "soon"}, "bad_payload"),
        ):
            result = self._send(MONDAY + HOUR, **(mine | wrong))
            self.assertEqual((result["state"], result["code"]), ("rejected", code), wrong)
        self.assertFalse(self.lead2.activity_ids | self.lead.activity_ids)
