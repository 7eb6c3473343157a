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
