import uuid
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .common import OnThePhone
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


@tagged("post_install", "-at_install")
class TestMoreTimeOnThePhone(OnThePhone, RecycleCommon):
    """Kinds ``lead.extend`` and ``lead.decide``: asked for and decided on the phone."""

    def _ask(self, at=MONDAY + HOUR, lead=None, reason="The buyer is away"):
        lead = lead or self.lead
        return self._send(self.rep, "lead.extend", at, lead_id=lead.id, reason=reason)

    def _decide(self, granted, user=None, at=MONDAY + 2 * HOUR, request=None):
        if not request:
            request = self.lead.field_extension_ids.sorted("id")[-1:]
        values = {"request_id": request.id, "granted": granted}
        return self._send(user or self.leader, "lead.decide", at, **values)

    def _more_time(self):
        return self._rows(self.rep, "my_leads")[self.lead.id]["more_time"]

    def test_asked_and_granted(self):
        self._claim()
        self.assertEqual(self._more_time(), "possible")
        asked = self._ask()
        request = self.lead.field_extension_ids
        self.assertEqual(
            (asked["state"], asked["ref"]), ("applied", f"field.lead.extension,{request.id}")
        )
        self.assertEqual((request.user_id, request.reason), (self.rep, "The buyer is away"))
        self.assertEqual(self._more_time(), "asked")
        row = self._rows(self.leader, "time_asked")[request.id]
        self.assertEqual(
            (row["lead"], row["person"], row["days"]), ("Corner shop", self.rep.name, 7)
        )
        self.assertEqual(row["deadline"], "2026-11-17T01:00:00Z")
        for other in (self.rep, self.rep2):
            self.assertNotIn(request.id, self._rows(other, "time_asked"))
        self.assertEqual(self._decide(True)["state"], "applied")
        self.assertEqual((request.state, request.decided_by_id), ("granted", self.leader))
        self.assertEqual(self.lead.field_recycle_at, MONDAY + 8 * DAY)
        self.assertFalse(self._rows(self.leader, "time_asked"))
        self.assertEqual(self._more_time(), "used")

    def test_a_no_is_an_answer(self):
        """Whom it was refused to asks no second time, until the lead comes to him anew."""
        self._claim()
        self._ask()
        self.assertEqual(self._decide(False)["state"], "applied")
        self.assertEqual(self.lead.field_recycle_at, MONDAY + DAY)
        self.assertEqual(self._more_time(), "used")
        again = self._ask(MONDAY + 3 * HOUR)
        self.assertEqual((again["state"], again["code"]), ("rejected", "no_more_time"))
        self.assertIn("as often as its pool allows one person (1)", again["message"])
        self.pool.extension_max = 2
        self.assertEqual(self._ask(MONDAY + 4 * HOUR)["state"], "applied")
        self._decide(False, at=MONDAY + 5 * HOUR)
        self.assertEqual(self._ask(MONDAY + 6 * HOUR)["code"], "no_more_time")
        self.pool.cooldown_days = 0
        self.lead.with_user(self.rep).action_return_to_pool("Too far")
        self._claim(at=MONDAY + 7 * HOUR)
        anew = self._ask(MONDAY + 8 * HOUR)
        self.assertEqual(anew["state"], "applied", anew)

    def test_what_was_asked_lapses_with_the_lead(self):
        """By hand and by the sweep; the next owner asks for himself."""
        self._claim()
        self._claim(self.lead2)
        self._ask()
        self._ask(lead=self.lead2)
        requests = self.lead.field_extension_ids | self.lead2.field_extension_ids
        self.lead.with_user(self.rep).action_return_to_pool("Too far")
        self._sweep(MONDAY + 4 * DAY)
        self.assertTrue(self.lead2.field_in_pool)
        self.assertEqual(requests.mapped("state"), ["lapsed", "lapsed"])
        self.assertFalse(self._rows(self.leader, "time_asked"))
        self._claim(user=self.rep2, at=MONDAY + 5 * DAY)
        with freeze_time(MONDAY + 5 * DAY + HOUR):
            self.assertFalse(self.lead.with_user(self.rep2)._get_cannot_extend_reason())

    def test_a_pool_that_gives_no_time(self):
        self.pool.extension_max = 0
        self._claim()
        self.assertIsNone(self._more_time())
        self.assertIn("gives no more time", self._ask()["message"])

    def test_refusals(self):
        self._claim()
        for wrong in ({"reason": " "}, {"reason": "x" * 2001}):
            self.assertEqual(self._ask(**wrong)["code"], "bad_payload")
        self.assertEqual(self._ask(lead=self.lead2)["code"], "not_yours")
        self._ask()
        for user in (self.rep, self.rep2, self.outsider):
            self.assertEqual(self._decide(True, user)["code"], "not_leader", user.login)
        nothing = self.env["field.lead.extension"].browse(2**31 - 1)
        self.assertEqual(self._decide(True, request=nothing)["code"], "not_leader")
        self._decide(False)
        late = self._decide(True)
        self.assertEqual(late["code"], "decided")
        self.assertIn(self.leader.name, late["message"])
        self.assertEqual(self.lead.field_recycle_at, MONDAY + DAY)
