from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestVisitHandover(VisitCase):
    def _hand_over(self, receivers, **values):
        handover = self.env["field.handover"].with_user(self.lea)
        handover = handover.create(
            {"user_id": self.rita.id, "receiver_ids": [(6, 0, receivers.ids)], **values}
        )
        handover.action_confirm()
        return handover

    def _introduce(self, day="2026-11-25"):
        (self.dragon | self.lucky).user_id = self.rita
        handover = self.env["field.handover"].with_user(self.lea)
        handover = handover.create({"user_id": self.rita.id, "receiver_ids": [(4, self.ravi.id)]})
        handover.action_preview()
        line = handover.line_ids.filtered(lambda one: one.partner_id == self.dragon)
        line.joint_date = day
        return handover, line

    def test_visit_together_with_who_hands_over(self):
        handover, line = self._introduce()
        handover.action_confirm()
        visit = line.joint_visit_id
        self.assertEqual((visit.partner_id, visit.user_id), (self.dragon, self.ravi))
        self.assertEqual((visit.companion_ids, visit.plan_date), (self.rita, date(2026, 11, 25)))
        self.assertTrue(visit.is_joint)
        others = handover.line_ids - line
        self.assertFalse(others.joint_visit_id)
        handover.action_undo()
        self.assertFalse(visit.exists())

    def test_visit_of_that_day_becomes_the_one_together(self):
        visit = self._plan(plan_date="2026-11-25").sudo()
        handover, line = self._introduce()
        handover.action_confirm()
        self.assertFalse(line.joint_visit_id)
        self.assertEqual((visit.user_id, visit.companion_ids), (self.ravi, self.rita))
        handover.action_undo()
        self.assertEqual((visit.user_id, visit.companion_ids.ids), (self.rita, []))

    def test_day_together_is_to_come_and_of_a_customer(self):
        visit = self._plan()
        handover, line = self._introduce("2026-11-22")
        with self.assertRaisesRegex(UserError, "Golden Dragon"):
            handover.action_confirm()
        line.joint_date = False
        other = handover.line_ids.filtered(lambda one: one.res_model == "field.visit")
        self.assertEqual(other.res_id, visit.id)
        with self.assertRaises(UserError):
            other.joint_date = "2026-11-25"

    def test_planned_visits_pass_on(self):
        past = self._plan(plan_date="2026-11-20")
        today, later = self._plan(), self._plan(plan_date="2026-12-01")
        done = self._plan(partner=self.lucky)
        done.action_check_in(AT_CUSTOMER, reason="x")
        done.action_check_out()
        handover = self._hand_over(self.ravi)
        self.assertEqual((today | later).user_id, self.ravi)
        self.assertEqual((past | done).user_id, self.rita)
        handover.action_undo()
        self.assertEqual((today | later).user_id, self.rita)

    def test_of_somebody_away_only_those_of_the_absence(self):
        inside, after = self._plan(plan_date="2026-11-25"), self._plan(plan_date="2026-12-01")
        self._hand_over(self.ravi, reason="away", date_to="2026-11-30")
        self.assertEqual((inside.user_id, after.user_id), (self.ravi, self.rita))

    def test_a_visit_goes_with_its_customer(self):
        self.env["res.partner"].search([("user_id", "=", self.rita.id)]).user_id = False
        (self.dragon | self.lucky).user_id = self.rita
        self.dragon.zip, self.lucky.zip = "2", "1"
        visits = self._plan(partner=self.dragon) | self._plan(partner=self.lucky)
        self._hand_over(self.ravi | self.lea)
        for visit in visits:
            self.assertEqual(visit.user_id, visit.partner_id.user_id)
        self.assertEqual(len(visits.user_id), 2)

    # ---------------------------------------------------------------- what else goes along

    def _state(self, handover, code):
        lines = handover.line_ids.filtered(lambda line: line.code == code)
        return lines.mapped("state")

    def _work(self, user, task=None, **values):
        task = task or self.env["field.task"].create(
            {"name": "Display", "deadline": "2026-11-27", "user_id": self.lea.id, **values}
        )
        vals = {"task_id": task.id, "partner_id": self.dragon.id, "user_id": user.id}
        return self.env["field.task.work"].create(vals)

    def test_work_goes_with_its_visit_and_is_accepted_anew(self):
        work = self._work(self.rita, needs_acceptance=True)
        work._do_accept()
        visit = work.visit_id
        handover = self._hand_over(self.ravi)
        self.assertEqual((work.user_id, work.visit_id.user_id), (self.ravi, self.ravi))
        self.assertEqual((work.state, work.visit_id), ("new", visit))
        self.assertEqual(self._state(handover, "works"), ["moved"])
        work.with_user(self.ravi).action_accept()
        self.assertEqual((work.state, work.visit_id), ("accepted", visit), "planned once")
        handover.action_undo()
        self.assertEqual((work.user_id, visit.user_id), (self.rita, self.rita))

    def test_work_done_or_had_by_the_receiver_stays(self):
        twin = self._work(self.rita)
        self._work(self.ravi, twin.task_id)
        done = self._work(self.rita)
        done._with_step().write({"done_at": "2026-11-20 01:00:00"})
        handover = self._hand_over(self.ravi)
        self.assertEqual((twin | done).user_id, self.rita)
        self.assertEqual(self._state(handover, "works"), ["kept"])

    def test_who_looks_after_a_customer_beside_others(self):
        self.dragon.field_co_owner_ids = self.rita | self.olga
        self._hand_over(self.ravi, reason="away", date_to="2026-11-30")
        self.assertIn(self.rita, self.dragon.field_co_owner_ids, "he comes back")
        handover = self._hand_over(self.ravi)
        self.assertEqual(self.dragon.field_co_owner_ids, self.ravi | self.olga)
        handover.action_undo()
        self.assertEqual(self.dragon.field_co_owner_ids, self.rita | self.olga)

    def test_suggestions_of_the_days_to_come(self):
        def suggest(user, day, partner=self.dragon):
            values = {"user_id": user.id, "partner_id": partner.id, "date": day}
            return self.env["field.suggestion"].create(values)

        past, today = suggest(self.rita, "2026-11-20"), suggest(self.rita, "2026-11-23")
        twin = suggest(self.rita, "2026-11-24")
        suggest(self.ravi, "2026-11-24")
        self._hand_over(self.ravi)
        self.assertEqual(today.user_id, self.ravi)
        self.assertEqual((past | twin).user_id, self.rita)

    def test_drafts_of_period_plans(self):
        Plan = self.env["field.period.plan"].with_user(self.lea)
        vals = {"user_ids": self.rita.ids, "date_from": "2026-11-23", "weeks": 1}
        draft, published = Plan.create([{**vals, "name": "A"}, {**vals, "name": "B"}]).sudo()
        for plan in draft | published:
            vals = {"user_id": self.rita.id, "partner_id": self.dragon.id, "date": "2026-11-25"}
            plan.line_ids = [(0, 0, vals)]
        published.state = "published"
        self._hand_over(self.ravi)
        self.assertEqual(draft.line_ids.user_id, self.ravi)
        self.assertIn(self.ravi, draft.user_ids)
        self.assertIn(self.ravi, draft.person_ids.user_id)
        self.assertEqual(published.line_ids.user_id, self.rita)

    def test_a_line_is_done_by_a_deputy_for_the_time(self):
        line = self.env["field.line"].create(
            {
                "name": "North",
                "user_id": self.rita.id,
                "date_from": "2026-11-23",
                "on_mon": True,
                "stop_ids": [(0, 0, {"partner_id": self.dragon.id})],
            }
        )

        def people():
            line._do_generate()
            visits = self.env["field.visit"].search([("line_id", "=", line.id)])
            return {visit.plan_date.day: visit.user_id for visit in visits}

        self.assertEqual(set(people().values()), {self.rita})
        line.days_ahead = 28
        handover = self._hand_over(
            self.ravi, reason="away", date_from="2026-11-28", date_to="2026-12-10"
        )
        self.assertEqual((line.user_id, line.deputy_id), (self.rita, self.ravi))
        self.assertEqual(
            (line.deputy_from, line.deputy_to), (date(2026, 11, 28), date(2026, 12, 10))
        )
        who = {23: self.rita, 30: self.ravi, 7: self.ravi, 14: self.rita}
        self.assertEqual(people(), who)
        self.assertEqual(self._state(handover, "line_deputies"), ["moved"])
        handover.action_undo()
        self.assertFalse(line.deputy_id | line.sudo().deputy_id)
        self.assertFalse(line.deputy_from)
        self.assertEqual(set(people().values()), {self.rita})
        self._hand_over(self.ravi)
        self.assertEqual((line.user_id, line.deputy_id), (self.ravi, self.env["res.users"]))
