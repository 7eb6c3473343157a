from datetime import date

from psycopg2 import IntegrityError

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import REP, FieldCase


@tagged("post_install", "-at_install")
class TestPolicy(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Policy = cls.env["field.policy"]
        cls.sales = cls.env["hr.department"].create({"name": "Sales"})
        cls.east = cls.env["hr.department"].create({"name": "East", "parent_id": cls.sales.id})
        cls.job = cls.env["hr.job"].create({"name": "Merchandiser"})

    def make(self, name, since=date(2026, 1, 1), **values):
        return self.Policy.create({"name": name, "effective_from": since, **values})

    def of(self, user, day=date(2026, 11, 20)):
        return self.Policy._get_for_users(user, day)[user.id]

    def test_every_company_has_a_default(self):
        for company in (self.company, self.other_company):
            policy = self.Policy.search([("company_id", "=", company.id)])
            self.assertEqual(len(policy), 1)
            self.assertEqual(policy.scope, "company")
        self.assertEqual(self.of(self.rep).company_id, self.company)
        self.assertEqual(self.of(self.stranger_rep).company_id, self.other_company)

    def test_most_specific_wins(self):
        self.emp_rep.write({"department_id": self.east.id, "job_id": self.job.id})
        self.assertEqual(self.of(self.rep).scope, "company")
        sales = self.make("Sales", department_id=self.sales.id)
        self.assertEqual(self.of(self.rep), sales)  # a department's rules hold for those below it
        east = self.make("East", department_id=self.east.id)
        self.assertEqual(self.of(self.rep), east)
        job = self.make("Job", job_id=self.job.id)
        self.assertEqual(self.of(self.rep), job)
        own = self.make("Own", user_id=self.rep.id)
        self.assertEqual(self.of(self.rep), own)
        self.assertEqual(self.of(self.senior).scope, "company")

    def test_latest_in_force_wins(self):
        first = self.make("First", date(2026, 3, 1))
        second = self.make("Second", date(2026, 6, 1))
        self.assertEqual(self.of(self.rep, date(2026, 5, 31)), first)
        self.assertEqual(self.of(self.rep, date(2026, 6, 1)), second)
        self.assertEqual(self.of(self.rep, date(2026, 2, 28)).effective_from, date(2000, 1, 1))

    def test_there_is_always_one(self):
        self.Policy.search([]).active = False
        policy = self.of(self.rep)
        self.assertTrue(policy.active)
        self.assertEqual(policy.company_id, self.company)
        self.assertEqual(self.of(self.senior), policy)
        before_all = self.of(self.rep, date(1999, 1, 1))
        self.assertEqual(before_all, policy)

    def test_company_of_the_moment_decides(self):
        self.rep.company_ids |= self.other_company
        there = self.Policy.with_company(self.other_company)
        self.assertEqual(there._get_for_users(self.rep)[self.rep.id].company_id, self.other_company)

    def test_number_of_queries_does_not_grow(self):
        def count(users):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self.Policy._get_for_users(users)
            self.assertEqual(set(found), set(users.ids))
            return self.env.cr.sql_log_count - before

        self.emp_rep.department_id = self.east
        few = self.rep | self.senior
        many = few
        for i in range(20):
            user = new_test_user(self.env, f"many{i}", groups=REP)
            self.env["hr.employee"].create(
                {"name": user.name, "user_id": user.id, "department_id": self.east.id}
            )
            many |= user
        count(few)
        self.assertLessEqual(count(many), count(few))
        self.assertLessEqual(count(many), 10)

    def test_snapshot_is_a_copy(self):
        policy = self.of(self.rep)
        snapshot = policy._snapshot()
        policy.fence_radius = 77
        self.assertEqual(snapshot["fence_radius"], 300)
        self.assertEqual(snapshot["policy_id"], policy.id)

    def test_constraints(self):
        for values in (
            {"user_id": self.rep.id, "department_id": self.sales.id},
            {"fence_radius": 5},
            {"fence_accuracy_cap": -1},
            {"min_visit_minutes": -1},
            {"day_end_hour": 0},
            {"day_end_hour": 24.5},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.make("Bad", **values)

    def test_two_policies_for_the_same_from_the_same_day(self):
        self.make("One", user_id=self.rep.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.make("Two", user_id=self.rep.id)
        self.make("Later", date(2026, 2, 1), user_id=self.rep.id)
