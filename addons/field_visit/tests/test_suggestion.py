from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AT_CUSTOMER, METRE, PIN, VisitCase

DAY = date(2026, 11, 23)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestSuggestion(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner"].search([("user_id", "=", cls.rita.id)]).user_id = False
        (cls.dragon | cls.lucky | cls.nowhere).user_id = cls.rita
        (cls.dragon | cls.lucky | cls.nowhere).field_grade_id = cls.env.ref(
            "field_visit.field_grade_a"
        )

    def _suggest(self, user=None):
        user = user or self.rita
        return self.env["field.suggestion"].with_user(user)._suggest(user, DAY).with_user(user)

    def _visited(self, partner, day, lat=PIN[0]):
        with freeze_time(f"{day} 02:00:00"):
            visit = self._plan(partner=partner, plan_date=date.fromisoformat(day))
            visit.action_check_in({**AT_CUSTOMER, "lat": lat})
        with freeze_time(f"{day} 02:20:00"):
            visit.action_check_out({**AT_CUSTOMER, "lat": lat})

    def test_who_is_due_with_the_reason_in_a_sentence(self):
        self._visited(self.dragon, "2026-10-24")
        self._visited(self.lucky, "2026-11-20", PIN[0] + 5000 * METRE)
        found = self._suggest()
        self.assertEqual(found.mapped("partner_id"), self.dragon | self.nowhere)
        first = found[0]
        self.assertEqual((first.partner_id, first.score), (self.dragon, 40))
        self.assertEqual(first.reason, "Not visited for 30 days, every 14 is usual.")
        self.assertEqual(first.sum_text, "40 not visited for 30 days, every 14 is usual")
        self.assertEqual(found[1].reason, "Never visited.")

    def test_near_the_route_counts_for_who_has_a_reason(self):
        near = self.env["res.partner"].create(
            {
                "name": "Near",
                "user_id": self.ravi.id,
                "partner_latitude": PIN[0] + 500 * METRE,
                "partner_longitude": PIN[1],
            }
        )
        self._plan(partner=near)
        found = self._suggest().filtered(lambda s: s.partner_id == self.dragon)
        self.assertEqual(found.score, 15 + 10)
        self.assertIn("0.5 km from your route", found.reason)
        self.assertEqual(
            found.score, sum(part[1] for part in found.parts), "every summand is shown"
        )

    def test_orders_money_and_quotations(self):
        if "sale.order" not in self.env or "account.move" not in self.env:
            self.skipTest("the sales and accounting apps are not installed")
        Suggestion = self.env["field.suggestion"]
        self.patch(type(Suggestion), "_get_overdue", lambda *_a: {self.dragon.id: 30})
        self.patch(type(Suggestion), "_get_quotes", lambda *_a: {self.dragon.id: 2})
        orders = [DAY.toordinal() - days for days in (90, 60, 45)]
        self.patch(type(Suggestion), "_get_orders", lambda *_a: {self.dragon.id: orders})
        found = self._suggest().filtered(lambda s: s.partner_id == self.dragon)
        self.assertEqual(
            {part[0] for part in found.parts}, {"cadence", "reorder", "overdue", "quote"}
        )
        self.assertEqual(found.score, 15 + 25 + 20 + 15)

    def test_money_and_quotations_of_other_companies_are_not_told(self):
        if "sale.order" not in self.env or "account.move" not in self.env:
            self.skipTest("the sales and accounting apps are not installed")
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.dragon.id})
        other = self.env["res.company"].create({"name": "Other company of the money"})
        Suggestion = self.env["field.suggestion"]
        for company, partner, day in (
            (other, self.dragon, "2026-11-24"),
            (self.env.company, contact, "2026-11-27"),
            (self.env.company, self.dragon, "2026-11-28"),
        ):
            values = {"partner_id": partner.id, "company_id": company.id, "validity_date": day}
            self.env["sale.order"].with_company(company).create(values)
        self.assertEqual(Suggestion._get_quotes(self.dragon, DAY), {self.dragon.id: 4})
        sold = {"partner_id": self.dragon.id, "company_id": other.id, "date_order": "2026-11-02"}
        self.env["sale.order"].with_company(other).create({**sold, "state": "sale"})
        self.assertFalse(Suggestion._get_orders(self.dragon, DAY))
        self.assertTrue(Suggestion.with_company(other)._get_orders(self.dragon, DAY))
        asked = []
        Move = type(self.env["account.move"])
        self.patch(Move, "_read_group", lambda _self, domain, *_a, **_k: asked.append(domain) or [])
        Suggestion._get_overdue(self.dragon, DAY)
        self.assertIn(("company_id", "=", self.env.company.id), asked[0])

    def test_who_buys_in_this_month_of_the_year(self):
        """More orders of the last two years than twice the mean of a month; not yet this year."""
        if "sale.order" not in self.env:
            self.skipTest("the sales app is not installed")
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.dragon.id})
        for partner, days in (
            (self.dragon, ("2024-11-05", "2024-11-20", "2025-11-02", "2025-11-11", "2025-04-02")),
            (contact, ("2025-11-25", "2024-11-12", "2026-02-01", "2024-10-30", "2023-11-01")),
            (self.lucky, ("2025-01-05", "2025-11-20", "2026-03-02", "2026-07-11")),
            (self.nowhere, ("2024-11-05", "2024-11-20", "2025-11-02", "2025-11-11", "2026-11-02")),
        ):
            for day in days:
                self.env["sale.order"].create(
                    {"partner_id": partner.id, "date_order": f"{day} 04:00:00", "state": "sale"}
                )
        Suggestion = self.env["field.suggestion"]
        self.patch(type(Suggestion), "_get_orders", lambda *_a: {})
        found = {one.partner_id: one.parts for one in self._suggest()}
        season = {
            partner: [part for part in parts if part[0] == "season"]
            for partner, parts in found.items()
        }
        # 6 of 8 orders since November 2024: more than twice the mean of a month
        words = "buys more than usual in November"
        self.assertEqual(season[self.dragon], [["season", 20, words]])
        self.assertEqual(season[self.lucky], [], "once is chance")
        self.assertEqual(season[self.nowhere], [], "has ordered this month already")

    def test_planned_closed_and_foreign_customers_are_left_out(self):
        self._plan(user=self.ravi, partner=self.dragon, plan_date=date(2026, 11, 26))
        self.lucky.field_life = "closed"
        self.assertEqual(self._suggest().partner_id, self.nowhere)
        self.assertFalse(self._suggest(self.olga))
        self.nowhere.field_co_owner_ids = self.olga
        self.assertEqual(self._suggest(self.olga).partner_id, self.nowhere)

    def test_accepting_plans_and_dismissing_needs_a_reason(self):
        found = self._suggest()
        one, other = found[0], found[1]
        one.action_accept()
        self.assertEqual((one.state, one.visit_id.source), ("accepted", "suggestion"))
        self.assertEqual((one.visit_id.user_id, one.visit_id.plan_date), (self.rita, DAY))
        with self.assertRaises(UserError):
            other.action_dismiss()
        other.action_dismiss("phone")
        with self.assertRaises(UserError):
            other.action_accept()
        again = self._suggest()
        self.assertFalse((one | other).partner_id & again.partner_id, "answered is answered")
        later = self.env["field.suggestion"].with_user(self.rita)
        found = later._suggest(self.rita, date(2026, 12, 1))
        self.assertNotIn(other.partner_id, found.partner_id, "two weeks of quiet")
        found = later._suggest(self.rita, date(2026, 12, 8))
        self.assertIn(other.partner_id, found.partner_id)

    def test_opening_works_them_out_anew(self):
        Suggestion = self.env["field.suggestion"].with_user(self.rita)
        action = Suggestion.action_open_today()
        self.assertEqual(len(Suggestion.search(action["domain"])), 3)
        Suggestion.action_open_today()
        self.assertEqual(len(Suggestion.search(action["domain"])), 3)

    def test_queries_do_not_grow_with_customers(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._suggest()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def add(number):
            self.env["res.partner"].create(
                [{"name": f"P{n}", "user_id": self.rita.id} for n in range(number)]
            )

        def count_warm(customers):
            add(customers)
            count()  # creating contacts empties what Odoo keeps about users
            return count()

        few = count_warm(15)
        self.assertLessEqual(count_warm(40), few + 1)

    def test_roles(self):
        found = self._suggest()
        for user, seen in (
            (self.rita, 3),
            (self.lea, 3),
            (self.audra, 3),
            (self.ravi, 0),
            (self.otis, 0),
        ):
            domain = [("id", "in", found.ids)]
            self.assertEqual(len(self.env["field.suggestion"].with_user(user).search(domain)), seen)
        for user in (self.ravi, self.audra):
            with self.assertRaises(AccessError):
                found[0].with_user(user).action_dismiss("later")
