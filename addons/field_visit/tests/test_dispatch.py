from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

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

    def _open(self, record, **vals):
        action = record.action_open_dispatch() if "deadline" in record else False
        action = action or record.action_field_dispatch()
        form = Form(self.env["field.dispatch"].with_user(self.lea).with_context(action["context"]))
        for name, value in vals.items():
            form[name] = value
        dispatch = form.save()
        dispatch.action_search()
        return dispatch

    def _give(self, dispatch, user):
        action = dispatch.line_ids.filtered(lambda line: line.user_id == user).action_assign()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_a_customer_asks_with_kind_procedure_and_goal(self):
        sop = self.env["field.sop"].create({"name": "Short"})
        kind = self.env["field.visit.type"].create({"name": "Repair", "sop_id": sop.id})
        goal = self.env["field.visit.reason"].create({"name": "It runs", "usage": "goal"})
        dispatch = self._open(self.dragon.with_user(self.lea), type_id=kind, goal_id=goal)
        visit = self._give(dispatch, self.ravi)
        self.assertEqual((visit.partner_id, visit.user_id), (self.dragon, self.ravi))
        self.assertEqual((visit.type_id, visit.sop_id, visit.goal_id), (kind, sop, goal))
        other = self.env["field.sop"].create({"name": "Long"})
        dispatch = self._open(self.lucky.with_user(self.lea), type_id=kind, sop_id=other)
        self.assertEqual(self._give(dispatch, self.rita).sop_id, other)

    def _task(self, **vals):
        kind = self.env["field.visit.type"].create({"name": "Display"})
        return (
            self.env["field.task"]
            .with_user(self.lea)
            .create(
                {
                    "name": "New display",
                    "goal": "Two shelves",
                    "deadline": "2026-11-27",
                    "plan_minutes": 45,
                    "priority": "3",
                    "type_id": kind.id,
                    "partner_ids": [(6, 0, (self.dragon | self.lucky).ids)],
                    **vals,
                }
            )
        )

    def test_a_work_package_asks_for_each_customer(self):
        task = self._task()
        dispatch = self._open(task, date=DAY)
        self.assertEqual(dispatch.partner_id, task.partner_ids[0])
        visit = self._give(dispatch, self.ravi)
        work = task.work_ids
        self.assertEqual((work.visit_id, work.user_id, work.state), (visit, self.ravi, "accepted"))
        self.assertEqual((visit.type_id, visit.source), (task.type_id, "task"))
        self.assertEqual(
            (visit.plan_date, visit.plan_minutes, visit.priority, visit.note),
            (DAY, 45, "3", "Two shelves"),
        )
        second = self._open(task)
        self.assertEqual(second.partner_id, task.partner_ids[1])
        second.partner_id = dispatch.partner_id
        with self.assertRaisesRegex(UserError, "already given out"):
            second.line_ids[0].action_assign()
        second.partner_id = task.partner_ids[1]
        self._give(second, self.rita)
        with self.assertRaisesRegex(UserError, "Every customer"):
            task.action_open_dispatch()

    def test_who_has_refused_is_not_asked_again(self):
        task = self._task(needs_acceptance=True, partner_ids=[(6, 0, self.dragon.ids)])
        work = self._give(self._open(task), self.ravi)
        self.assertEqual((work._name, work.state), ("field.task.work", "new"))
        work.with_user(self.ravi).action_refuse("No time")
        dispatch = self._open(task)
        self.assertIn("Ravi: has refused this work", dispatch.others)
        self.assertNotIn(self.ravi, dispatch.line_ids.user_id)
        work = self._give(dispatch, self.rita)
        work.with_user(self.rita).action_accept()
        self.assertEqual(work.visit_id.type_id, task.type_id)

    def test_nobody_is_sent_after_the_deadline(self):
        dispatch = self._open(self._task(), date=date(2026, 11, 30))
        with self.assertRaisesRegex(UserError, "deadline"):
            dispatch.line_ids[0].action_assign()

    def test_only_leaders(self):
        with self.assertRaises(AccessError):
            self.env["field.dispatch"].with_user(self.rita).create({"partner_id": self.dragon.id})
