from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .pipeline import PipelineCommon


@tagged("post_install", "-at_install")
class TestVisitReasons(PipelineCommon):
    """A deal that is about to go cold is a reason to visit its customer."""

    def setUp(self):
        super().setUp()
        self.today = fields.Date.context_today(self.rep.with_user(self.rep))
        self.customer.user_id = self.rep

    def _reasons(self, user=None):
        Lead = self.env["crm.lead"].with_user(user or self.rep)
        found = Lead._field_get_visit_reasons(user or self.rep, self.customer, self.today)
        return {code: (points, words) for code, points, words in found.get(self.customer.id, [])}

    def _quote(self, days, state="sent"):
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "opportunity_id": self.deal.id}
        )
        order.write({"state": state, "date_order": fields.Datetime.now() - timedelta(days=days)})
        return order

    def test_stage_about_to_rot(self):
        self.first.rotting_threshold_days = 10
        for days, points in ((6, None), (7, 12), (10, 15), (12, 17), (60, 25)):
            self._age(self.deal, days)
            found = self._reasons().get("deal_rot")
            self.assertEqual(found and found[0], points, days)
        self.assertIn("“Shelves” has stood in its stage for 60 days", found[1])

    def test_nobody_has_talked_to_the_customer(self):
        self.first.field_silent_days = 14
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(days=16, hours=1), self.deal.id),
        )
        self.env.invalidate_all()
        points, words = self._reasons()["deal_silent"]
        self.assertEqual(points, 17)
        self.assertIn("“Shelves” for 16 days", words)

    def test_quotation_without_an_answer(self):
        self._quote(6)
        self.assertNotIn("deal_quote", self._reasons())
        self._quote(9)
        self._quote(40, state="cancel")
        points, words = self._reasons()["deal_quote"]
        self.assertEqual(points, 9)
        self.assertIn("no answer for 9 days", words)

    def test_only_open_deals_of_the_person(self):
        self.first.rotting_threshold_days = 10
        self._age(self.deal, 20)
        self.assertFalse(self._reasons(self.rep2))
        self.deal.action_set_lost()
        self.assertFalse(self._reasons())

    def test_the_weightiest_deal_speaks(self):
        self.first.rotting_threshold_days = 10
        other = self._new_deal("Coolers")
        self._age(self.deal, 11)
        self._age(other, 20)
        self.assertIn("“Coolers”", self._reasons()["deal_rot"][1])

    def test_it_stands_among_the_suggestions_of_the_day(self):
        if "field.suggestion" not in self.env:
            self.skipTest("the module for visits is not installed")
        self.first.rotting_threshold_days = 10
        self._age(self.deal, 60)
        made = self.env["field.suggestion"].with_user(self.rep)._suggest(self.rep, self.today)
        mine = made.filtered(lambda one: one.partner_id == self.customer)
        self.assertIn("deal_rot", [part[0] for part in mine.parts])
        self.assertIn("“Shelves” has stood in its stage for 60 days", mine.reason)

    def test_a_reason_turned_down_again_and_again_weighs_less(self):
        if "field.suggestion" not in self.env:
            self.skipTest("the module for visits is not installed")
        self.first.rotting_threshold_days = 10
        self._age(self.deal, 60)
        Suggestion = self.env["field.suggestion"]
        for days in (20, 40, 60, 80):
            Suggestion.create(
                {
                    "user_id": self.rep.id,
                    "company_id": self.env.company.id,
                    "partner_id": self._new_deal("Else").partner_id.copy().id,
                    "date": self.today - timedelta(days=days),
                    "parts": [["deal_rot", 25, "long"]],
                    "state": "dismissed",
                    "dismiss_reason": "wrong",
                }
            )
        made = Suggestion.with_user(self.rep)._suggest(self.rep, self.today)
        mine = made.filtered(lambda one: one.partner_id == self.customer)
        [part] = [part for part in mine.parts if part[0] == "deal_rot"]
        self.assertEqual(part[1], 20)
        self.assertIn("counts 80 %: turned down 4 times", mine.reason)


@tagged("post_install", "-at_install")
class TestVisitValue(PipelineCommon):
    """What a visit may bring: the open deals of the person, with the sum in words."""

    def setUp(self):
        super().setUp()
        self.customer.user_id = self.rep
        self.first.field_weight = 40
        self.deal.expected_revenue = 50000

    def _value(self, user=None):
        Lead = self.env["crm.lead"].with_user(user or self.rep)
        found = Lead._field_get_visit_values(user or self.rep, self.customer)
        return found.get(self.customer.id)

    def test_revenue_times_the_weight_of_the_stage(self):
        amount, words = self._value()
        self.assertEqual(amount, 20000)
        self.assertIn("“Shelves”", words)
        self.assertRegex(words, r"50.?000\s?\S* ×\s40\s%$")

    def test_every_open_deal_of_the_person_is_in_the_sum(self):
        other = self._new_deal("Coolers", expected_revenue=1000)
        self._new_deal("Not his", expected_revenue=9000, user_id=self.rep2.id)
        self._new_deal("Lost", expected_revenue=9000).action_set_lost()
        self.assertEqual(self._value()[0], 20400)
        self.assertIn(" + “", self._value()[1])
        other.expected_revenue = 0
        self.assertEqual(self._value()[0], 20000)

    def test_a_stage_without_a_weight_takes_what_odoo_has_learnt(self):
        self.first.field_weight = 0
        self.deal.probability = 25
        self.assertEqual(self._value()[0], 12500)

    def test_another_currency_is_converted(self):
        currency = self.env["res.currency"].create({"name": "XQZ", "symbol": "q", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "name": "2020-01-01",
                "rate": 2.0,
                "company_id": False,
            }
        )
        company = self.env["res.company"].create({"name": "Far", "currency_id": currency.id})
        Lead = self.env["crm.lead"].with_user(self.rep).sudo().with_company(company)
        amount = Lead._field_get_visit_values(self.rep, self.customer)[self.customer.id][0]
        rate = self.env.company.currency_id._get_conversion_rate(
            self.env.company.currency_id, currency, company
        )
        self.assertNotEqual(rate, 1)
        self.assertAlmostEqual(amount, 20000 * rate)

    def test_nobody_else_has_a_value_there(self):
        self.assertIsNone(self._value(self.rep2))
