from datetime import date, timedelta
from functools import partial
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools import periodic
from .common import METRE, PIN, VisitCase

MONDAY = date(2026, 11, 30)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestPeriodPlan(VisitCase):
    """Rita's two weeks: shops in the north and in the south, each once a week; three fill a day.

    She leaves from the east, so that both corners in one day are a long way round.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["field.frequency.rule"].search([]).active = False
        cls.env["field.matrix.provider"].search([]).active = False
        cls.shops = cls.env["res.partner"].create(
            [
                {
                    "name": f"{'North' if n % 2 else 'South'} {n}",
                    "partner_latitude": PIN[0] + (12000 if n % 2 else -12000) * METRE,
                    "partner_longitude": PIN[1] + n * 100 * METRE,
                    "user_id": cls.rita.id,
                }
                for n in range(6)
            ]
        )
        cls.rule = cls.env["field.frequency.rule"].create(
            {
                "name": "Weekly",
                "domain": repr([("id", "in", cls.shops.ids)]),
                "times": 1,
                "period": "week",
                "plan_minutes": 110,
                "days_ahead": 21,
            }
        )
        cls.day = cls.env["field.route.setup"].create(
            {
                "user_id": cls.rita.id,
                "start_kind": "point",
                "start_lat": PIN[0],
                "start_lng": PIN[1] + 0.105,
                "lunch_minutes": 45,
            }
        )
        cls.plan = (
            cls.env["field.period.plan"]
            .with_user(cls.lea)
            .create(
                {"name": "Two weeks", "user_ids": cls.rita.ids, "date_from": MONDAY, "weeks": 2}
            )
        )

    def _solve(self, plan=None):
        plan = plan or self.plan
        plan.action_start()
        self.assertEqual(plan.state, "queued")
        plan.sudo()._do_solve()
        self.assertEqual((plan.state, plan.progress), ("ready", 100))

    def _dates(self, shop, plan=None):
        lines = (plan or self.plan).line_ids.filtered(lambda line: line.partner_id == shop)
        return sorted(lines.mapped("date"))

    def test_neighbours_share_a_day_and_less_is_driven(self):
        self._solve()
        self.assertEqual(len(self.plan.line_ids), 12)
        for shop in self.shops:
            first, second = self._dates(shop)
            self.assertEqual(second - first, timedelta(days=7), "the same weekday again")
        sides = {}
        for line in self.plan.line_ids:
            sides.setdefault(line.date, set()).add(line.partner_id.name[:5])
        self.assertTrue(all(len(side) == 1 for side in sides.values()), "one corner a day")
        person = self.plan.person_ids
        self.assertEqual((person.visits_asked, person.visits_planned), (12, 12))
        self.assertEqual(person.coverage, 100)
        self.assertEqual(person.before_kind, "balanced")
        self.assertLess(person.km, 0.6 * person.before_km)
        self.assertGreater(person.saved, 40)
        self.assertLess(person.hours, person.before_hours)

    def test_compared_with_what_was_planned(self):
        for n, shop in enumerate(self.shops):
            for week in range(2):
                self._plan(partner=shop, plan_date=MONDAY + timedelta(days=7 * week + n % 5))
        planned = self.env["field.visit"].search([("partner_id", "in", self.shops.ids)])
        planned._with_planner().write({"plan_touched": False})
        self._solve()
        self.assertEqual(self.plan.person_ids.before_kind, "planned")

    def test_published_visits_are_as_the_rule_would_have_planned_them(self):
        kind = self.env["field.visit.type"].create({"name": "Round", "sop_id": self.sop.id})
        self.rule.write({"type_id": kind.id, "priority": "3"})
        self._solve()
        self.plan.action_publish()
        made = self.env["field.visit"].search([("source", "=", "period")])
        self.assertEqual(made.type_id, kind)
        self.assertEqual((made.sop_id, set(made.mapped("priority"))), (self.sop, {"3"}))

    def test_publishing_moves_makes_and_drops_only_the_machines_visits(self):
        self.rule._do_generate()
        ruled = self.env["field.visit"].search([("rule_id", "=", self.rule.id)])
        touched = ruled.filtered(lambda v: v.partner_id == self.shops[0] and v.plan_date >= MONDAY)[
            0
        ]
        touched.with_user(self.rita).plan_date = MONDAY + timedelta(days=3)
        manual = self._plan(partner=self.shops[1], plan_date=MONDAY + timedelta(days=1)).sudo()
        self._solve()
        self.assertIn(manual.plan_date, self._dates(self.shops[1]))
        self.assertIn(touched.plan_date, self._dates(self.shops[0]))
        self.plan.action_publish()
        self.assertEqual(self.plan.state, "published")
        self.assertEqual(manual.plan_date, MONDAY + timedelta(days=1))
        self.assertEqual(touched.plan_date, MONDAY + timedelta(days=3))
        for shop in self.shops:
            visits = self.env["field.visit"].search(
                [
                    ("partner_id", "=", shop.id),
                    ("plan_date", ">=", MONDAY),
                    ("plan_date", "<=", self.plan.date_to),
                ]
            )
            self.assertEqual(sorted(visits.mapped("plan_date")), self._dates(shop), shop.name)
        self.assertTrue(
            (ruled & self.env["field.visit"].search([])), "rule visits are moved, not remade"
        )
        with self.assertRaises(UserError):
            self.plan.action_start()

    def test_generator_leaves_a_published_plan_alone(self):
        self._solve()
        self.plan.action_publish()
        self.rule.days_ahead = 21
        self.rule._do_generate()
        days = self.env["field.visit"].search(
            [("partner_id", "in", self.shops.ids), ("plan_date", ">=", MONDAY)]
        )
        self.assertEqual(len(days), 12, "what is planned counts, whoever planned it")

    def test_dragged_visit_is_locked_measured_and_survives_a_new_run(self):
        self._solve()
        line = self.plan.line_ids.filtered(lambda line: line.partner_id == self.shops[0])[0]
        before = self.plan.person_ids.km
        other_side = self.plan.line_ids.filtered(lambda one: one.partner_id == self.shops[1])
        week = next(one for one in other_side if abs((one.date - line.date).days) < 6)
        line.with_user(self.lea).date = week.date
        self.assertTrue(line.locked)
        self.assertGreater(self.plan.person_ids.km, before)
        day = line.date
        self._solve()
        self.assertIn(day, self._dates(self.shops[0]))
        with self.assertRaises(UserError):
            self.plan.line_ids[0].date = MONDAY - timedelta(days=1)

    def test_second_plan_keeps_what_was_published(self):
        self.rule._do_generate()
        self._solve()
        self.plan.action_publish()
        self.shops[0].write({"partner_latitude": PIN[0] + 5000 * METRE})
        # everything else being equal, another search would come to other days
        for seed in (2, 3):
            again = self.plan.copy({"date_from": MONDAY, "weeks": 2})
            with patch.object(periodic, "solve", partial(periodic.solve, seed=seed)):
                self._solve(again)
            kept = sum(self._dates(shop) == self._dates(shop, again) for shop in self.shops)
            self.assertGreaterEqual(kept, 5, "four fifths of six")

    def _ask_for(self, **vals):
        """What a plan asks of Rita for her first shop by a changed rule."""
        self.rule.write({"domain": repr([("id", "=", self.shops[0].id)]), **vals})
        days, _limits = self.plan.sudo()._get_days(self.rita)
        one = self.plan.sudo()._get_demand(self.rita, days).get(self.shops[0].id)
        return one and (one["times"], one["allowed"])

    def test_longer_periods_ask_for_what_is_missing(self):
        self.assertEqual(self._ask_for(period="quarter")[0], 1)
        early = self._plan(partner=self.shops[0], plan_date=date(2026, 10, 20)).sudo()
        self.assertFalse(self._ask_for(period="quarter"), "visited in this quarter")
        self.assertEqual(self._ask_for(period="quarter", times=3)[0], 1, "no more than its pace")
        times, allowed = self._ask_for(period="month", times=1)
        self.assertEqual((times, min(allowed)), (1, MONDAY), "not in November, not in December")
        early.plan_date = date(2026, 11, 10)
        times, allowed = self._ask_for(period="month")
        self.assertEqual((times, min(allowed)), (1, date(2026, 12, 1)), "December's visit")
        self._plan(partner=self.shops[0], plan_date=date(2026, 12, 22))
        self.assertFalse(self._ask_for(period="month"))
        self.assertEqual(self._ask_for(period="week")[0], 2)

    def test_closed_days_of_customers_are_kept(self):
        for shop in self.shops[:3]:
            for weekday in ("1", "3"):
                self.env["field.visiting.hours"].create({"partner_id": shop.id, "weekday": weekday})
        self.env["field.visiting.hours"].create({"partner_id": self.shops[5].id, "weekday": "6"})
        self._solve()
        for shop in self.shops[:3]:
            self.assertEqual(len(self._dates(shop)), 2)
            self.assertLessEqual({day.weekday() for day in self._dates(shop)}, {1, 3}, shop.name)
        person = self.plan.person_ids
        self.assertEqual(person.left_out, self.shops[5].name, "receives on Sundays only")
        self.assertEqual((person.visits_asked, person.visits_planned), (12, 10))

    def test_customers_without_room_keep_the_visits_they_have(self):
        self.rule._do_generate()
        nowhere = self.shops[5]
        nowhere.write({"partner_latitude": 0, "partner_longitude": 0})
        mine = [("partner_id", "=", nowhere.id), ("plan_date", ">=", MONDAY)]
        before = {v.id: v.plan_date for v in self.env["field.visit"].search(mine)}
        self.assertTrue(before)
        self._solve()
        self.assertLess(self.plan.person_ids.coverage, 100)
        self.plan.action_publish()
        after = {v.id: v.plan_date for v in self.env["field.visit"].search(mine)}
        self.assertEqual(after, before)

    def test_other_people_or_weeks_make_it_a_draft(self):
        self.plan.user_ids += self.ravi
        (self.shops[:2]).user_id = self.ravi
        self._solve()
        self.assertTrue(self.plan.line_ids.filtered(lambda line: line.user_id == self.ravi))
        self.plan.user_ids -= self.ravi
        self.assertEqual(self.plan.state, "draft")
        self.assertEqual(self.plan.line_ids.user_id, self.rita)
        self.assertEqual(self.plan.person_ids.user_id, self.rita)
        self._solve()
        self.plan.weeks = 1
        self.assertEqual(self.plan.state, "draft")
        self.assertLessEqual(max(self.plan.line_ids.mapped("date")), self.plan.date_to)
        with self.assertRaises(UserError):
            self.plan.action_publish()

    def test_days_that_are_over_are_left_as_they_are(self):
        self._solve()
        wednesday = MONDAY + timedelta(days=2)
        ahead = {(n.partner_id, n.date) for n in self.plan.line_ids if n.date >= wednesday}
        self.assertLess(len(ahead), 12)
        with freeze_time("2026-12-02 01:30:00"):
            self.plan.action_publish()
            made = self.env["field.visit"].search([("source", "=", "period")])
            self.assertEqual({(v.partner_id, v.plan_date) for v in made}, ahead)
            again = self.plan.copy({"date_from": MONDAY, "weeks": 2})
            self._solve(again)
        self.assertTrue(again.line_ids)
        self.assertGreaterEqual(min(again.line_ids.mapped("date")), wednesday)

    def test_lines_of_a_stranger_are_not_published(self):
        self._solve()
        self.plan.line_ids[0].user_id = self.olga
        with self.assertRaises(UserError):
            self.plan.action_publish()
        self.plan.line_ids[0].user_id = self.ravi
        kept = self._plan(user=self.ravi, plan_date=MONDAY).sudo()
        kept._with_planner().write({"source": "rule"})
        self.plan.action_publish()
        self.assertTrue(kept.exists(), "he takes a visit over, nobody planned his weeks")
        mine = [("user_id", "=", self.ravi.id), ("source", "=", "period")]
        self.assertEqual(self.env["field.visit"].search_count(mine), 1)

    def test_published_lines_stay_where_they_are(self):
        self._solve()
        self.plan.action_publish()
        for vals in ({"date": MONDAY}, {"locked": True}):
            with self.assertRaises(UserError):
                self.plan.line_ids[0].write(vals)

    def test_stopping_ends_the_thinking(self):
        self.plan.action_start()

        def stop():
            self.plan.action_stop()
            return True

        self.plan.sudo()._do_solve(stop)
        self.assertEqual(self.plan.state, "draft")

    def test_days_off_and_full_days(self):
        self.day.write({"day_start": 9, "day_end": 12.5, "lunch_minutes": 0})
        self._solve()
        self.assertTrue(all(line.date.weekday() < 5 for line in self.plan.line_ids))
        person = self.plan.person_ids
        self.assertEqual((person.visits_asked, person.visits_planned), (12, 10))
        self.assertTrue(person.left_out, "one visit a day, so one shop has no room")
        self.assertLess(person.coverage, 100)
        by_day = self.plan.line_ids.grouped("date")
        self.assertTrue(all(len(lines) == 1 for lines in by_day.values()))

    def test_customer_without_position_is_named(self):
        self.shops[5].write({"partner_latitude": 0, "partner_longitude": 0})
        self._solve()
        self.assertIn(self.shops[5].name, self.plan.person_ids.left_out)

    def test_background_job_tells_its_progress(self):
        self.plan.seconds = 1
        self.plan.action_start()
        with self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_period_plan").method_direct_trigger()
        self.assertEqual((self.plan.state, self.plan.progress), ("ready", 100))
        self.plan.state = "queued"
        self.plan.action_stop()
        self.assertEqual(self.plan.state, "draft")

    def test_progress_goes_up_and_stopping_keeps_the_first_plan(self):
        seen = []

        def commit():
            seen.append(self.plan.progress)
            return False

        self.plan.sudo()._do_solve(commit)
        self.assertTrue(seen)
        self.assertEqual(len(self.plan.line_ids), 12)

    def test_who_plans_for_whom(self):
        with self.assertRaises(UserError):
            self.env["field.period.plan"].with_user(self.lea).create(
                {"name": "x", "user_ids": self.olga.ids}
            ).action_start()
        with self.assertRaises(AccessError):
            self.env["field.period.plan"].with_user(self.rita).search([])
        self._solve()
        for user, seen in (
            (self.lea, True),
            (self.dora, True),
            (self.audra, True),
            (self.otis, False),
        ):
            for model in (
                "field.period.plan",
                "field.period.plan.line",
                "field.period.plan.person",
            ):
                found = (
                    self.env[model]
                    .with_user(user)
                    .search(
                        [("id" if model == "field.period.plan" else "plan_id", "=", self.plan.id)]
                    )
                )
                self.assertEqual(bool(found), seen, (user.name, model))
        with self.assertRaises(AccessError):
            self.plan.with_user(self.audra).action_publish()

    def test_button_opens_the_visits_of_the_plan(self):
        self._solve()
        action = self.plan.action_open_lines()
        found = self.env["field.period.plan.line"].search(action["domain"])
        self.assertEqual(found, self.plan.line_ids.sudo())
        found[0].action_lock()
        self.assertTrue(found[0].locked)
