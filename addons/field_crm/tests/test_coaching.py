from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .pipeline import EXPERT, PipelineCommon


@tagged("post_install", "-at_install")
class TestStalled(PipelineCommon):
    def _born(self, deal, days):
        moment = fields.Datetime.now() - timedelta(days=days, hours=1)
        deal.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s, date_last_stage_update = %s WHERE id = %s",
            (moment, moment, deal.id),
        )
        self.env.invalidate_all()

    def _stalled(self, user=None):
        Lead = self.env["crm.lead"].with_user(user or self.leader)
        found = Lead.search([("field_is_stalled", "=", True), ("team_id", "=", self.team.id)])
        self.assertEqual(
            found, Lead.search([("team_id", "=", self.team.id)]).filtered("field_is_stalled")
        )
        return found

    def test_nothing_is_watched_until_somebody_says_so(self):
        self._born(self.deal, 400)
        self.assertFalse(self._stalled())

    def test_silence_counts_from_the_last_verified_contact(self):
        self.first.field_silent_days = 14
        self._born(self.deal, 20)
        self.assertEqual(self._stalled(), self.deal)
        self.assertEqual(self.deal.field_silent_days, 20)
        self.deal.message_post(body="An empty note is no contact")
        self.assertEqual(self._stalled(), self.deal)
        activity = self.deal.activity_schedule("mail.mail_activity_data_call", user_id=self.rep.id)
        self.env.invalidate_all()
        self.assertEqual(self._stalled(), self.deal)
        activity.action_feedback("Talked for ten minutes")
        self.env.invalidate_all()
        self.assertFalse(self._stalled())

    def test_meetings_that_have_begun_count(self):
        self.first.field_silent_days = 14
        self._born(self.deal, 30)
        now = fields.Datetime.now()
        for days, stalled in ((5, True), (-15, True), (-3, False)):
            start = now + timedelta(days=days)
            self.env["calendar.event"].create(
                {
                    "name": "Meeting",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "opportunity_id": self.deal.id,
                }
            )
            self.env.invalidate_all()
            self.assertEqual(bool(self._stalled()), stalled, days)

    def test_visits_count_where_there_are_any(self):
        self.first.field_silent_days = 14
        self._born(self.deal, 30)
        now = fields.Datetime.now()
        self.patch(
            self.registry["crm.lead"],
            "_field_get_last_visits",
            lambda leads: {lead.id: now for lead in leads},
        )
        self.assertFalse(self._stalled())

    def test_rotting_as_odoo_says(self):
        self._born(self.deal, 20)
        self.first.rotting_threshold_days = 10
        self.assertEqual(self._stalled(), self.deal)

    def test_closed_deals_rest_and_each_sees_his_own(self):
        self.first.field_silent_days = 14
        other = self._new_deal("Other", user_id=self.rep2.id)
        lost = self._new_deal("Lost")
        for deal in (self.deal, other, lost):
            self._born(deal, 30)
        lost.action_set_lost()
        self.assertEqual(self._stalled(), self.deal | other)
        self.assertEqual(self._stalled(self.rep2), other)
        self.assertFalse(self._stalled(self.sibling))


@tagged("post_install", "-at_install")
class TestCoachNotes(PipelineCommon):
    def _note(self, user=None, **values):
        vals = {"lead_id": self.deal.id, "body": "Talk to the owner first", **values}
        return self.env["field.coach.note"].with_user(user or self.leader).create(vals)

    def test_answered_by_whom_it_is_for(self):
        note = self._note(user_id=self.rep2.id, state="answered", answer="forged")
        self.assertEqual((note.user_id, note.state, note.answer), (self.rep, "open", False))
        self.assertEqual(self.deal.activity_ids.user_id, self.rep)
        for user in (self.leader, self.rep2):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                note.with_user(user).action_answer("I did")
        mine = note.with_user(self.rep)
        with self.assertRaises(UserError):
            mine.action_answer("  ")
        action = mine.action_open_answer()
        wizard = self.env["field.coach.answer"].with_user(self.rep)
        wizard.with_context(**action["context"]).create({"answer": "On Friday"}).action_answer()
        self.assertEqual((note.answer, note.state), ("On Friday", "answered"))
        self.assertFalse(self.deal.activity_ids)
        with self.assertRaises(UserError):
            mine.action_answer("Again")

    def test_not_answered_goes_one_level_up_once(self):
        top = self._new_user("deal_top", "field_base.field_base_group_leader")
        chief = self.env["hr.employee"].create({"name": "Top", "user_id": top.id})
        self.leader.employee_id.parent_id = chief
        note = self._note(due_on=fields.Date.today() - timedelta(days=1))
        answered = self._note(due_on=fields.Date.today() - timedelta(days=1))
        answered.with_user(self.rep).action_answer("Done")
        in_time = self._note()
        self.env["field.coach.note"]._cron_escalate()
        self.env["field.coach.note"]._cron_escalate()
        self.assertEqual((note.state, note.escalated_to_id), ("escalated", top))
        self.assertEqual((answered.state, in_time.state), ("answered", "open"))
        escalated = self.deal.activity_ids.filtered(lambda activity: activity.user_id == top)
        self.assertEqual(len(escalated), 1)
        note.with_user(self.rep).action_answer("Late, but here")
        self.assertEqual(note.state, "answered")
        told = self.env["field.notice"].search([("body", "ilike", "Late, but here")])
        self.assertEqual((told.user_id, told.author_id), (self.leader | top, self.rep))

    def test_join_and_expert_open_the_deal(self):
        self._note(kind="join")
        self.assertEqual(self.deal.field_member_ids.user_id, self.leader)
        expert = self._new_user("deal_expert", EXPERT)
        with self.assertRaises(UserError):
            self._note(kind="expert")
        self._note(kind="expert", expert_id=expert.id)
        self.assertTrue(self.deal.with_user(expert).has_access("read"))

    def test_only_leaders_of_the_salesperson_coach(self):
        for user in (self.rep, self.rep2, self.sibling):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                self._note(user)
        with self.assertRaises(UserError):
            self._note(lead_id=self._new_deal("Nobody's", user_id=False).id)

    def test_notes_are_not_rewritten(self):
        note = self._note()
        for user in (self.leader, self.rep):
            with self.assertRaises(UserError):
                note.with_user(user).write({"body": "I never said that"})
            with self.assertRaises(AccessError):
                note.with_user(user).unlink()

    def test_who_reads_them(self):
        note = self._note()
        for user, sees in (
            (self.rep, True),
            (self.rep2, False),
            (self.leader, True),
            (self.sibling, False),
        ):
            found = self.env["field.coach.note"].with_user(user).search([])
            self.assertEqual(note in found, sees, user.login)

    def test_the_button_opens_the_dialog(self):
        action = (
            self.deal.with_user(self.leader).with_context(field_coach_kind="plan")
        ).action_field_coach()
        form = Form(
            self.env["field.coach.note"].with_user(self.leader).with_context(**action["context"])
        )
        form.body = "By when?"
        self.assertEqual(form.save().kind, "plan")
