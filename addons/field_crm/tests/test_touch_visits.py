import uuid
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .recycle import DAY, HOUR, MONDAY, RecycleCommon

NOTE = "Brought samples to their chef, he tries them until Friday"


@tagged("post_install", "-at_install")
class TestTouchVisits(RecycleCommon):
    """A visit that is verified is a real follow-up; the clocks, the conditions of stages and the
    list of stalled deals mean the same by it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "field.visit" not in cls.env:
            cls.skipTest(cls, "visits are optional")
        company = cls.env["res.partner"].create({"name": "Corner Ltd.", "is_company": True})
        cls.branch, cls.buyer = cls.env["res.partner"].create(
            [{"name": name, "parent_id": company.id} for name in ("Branch", "Buyer")]
        )
        cls.lead.partner_id = cls.buyer

    def _visit(self, at, minutes=30, user=None, partner=None, **values):
        """A visit as check-in and check-out leave it."""
        visit = self.env["field.visit"].create(
            {"partner_id": (partner or self.branch).id, "user_id": (user or self.rep).id}
        )
        visit._with_evidence().write(
            {
                "state": "done",
                "check_in_verdict": "inside",
                "check_in_at": at,
                "check_out_at": at + timedelta(minutes=minutes),
                **values,
            }
        )
        self.env.flush_all()
        return visit

    def _look(self, at):
        with freeze_time(at):
            self.lead._look_at_touches()
            return self.lead.field_followup_at

    def test_verified_visit_is_contact_and_follow_up(self):
        self._claim()
        self._visit(MONDAY + HOUR)
        end = MONDAY + HOUR + timedelta(minutes=30)
        self.assertEqual(self._look(MONDAY + 2 * HOUR), end)
        self.assertEqual(self.lead.field_contact_at, end)
        self.assertFalse(self.lead.field_contact_deadline)
        self.assertEqual(self.lead.field_recycle_at, end + 15 * DAY)

    def test_visit_that_proves_nothing_is_nothing(self):
        self._claim()
        for values in (
            {"check_in_verdict": "outside"},
            {"presence_state": "contradicted"},
            {"minutes": 5, "min_minutes": 15},
            {"channel": "phone"},
            {"state": "in_progress"},
            {"user": self.rep2},
            {"partner": self.leader.partner_id},
            {"at": MONDAY - DAY},
        ):
            self._visit(**{"at": MONDAY + HOUR, **values})
            self.assertFalse(self._look(MONDAY + 2 * HOUR), values)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + DAY)

    def test_corrected_pin_and_track_prove_it_later(self):
        self._claim()
        visit = self._visit(MONDAY + HOUR, check_in_verdict="outside")
        self.assertFalse(self._look(MONDAY + 2 * HOUR))
        visit._with_evidence().fence_now = "inside"
        self.assertTrue(self._look(MONDAY + 3 * HOUR))

    def test_shortest_visit_is_data(self):
        self.env.ref("field_crm.touch_rule_visit").min_minutes = 45
        self._claim()
        self._visit(MONDAY + HOUR, minutes=30)
        self.assertFalse(self._look(MONDAY + 2 * HOUR))
        self._visit(MONDAY + 3 * HOUR, minutes=45)
        self.assertTrue(self._look(MONDAY + 4 * HOUR))

    def test_sweep_sees_the_visit_inside_the_lock(self):
        self._claim()
        self._visit(MONDAY + HOUR)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + DAY, "nobody has looked yet")
        self._sweep(MONDAY + 2 * DAY)
        self.assertEqual(self.lead.user_id, self.rep)

    def test_check_out_on_the_phone_moves_the_countdown_at_once(self):
        self._claim()
        device = self.env["field.device"].create(
            {"name": "Phone", "uuid": str(uuid.uuid4()), "user_id": self.rep.id}
        )
        start = MONDAY + HOUR
        visit = self.env["field.visit"].create(
            {"partner_id": self.branch.id, "user_id": self.rep.id}
        )
        visit._with_evidence().write(
            {
                "uuid": str(uuid.uuid4()),
                "state": "in_progress",
                "check_in_verdict": "inside",
                "check_in_at": start,
            }
        )
        event = {
            "uuid": str(uuid.uuid4()),
            "seq": 0,
            "kind": "visit.check_out",
            "captured_at": (start + HOUR).isoformat() + "Z",
            "payload": {"visit_uuid": visit.uuid},
        }
        now = start + HOUR + timedelta(minutes=1)
        with freeze_time(now), patch.object(self.env.cr, "now", lambda: now):
            answer = self.env["field.event"].sudo()._sync(device.sudo(), [event])["results"][0]
        self.assertEqual(answer["state"], "applied", answer)
        self.assertEqual(self.lead.field_followup_at, visit.check_out_at)
        self.assertEqual(self.lead.field_recycle_at, visit.check_out_at + 15 * DAY)

    def test_conditions_and_silence_mean_the_same_visits(self):
        self.lead.type = "opportunity"
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", (MONDAY, self.lead.id)
        )
        self.lead.invalidate_recordset(["create_date"])
        for values in ({"check_in_verdict": "outside"}, {"minutes": 5, "min_minutes": 15}):
            self._visit(MONDAY + HOUR, **values)
        self.assertEqual(self.lead._field_count_verified_visits({})[self.lead.id], 0)
        self.assertFalse(self.lead._field_get_last_visits())
        self._visit(MONDAY + HOUR)
        self.assertEqual(self.lead._field_count_verified_visits({})[self.lead.id], 1)
        self.assertEqual(self.lead._field_get_last_visits()[self.lead.id], MONDAY + HOUR)


@tagged("post_install", "-at_install")
class TestConfirmedNotes(RecycleCommon):
    """What nothing proves counts when the leader confirms it, from the moment it was noted."""

    @contextmanager
    def _at(self, moment):
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: moment):
            yield

    def _ask(self, at, note=NOTE, user=None):
        with self._at(at):
            request = self.lead.with_user(user or self.rep).action_ask_confirmation(note)
            self.env.flush_all()
        return request

    def test_confirmed_note_is_follow_up_since_it_was_written(self):
        self._claim()
        request = self._ask(MONDAY + HOUR)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + DAY, "asked is not confirmed")
        with self._at(MONDAY + 20 * HOUR):
            request.with_user(self.leader).action_grant()
        self.assertEqual(self.lead.field_followup_at, MONDAY + HOUR)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + HOUR + 15 * DAY)
        self.assertFalse(self.lead.field_extensions, "no time was given")

    def test_refused_note_is_nothing(self):
        self._claim()
        request = self._ask(MONDAY + HOUR)
        with self._at(MONDAY + 2 * HOUR):
            request.with_user(self.leader).action_refuse()
        self.assertFalse(self.lead.field_followup_at)
        self.assertEqual(self.lead.field_recycle_at, MONDAY + DAY)

    def test_nobody_confirms_his_own_note(self):
        self._claim()
        request = self._ask(MONDAY + HOUR)
        with self.assertRaises(AccessError):
            request.with_user(self.rep).action_grant()
        with self.assertRaises(AccessError):
            request.with_user(self.rep2).action_grant()

    def test_empty_or_short_note_is_not_taken(self):
        self._claim()
        for note in ("", "   ", False, "ok, was there"):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._ask(MONDAY + HOUR, note)
        with self.assertRaises(UserError):
            self._ask(MONDAY + HOUR, user=self.leader)

    def test_one_note_waits_at_a_time_beside_a_request_for_time(self):
        self._claim()
        self._ask(MONDAY + HOUR)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._ask(MONDAY + HOUR)
        with self._at(MONDAY + 2 * HOUR):
            self.assertFalse(self.lead.with_user(self.rep).field_can_confirm)
            self.assertTrue(self.lead.with_user(self.rep).field_can_extend)
            self.lead.with_user(self.rep).action_ask_extension("Buyer is away")

    def test_whether_notes_count_is_data(self):
        self.env.ref("field_crm.touch_rule_note").active = False
        self._claim()
        self.assertFalse(self.lead.with_user(self.rep).field_can_confirm)
        with self.assertRaises(UserError):
            self._ask(MONDAY + HOUR)

    def test_lead_stays_until_the_leader_answers_two_days_at_most(self):
        self._claim()
        self._ask(MONDAY + 23 * HOUR)
        self._sweep(MONDAY + 2 * DAY)
        self.assertEqual(self.lead.user_id, self.rep)
        self._sweep(MONDAY + 3 * DAY)
        self.assertTrue(self.lead.field_in_pool)

    def test_note_of_the_last_owner_is_not_that_of_the_next(self):
        self._claim()
        request = self._ask(MONDAY + HOUR)
        with self._at(MONDAY + 2 * HOUR):
            self.lead.with_user(self.leader).user_id = self.rep2
            request.with_user(self.leader).action_grant()
        self.assertFalse(self.lead.field_followup_at)

    def test_leader_hears_of_every_request_at_once(self):
        self._claim()
        told = []
        self.patch(
            self.registry["crm.lead"],
            "_tell",
            lambda _self, user, subject, body: told.append((user, body)),
        )
        self._ask(MONDAY + HOUR)
        with self._at(MONDAY + HOUR):
            self.lead.with_user(self.rep).action_ask_extension("Buyer is away")
        self.assertEqual(
            told,
            [
                (self.leader, f"{self.lead.name}: {NOTE}"),
                (self.leader, f"{self.lead.name}: Buyer is away"),
            ],
        )

    def test_wizard_asks_for_what_its_button_says(self):
        self._claim()
        context = {"active_ids": self.lead.ids}
        wizard = self.env["field.lead.extend"].with_user(self.rep).with_context(**context)
        with self._at(MONDAY + HOUR):
            wizard.create({"kind": "note", "reason": NOTE}).action_confirm()
            wizard.create({"reason": "Buyer is away"}).action_confirm()
        kinds = self.lead.field_extension_ids.sorted("id").mapped("kind")
        self.assertEqual(sorted(kinds), ["note", "time"])
