from freezegun import freeze_time

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
