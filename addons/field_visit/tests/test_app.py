from odoo import fields
from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase


@tagged("post_install", "-at_install")
class TestApp(VisitCase):
    def rows(self, name, user=None):
        env = self.env(user=user or self.rita, su=False)
        collection = env["field.app"]._collections()[name]
        records = env[collection.model].search(collection.domain, order=collection.order)
        return collection.rows_of(records)

    def test_visits_of_the_person_with_their_customers(self):
        visit = self._plan(plan_time=9.5)
        self._plan(user=self.ravi, partner=self.lucky)
        (row,) = self.rows("visits")
        self.assertEqual((row["id"], row["uuid"]), (visit.id, visit.uuid))
        self.assertEqual(
            (row["partner_id"], row["partner_name"]), (self.dragon.id, "Golden Dragon")
        )
        self.assertEqual((row["state"], row["plan_time"], row["steps"]), ("planned", 9.5, []))

    def test_leader_gets_his_own_visits_only(self):
        self._plan()
        self.assertEqual(self.rows("visits", self.lea), [])

    def test_only_the_days_around_today(self):
        today = fields.Date.context_today(self.rita)
        for days in (-30, 0, 40):
            self._plan(plan_date=fields.Date.add(today, days=days))
        self.assertEqual([row["plan_date"] for row in self.rows("visits")], [today.isoformat()])

    def test_visit_that_is_on_comes_with_its_answers(self):
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        self._step(visit, "look").write({"note": "Two facings"})
        self._step(visit, "look").action_done()
        (row,) = self.rows("visits")
        self.assertEqual((row["state"], row["check_in_verdict"]), ("in_progress", "inside"))
        states = {step["key"]: (step["state"], step["note"]) for step in row["steps"]}
        self.assertEqual(states["look"], ("done", "Two facings"))
        self.assertEqual(states["shelf"], ("todo", None))

    def test_procedures_with_their_steps_in_order(self):
        row = next(row for row in self.rows("sops") if row["id"] == self.sop.id)
        self.assertEqual([step["key"] for step in row["steps"]], ["look", "shelf", "talk", "extra"])
        self.assertFalse(row["block_check_out"])

    def test_many_visits_cost_as_many_queries_as_one(self):
        def count(number):
            self._plan(plan_time=number)
            self.env.invalidate_all()
            self.env.flush_all()
            self.rows("visits")  # what planning has emptied of Odoo's caches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.rows("visits")
            return self.env.cr.sql_log_count - before

        count(0)  # caches of rights and models
        first = count(1)
        for number in range(2, 12):
            self._plan(plan_time=number)
        self.assertEqual(count(12), first)
