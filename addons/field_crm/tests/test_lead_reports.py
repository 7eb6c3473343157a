from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command, Datetime
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import LeadPoolCommon

MONDAY = Datetime.to_datetime("2026-11-16 01:00:00")


@tagged("post_install", "-at_install")
class TestLeadReports(LeadPoolCommon):
    def test_pool_health_against_hand_computed_figures(self):
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            (MONDAY - timedelta(days=3), self.lead.id),
        )
        with freeze_time(MONDAY):
            self.lead.with_user(self.rep).action_claim()
            self.lead.field_contact_at = MONDAY + timedelta(hours=5)
        with freeze_time(MONDAY + timedelta(days=2)):
            self.lead.with_user(self.rep).action_return_to_pool("No")
            self.lead.with_user(self.rep2).action_claim()
            self.lead.convert_opportunity(self.lead.partner_id)
            self.lead.action_set_won()
        Report = self.env["field.lead.holding.report"]
        rows = Report.search([("lead_id", "=", self.lead.id)], order="claimed_at")
        first, second = rows
        self.assertEqual((first.user_id, first.outcome, first.level), (self.rep, "return", "2"))
        figures = (first.age_days, first.held_days, first.contact_hours, first.converted, first.won)
        self.assertEqual(figures, (3, 2, 5, 0, 0))
        self.assertEqual((second.outcome, second.converted, second.won), ("held", 1, 1))
        self.assertEqual(Report.with_user(self.leader).search_count([]), Report.search_count([]))
        stranger = self._new_user("report_leader", "field_base.field_base_group_leader")
        self.assertFalse(Report.with_user(stranger).search([]))
        for model in ("field.lead.holding.report", "field.lead.channel.report"):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                self.env[model].with_user(self.rep).search([])

    def test_return_on_a_channel_to_the_collected_margin(self):
        source = self.env["utm.source"].create({"name": "Fair"})
        month = fields.Date.today().replace(day=1)
        self.env["field.lead.cost"].create({"source_id": source.id, "amount": 100, "month": month})
        leads = self._new_leads("A", "B", "C", source_id=source.id)
        leads[0].convert_opportunity(leads[0].partner_id)
        leads[0].action_set_won()
        self._pay(self._invoice(leads[0], price=1000, cost=600), 500)
        report = self.env["field.lead.channel.report"].search([("source_id", "=", source.id)])
        self.assertEqual(report.month, month)
        counts = (report.lead_count, report.opportunity_count, report.won_count)
        self.assertEqual(counts, (3, 1, 1))
        self.assertEqual((report.collected, report.margin, report.cost), (500, 200, 100))
        self.assertEqual((report.roi, report.cost_share), (100, 0.2))

    def test_money_counts_when_it_is_paid_and_for_the_month_the_lead_came(self):
        source = self.env["utm.source"].create({"name": "Fair"})
        old, young = self._new_leads("Old", "Young", source_id=source.id)
        month = fields.Date.today().replace(day=1)
        came = fields.Date.subtract(month, months=3)
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET create_date = %s WHERE id = %s", (came, old.id))
        self.env.invalidate_all()
        tax = self.env["account.tax"].create({"name": "13 %", "amount": 13})
        move = self._invoice(old, price=1000, cost=600, tax=tax)
        self._invoice(young, price=400, cost=100)

        def figures():
            self.env.flush_all()
            self.env.invalidate_all()
            rows = self.env["field.lead.channel.report"].search([("source_id", "=", source.id)])
            return {row.month: (row.collected, row.margin) for row in rows}

        self.assertEqual(figures(), {came: (0, 0), month: (0, 0)}, "invoiced is not paid")
        self._pay(move, 565)
        self.assertEqual(figures(), {came: (500, 200), month: (0, 0)}, "without the tax")
        self._pay(move, 565)
        self.assertEqual(figures(), {came: (1000, 400), month: (0, 0)})

    def _pay(self, move, amount):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"amount": amount})._create_payments()
        self.env.flush_all()

    def _invoice(self, lead, price, cost, tax=None):
        """An order of the lead, invoiced, without the machinery around it."""
        tax_ids = [Command.set(tax.ids if tax else [])]
        product = self.env["product.product"].create(
            {"name": "P", "standard_price": cost, "taxes_id": [Command.clear()]}
        )
        partner = self.env["res.partner"].create({"name": "Customer"})
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "opportunity_id": lead.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "price_unit": price, "tax_ids": tax_ids}
                    )
                ],
            }
        )
        journal = self.env["account.journal"].search([("type", "=", "sale")], limit=1)
        if not journal:
            self.skipTest("this database has no chart of accounts")
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": journal.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": 1,
                            "price_unit": price,
                            "tax_ids": tax_ids,
                            "sale_line_ids": [Command.link(order.order_line.id)],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move
