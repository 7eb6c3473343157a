"""What colleagues plan at one's customers is on the phone, and new as soon as it changes."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase
from .test_sync import SyncCommon

MONDAY, TUESDAY, FRIDAY = (date(2026, 11, day) for day in (23, 24, 27))


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 03:00:00")
class TestAhead(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        (cls.dragon | cls.lucky).user_id = cls.rita
        cls.guard = cls._policy(duplicate_days=3)

    def _rows(self, user=None):
        """``{customer: what colleagues plan there}`` as the phone is given it."""
        App = self.env["field.app"].with_user(user or self.rita)
        partners = (self.dragon | self.lucky).with_user(user or self.rita)
        rows = App._customers(partners)
        plans = {row["id"]: row["ahead"] for row in rows if "ahead" in row}
        return {
            partner.name: [(plan["date"], plan["by"]) for plan in plans[partner.id]]
            for partner in partners
            if partner.id in plans
        }

    def _sent_again(self, change):
        """Names of the customers that phones which have them ask for again after a change."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM field_change")  # all of a test is one transaction
        change()
        self.env.flush_all()
        since = {"res.partner": self.env["field.change"]._horizon()[0]}
        touched = self.env["field.change"]._since(since).get("res.partner", ())
        return set(self.env["res.partner"].browse(touched).mapped("name"))

    def test_plans_of_others_whoever_leads_them(self):
        later = self._plan(user=self.olga, plan_date=FRIDAY)
        self._plan(user=self.ravi, plan_date=TUESDAY)
        self._plan(user=self.ravi, plan_date=date(2026, 11, 20))
        self._plan(plan_date=TUESDAY)
        self.assertFalse(later.with_user(self.rita).has_access("read"))
        mine = {"Golden Dragon": [("2026-11-24", "Ravi"), ("2026-11-27", "Olga")]}
        self.assertEqual(self._rows(), mine)
        theirs = {"Golden Dragon": [("2026-11-24", "Ravi"), ("2026-11-24", "Rita")]}
        self.assertEqual(self._rows(self.olga), theirs)

    def test_only_what_is_planned_in_the_own_company(self):
        visit = self._plan(user=self.olga, plan_date=TUESDAY)
        visit.action_cancel("Closed")
        self.assertEqual(self._rows(), {})
        self._plan(user=self.olga, plan_date=TUESDAY)
        self.env.flush_all()
        other = self.env["res.company"].create({"name": "Other"})
        self.env.cr.execute("UPDATE field_visit SET company_id = %s", [other.id])
        self.env.invalidate_all()
        self.assertEqual(self._rows(), {})

    def test_the_customer_is_sent_again_when_a_plan_changes(self):
        def plan():
            visits.append(self._plan(user=self.olga, plan_date=TUESDAY).sudo())

        visits = []
        self.assertEqual(self._sent_again(plan), {"Golden Dragon"})
        (visit,) = visits
        changes = [
            (lambda: visit.write({"plan_date": FRIDAY}), {"Golden Dragon"}),
            (lambda: visit.write({"user_id": self.ravi.id}), {"Golden Dragon"}),
            (lambda: visit.write({"partner_id": self.lucky.id}), {"Golden Dragon", "Lucky 88"}),
            (lambda: visit.write({"plan_minutes": 10}), set()),
            (lambda: visit.action_cancel("Closed"), {"Lucky 88"}),
            (lambda: visit.action_replan(), {"Lucky 88"}),
            (lambda: visit.unlink(), {"Lucky 88"}),
        ]
        for number, (change, wanted) in enumerate(changes):
            with self.subTest(number):
                self.assertEqual(self._sent_again(change), wanted)

    def test_a_check_in_sends_no_customer_again(self):
        """Whoever has planned it for today is there today."""
        visit = self._plan(user=self.olga, plan_date=MONDAY)
        self.assertEqual(self._sent_again(lambda: visit.action_check_in(AT_CUSTOMER)), set())

    def test_nothing_as_long_as_nobody_asks_for_it(self):
        def plan():
            return self._plan(user=self.olga, plan_date=TUESDAY)

        def ask():
            self.guard.sudo().duplicate_days = 1

        self.env["field.policy"].sudo().search([]).write({"duplicate_days": 0})
        self.env.registry.clear_cache()
        self.addCleanup(self.env.registry.clear_cache)
        self.assertEqual(self._sent_again(plan), set())
        self.assertEqual(self._rows(), {})
        told = self._sent_again(ask)
        self.assertEqual(told, {"Golden Dragon"}, "phones learn what was planned before")
        self.assertEqual(self._rows(), {"Golden Dragon": [("2026-11-24", "Olga")]})
        self.assertEqual(self._sent_again(plan), {"Golden Dragon"})

    def test_one_query_for_all_customers(self):
        App = self.env["field.app"].with_user(self.rita)
        partners = self.dragon | self.lucky

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            App._get_plans_of_others(some)
            return self.env.cr.sql_log_count - before

        self._plan(user=self.olga, plan_date=TUESDAY)
        count(partners)  # caches of models and rights
        first = count(self.dragon)
        for partner in partners:
            for user in (self.olga, self.ravi):
                self._plan(user=user, partner=partner, plan_date=FRIDAY)
        self.assertEqual(count(partners), first)
        self.assertLessEqual(first, 3, "the plans, and the names of the people")
