import itertools
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AT_CUSTOMER, VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestFrequency(VisitCase):
    """A Monday. Rita looks after Dragon and Lucky, Ravi after a third shop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["field.frequency.rule"].search([]).active = False
        cls.third = cls.env["res.partner"].create({"name": "Third", "user_id": cls.ravi.id})
        (cls.dragon | cls.lucky).user_id = cls.rita
        cls.mine = cls.dragon | cls.lucky | cls.third
        cls.rule = cls.env["field.frequency.rule"].create(
            {
                "name": "Twice a week",
                "domain": repr([("id", "in", cls.mine.ids)]),
                "times": 2,
                "period": "week",
                "min_gap": 2,
                "days_ahead": 14,
            }
        )

    def _visits(self, partner=None, **vals):
        domain = [("rule_id", "=", self.rule.id), ("partner_id", "in", (partner or self.mine).ids)]
        domain += [(name, "=", value) for name, value in vals.items()]
        return self.env["field.visit"].search(domain, order="plan_date")

    def test_plans_what_the_rule_asks_for(self):
        made, dropped = self.rule._do_generate()
        self.assertEqual((made, dropped), (12, 0), "three customers, two weeks, twice")
        dates = self._visits(self.dragon).mapped("plan_date")
        self.assertEqual(len(dates), 4)
        self.assertTrue(all(day.weekday() < 5 for day in dates))
        gaps = [(b - a).days for a, b in itertools.pairwise(dates)]
        self.assertTrue(all(gap >= 2 for gap in gaps), gaps)
        self.assertEqual(self._visits(self.third).user_id, self.ravi)
        self.assertEqual(set(self._visits().mapped("source")), {"rule"})

    def test_every_so_many_days(self):
        self.rule.write({"times": 1, "period": "days", "every_days": 10, "days_ahead": 40})
        self.rule._do_generate()
        dates = self._visits(self.dragon).mapped("plan_date")
        self.assertIn(len(dates), (4, 5), "one in each ten days")
        gaps = [(b - a).days for a, b in itertools.pairwise(dates)]
        self.assertTrue(all(5 <= gap < 20 for gap in gaps), gaps)
        self.assertEqual(self.rule._do_generate(), (0, 0))
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.rule.every_days = 1
            self.rule.flush_recordset()

    def test_visits_are_of_the_kind_of_the_rule(self):
        kind = self.env["field.visit.type"].create(
            {"name": "Call", "channel": "phone", "sop_id": self.sop.id}
        )
        self.rule.write({"type_id": kind.id, "priority": "3"})
        self.rule._do_generate()
        visit = self._visits(self.dragon)[0]
        self.assertEqual((visit.type_id, visit.channel), (kind, "phone"))
        self.assertEqual((visit.sop_id, visit.priority), (self.sop, "3"))

    def test_second_run_finds_nothing_and_writes_nothing(self):
        self.rule._do_generate()
        self.env.flush_all()
        before = {v.id: (v.write_date, v.plan_date) for v in self._visits()}
        with (
            patch.object(type(self.env["field.visit"]), "create", side_effect=AssertionError),
            patch.object(type(self.env["field.visit"]), "write", side_effect=AssertionError),
            patch.object(type(self.env["field.plan.gap"]), "write", side_effect=AssertionError),
        ):
            self.assertEqual(self.rule._do_generate(), (0, 0))
        self.assertEqual({v.id: (v.write_date, v.plan_date) for v in self._visits()}, before)

    def test_spontaneous_visit_counts_and_the_planned_one_is_taken_back(self):
        self.rule.write({"times": 1})
        self.rule._do_generate()
        planned = self._visits(self.dragon)[0]
        planned._with_planner().plan_date = date(2026, 11, 26)
        spontaneous = (
            self.env["field.visit"]
            .with_user(self.rita)
            .create({"partner_id": self.dragon.id, "plan_date": date(2026, 11, 24)})
        )
        with freeze_time("2026-11-24 02:00:00"):
            spontaneous.action_check_in(AT_CUSTOMER)
            spontaneous.action_check_out(AT_CUSTOMER)
            _made, dropped = self.rule._do_generate()
        self.assertEqual(dropped, 1)
        self.assertFalse(planned.exists())
        self.assertTrue(spontaneous.exists())
        week = self.env["field.visit"].search(
            [("partner_id", "=", self.dragon.id), ("plan_date", "<", "2026-11-30")]
        )
        self.assertEqual(week, spontaneous.sudo())

    def test_manual_and_touched_visits_are_left_alone(self):
        self.rule._do_generate()
        moved = self._visits(self.dragon)[0]
        moved.with_user(self.rita).plan_date = date(2026, 11, 28)
        manual = self._plan(partner=self.lucky, plan_date=date(2026, 11, 24))
        extra = self._plan(partner=self.dragon, plan_date=date(2026, 11, 23))
        self.assertTrue(moved.plan_touched)
        self.assertFalse(manual.plan_touched, "it is somebody's own anyway")
        self.rule.write({"times": 1})
        self.rule._do_generate()
        for visit in (moved, manual.sudo(), extra.sudo()):
            self.assertTrue(visit.exists())
        self.assertEqual(moved.plan_date, date(2026, 11, 28))
        untouched = self._visits(self.dragon).filtered(lambda v: v.plan_date < date(2026, 11, 30))
        self.assertEqual(untouched, moved, "two are there already, the machine's own goes")

    def test_missed_visit_is_planned_again(self):
        self.rule.write({"times": 1, "days_ahead": 5})
        self.rule._do_generate()
        first = self._visits(self.dragon)
        first._with_planner().plan_date = date(2026, 11, 23)
        with freeze_time("2026-11-24 01:30:00"):
            first._do_miss()
            self.rule._do_generate()
            live = self._visits(self.dragon, state="planned")
            self.assertEqual(len(live.filtered(lambda v: v.plan_date < date(2026, 11, 30))), 1)
            first.action_replan()
        self.assertEqual((first.rule_number, first.plan_touched), (0, True))

    def test_leave_and_holidays_are_no_days(self):
        employee = self.rita.sudo().employee_id
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": employee.resource_id.id,
                "calendar_id": employee.resource_calendar_id.id,
                "date_from": "2026-11-22 16:00:00",
                "date_to": "2026-11-27 16:00:00",
            }
        )
        self.rule._do_generate()
        days = self._visits(self.dragon).mapped("plan_date")
        self.assertTrue(days and all(day >= date(2026, 11, 30) for day in days), days)
        self.assertTrue(
            self._visits(self.third).filtered(lambda v: v.plan_date < date(2026, 11, 28))
        )

    def test_leave_approved_later_makes_room_on_other_days(self):
        self.rule.times = 1
        self.rule._do_generate()
        visit = self._visits(self.dragon)[0]
        employee = self.rita.sudo().employee_id
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ill",
                "resource_id": employee.resource_id.id,
                "calendar_id": employee.resource_calendar_id.id,
                "date_from": datetime.combine(visit.plan_date, time()) - timedelta(hours=8),
                "date_to": datetime.combine(visit.plan_date, time()) + timedelta(hours=15),
            }
        )
        off = visit.plan_date
        made, dropped = self.rule._do_generate()
        self.assertGreaterEqual(dropped, 1)
        self.assertEqual(made, dropped)
        self.assertEqual(len(self._visits(self.dragon)), 2)
        self.assertNotIn(off, self._visits(self.dragon | self.lucky).mapped("plan_date"))
        self.rule.write({"on_tue": False})
        self.rule._do_generate()
        self.assertNotIn(1, {day.weekday() for day in self._visits().mapped("plan_date")})
        self.assertEqual(self.rule._do_generate(), (0, 0))

    def test_visiting_hours(self):
        self.rule._do_generate()
        self.env["field.visiting.hours"].create(
            [{"partner_id": self.dragon.id, "weekday": weekday} for weekday in ("2", "4")]
        )
        self.rule._do_generate()
        self.assertEqual(
            self._visits(self.dragon).mapped("plan_date"),
            [date(2026, 11, day) for day in (25, 27)] + [date(2026, 12, day) for day in (2, 4)],
        )
        self.assertEqual(len(self._visits(self.lucky)), 4)
        self.assertEqual(self.rule._do_generate(), (0, 0))

    def test_closed_customers_and_contact_persons_are_not_visited(self):
        self.rule.domain = repr([("user_id", "=", self.rita.id)])
        self.rule._do_generate()
        self.assertTrue(self._visits(self.lucky))
        person = self.env["res.partner"].create(
            {"name": "Mr Wang", "parent_id": self.dragon.id, "type": "contact"}
        )
        person.user_id = self.rita
        self.lucky.field_life = "closed"
        self.rule._do_generate()
        self.assertFalse(self._visits(person))
        self.assertFalse(self._visits(self.lucky), "taken back")
        self.assertEqual(len(self._visits(self.dragon)), 4)

    def test_first_day_is_tomorrow_where_the_person_is(self):
        self.rule.write({"times": 7, "min_gap": 0, "days_ahead": 7, "on_sat": True})
        for moment, first in (
            ("2026-11-23 17:00:00", date(2026, 11, 24)),  # Tuesday there, before the day begins
            ("2026-11-24 02:00:00", date(2026, 11, 25)),  # it has begun
        ):
            with freeze_time(moment):
                self.rule._do_generate()
                self.assertEqual(min(self._visits().mapped("plan_date")), first, moment)
                self._visits().unlink()

    def test_customers_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.env["res.users"].create(
            {
                "name": "Stranger",
                "login": "v_stranger",
                "company_id": other.id,
                "company_ids": [(6, 0, other.ids)],
            }
        )
        self.lucky.user_id = stranger
        self.third.field_grade_id = self.env["field.grade"].create(
            {"name": "Theirs", "company_id": other.id, "visit_minutes": 77}
        )
        self.rule._do_generate()
        self.assertEqual(self._visits().partner_id, self.dragon | self.third)
        self.assertEqual(set(self._visits(self.third).mapped("plan_minutes")), {30})
        self.rule.times = 9
        self.rule._do_generate()
        self.assertTrue(self.rule.missing_count)
        self.ravi.active = False
        self.rule._do_generate()
        self.assertFalse(self._visits(self.third))

    def test_weekdays_and_validity(self):
        self.rule.write(
            {
                **dict.fromkeys(("on_mon", "on_tue", "on_thu", "on_fri"), False),
                "date_to": "2026-11-29",
            }
        )
        self.rule._do_generate()
        self.assertEqual(set(self._visits().mapped("plan_date")), {date(2026, 11, 25)})

    def test_customer_that_changes_hands_or_leaves_the_rule(self):
        self.rule._do_generate()
        self.dragon.user_id = self.ravi
        self.rule.domain = repr([("id", "in", (self.dragon | self.third).ids)])
        self.rule._do_generate()
        self.assertEqual(self._visits(self.dragon).user_id, self.ravi)
        self.assertFalse(self._visits(self.lucky))
        self.rule.active = False
        self.rule._do_generate()
        self.assertFalse(self._visits())

    def test_too_much_is_told_by_grade_instead_of_overloading(self):
        grade = self.env.ref("field_visit.field_grade_a")
        grade.visit_minutes = 250
        (self.dragon | self.lucky).field_grade_id = grade
        self.rule.write({"times": 5, "min_gap": 1, "days_ahead": 5})
        self.rule._do_generate()
        rita = self._visits(self.dragon | self.lucky)
        by_day = {}
        for visit in rita:
            by_day[visit.plan_date] = by_day.get(visit.plan_date, 0) + visit.plan_minutes
        self.assertLessEqual(max(by_day.values()), 480)
        gap = self.env["field.plan.gap"].search(
            [("rule_id", "=", self.rule.id), ("user_id", "=", self.rita.id)]
        )
        self.assertEqual(gap.grade_id, grade)
        # five a week are four by Friday, at an even pace, for each of the two
        self.assertEqual(gap.visits_missing, 8 - len(rita))
        self.assertAlmostEqual(gap.hours_missing, gap.visits_missing * 265 / 60, delta=0.1)
        self.assertEqual(self.rule.missing_count, gap.visits_missing)
        grade.visit_minutes = 20
        self.rule._do_generate()
        self.assertFalse(gap.exists(), "with room the row goes")

    def test_queries_do_not_grow_with_customers(self):
        def run(partners):
            rule = self.rule.copy({"domain": repr([("id", "in", partners.ids)]), "name": "x"})
            rule._do_generate()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(rule._do_generate(), (0, 0))
            return self.env.cr.sql_log_count - before

        few = run(self.dragon | self.lucky)
        many = self.env["res.partner"].create(
            [{"name": f"P{n}", "user_id": self.rita.id} for n in range(12)]
        )
        self.assertLessEqual(run(many), few + 1)

    def test_same_visit_twice_is_refused_by_the_database(self):
        self.rule._do_generate()
        one = self._visits(self.dragon)[0]
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            one._with_planner().copy(
                {
                    "rule_id": self.rule.id,
                    "rule_period": one.rule_period,
                    "rule_number": one.rule_number,
                }
            )

    def test_bad_rules_are_refused(self):
        for vals in (
            {"domain": "[('no_such_field', '=', 1)]"},
            {"domain": "import os"},
            dict.fromkeys(("on_mon", "on_tue", "on_wed", "on_thu", "on_fri"), False),
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.rule.write(vals)

    def test_roles(self):
        self.rule.with_user(self.lea).action_generate()
        self.assertTrue(self._visits())
        for user in (self.rita, self.audra):
            with self.assertRaises(AccessError):
                self.rule.with_user(user).action_generate()
            with self.assertRaises(AccessError):
                self.rule.with_user(user).write({"times": 3})
        Gap = self.env["field.plan.gap"]
        rows = Gap.create(
            [
                {"rule_id": self.rule.id, "user_id": user.id, "visits_missing": 1}
                for user in (self.rita, self.olga)
            ]
        )
        for user, count in ((self.lea, 1), (self.rita, 1), (self.ravi, 0), (self.dora, 2)):
            self.assertEqual(len(Gap.with_user(user).search([("id", "in", rows.ids)])), count)
        with self.assertRaises(AccessError):
            self.env["field.frequency.rule"].with_user(self.nina).search([])

    def test_buttons_open_what_is_counted(self):
        self.rule._do_generate()
        visits = self.env["field.visit"].search(self.rule.action_open_visits()["domain"])
        self.assertEqual(len(visits), self.rule.visit_count)
        partners = self.env["res.partner"].search(self.rule.action_open_partners()["domain"])
        self.assertEqual(len(partners), self.rule.partner_count)
        self.rule.action_open_gaps()

    def _run_nightly(self):
        with self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_frequency").method_direct_trigger()

    def test_cron(self):
        self._run_nightly()
        self.assertEqual(len(self._visits()), 12)

    def test_rule_that_cannot_be_planned_keeps_no_other_from_it(self):
        bad = self.rule.copy({"name": "Bad", "sequence": 0})
        generate = type(self.rule)._do_generate

        def fail_for_bad(rule):
            generate(rule)
            if rule == bad:
                raise ValidationError("no")

        with (
            patch.object(type(self.rule), "_do_generate", fail_for_bad),
            mute_logger("odoo.addons.field_visit.models.field_frequency_generate"),
        ):
            self._run_nightly()
        self.assertEqual(len(self._visits()), 12)
        self.assertFalse(self.env["field.visit"].search([("rule_id", "=", bad.id)]))

    def test_archived_and_deleted_rules_take_their_visits_back(self):
        self.rule._do_generate()
        touched = self._visits(self.dragon)[0]
        touched.with_user(self.rita).plan_date = date(2026, 11, 28)
        self.rule.active = False
        self._run_nightly()
        self.assertEqual(self._visits(), touched)
        self.rule.active = True
        self.rule._do_generate()
        planned = self._visits()
        self.assertGreater(len(planned), 1)
        with self.assertRaises(AccessError):
            self.rule.with_user(self.rita).unlink()
        self.rule.unlink()
        self.assertEqual(planned.exists(), touched)
