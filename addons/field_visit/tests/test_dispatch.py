from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import METRE, PIN, VisitCase

DAY = date(2026, 11, 24)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestDispatch(VisitCase):
    def _search(self, user=None, **vals):
        dispatch = self.env["field.dispatch"].with_user(user or self.lea)
        dispatch = dispatch.create({"partner_id": self.dragon.id, "date": DAY, **vals})
        dispatch.action_search()
        return dispatch

    def _shop_of(self, user, metres):
        shop = self.env["res.partner"].create(
            {
                "name": f"Shop of {user.name}",
                "partner_latitude": PIN[0] + metres * METRE,
                "partner_longitude": PIN[1],
            }
        )
        return self._plan(user=user, partner=shop, plan_date=DAY)

    def test_nearest_wins_and_says_why(self):
        self._shop_of(self.rita, 1000)
        self._shop_of(self.ravi, 15000)
        lines = self._search().line_ids
        self.assertEqual(lines[0].user_id, self.rita)
        self.assertIn("1.0 km from the day's way (+38)", lines[0].reason)
        self.assertIn("free hours", lines[0].reason)
        self.assertNotIn(self.olga, lines.user_id, "Lea does not lead Olga")
        self.assertLessEqual(len(self._search(self.dora).line_ids), 3)

    def test_who_looks_after_the_customer(self):
        before = {line.user_id: line.score for line in self._search().line_ids}
        self.dragon.user_id = self.ravi
        after = {line.user_id: line.score for line in self._search().line_ids}
        self.assertEqual(after[self.ravi] - before[self.ravi], 20)
        self.assertEqual(after[self.rita], before[self.rita])

    def test_customers_of_the_same_kind(self):
        channel = self.env["field.channel"].create({"name": "Pharmacy"})
        self.dragon.field_channel_id = channel
        self.env["res.partner"].create(
            {"name": "Other pharmacy", "user_id": self.rita.id, "field_channel_id": channel.id}
        )
        line = self._search().line_ids.filtered(lambda line: line.user_id == self.rita)
        self.assertIn("100 % of his customers are of the kind “Pharmacy” (+15)", line.reason)

    def test_customers_with_the_same_tag_or_grade(self):
        tag = self.env["res.partner.category"].create({"name": "Cold chain"})
        self.dragon.category_id = tag
        names = ("One", "Two", "Three", "Four")
        shops = self.env["res.partner"].create(
            [{"name": name, "user_id": self.rita.id} for name in names]
        )
        shops[:2].category_id = tag
        self.assertIn("50 % of his customers are of the kind “Cold chain” (+8)", self._why())
        grade = self.env["field.grade"].create({"name": "Key", "sequence": 1})
        (self.dragon | shops[1:]).field_grade_id = grade
        self.assertIn("75 % of his customers are of the kind “Key” (+11)", self._why())

    def _why(self):
        return self._search().line_ids.filtered(lambda line: line.user_id == self.rita).reason

    def test_leave_days_off_and_full_days(self):
        employee = self.rita.sudo().employee_id
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": employee.resource_id.id,
                "calendar_id": employee.resource_calendar_id.id,
                "date_from": "2026-11-23 16:00:00",
                "date_to": "2026-11-24 16:00:00",
            }
        )
        self._plan(user=self.ravi, partner=self.lucky, plan_date=DAY, plan_minutes=420)
        dispatch = self._search()
        self.assertFalse({self.rita, self.ravi} & set(dispatch.line_ids.user_id))
        self.assertIn("Rita: is on leave", dispatch.others)
        self.assertIn("Ravi: has no room", dispatch.others)
        sunday = self._search(date=date(2026, 11, 29))
        self.assertFalse(sunday.line_ids)
        self.assertIn("does not work on this day", sunday.others)
        with self.assertRaises(UserError):
            sunday.action_assign_best()

    def test_clear_lead_is_assigned_by_itself_a_close_one_is_not(self):
        self._shop_of(self.rita, 500)
        self._shop_of(self.ravi, 500)
        self._plan(user=self.lea, partner=self.lucky, plan_date=DAY, plan_minutes=400)
        with self.assertRaisesRegex(UserError, "about as good"):
            self._search().action_assign_best()
        self.dragon.user_id = self.rita
        action = self._search().action_assign_best()
        visit = self.env["field.visit"].browse(action["res_id"])
        self.assertEqual(
            (visit.user_id, visit.partner_id, visit.plan_date), (self.rita, self.dragon, DAY)
        )

    def test_choice_of_the_leader(self):
        line = self._search().line_ids[-1]
        visit = self.env["field.visit"].browse(line.action_assign()["res_id"])
        self.assertEqual(visit.user_id, line.user_id)

    def test_only_leaders(self):
        with self.assertRaises(AccessError):
            self.env["field.dispatch"].with_user(self.rita).create({"partner_id": self.dragon.id})
