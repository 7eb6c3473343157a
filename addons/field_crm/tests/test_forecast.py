from datetime import date

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .pipeline import AUDITOR, PipelineCommon

TODAY = "2026-11-10"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestForecast(PipelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Only what these tests make may count, whatever the database holds.
        cls.company = cls.env["res.company"].create({"name": "Forecast Ltd"})
        users = cls.rep | cls.rep2 | cls.leader | cls.sibling
        users.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        cls.env["hr.employee"].search([("user_id", "in", users.ids)]).company_id = cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.team = cls.team.with_env(cls.env)
        cls.team.company_id = False
        cls.deal.with_env(cls.env).unlink()
        cls.term = cls.env["account.payment.term"].create(
            {
                "name": "30 % now, 70 % after 60 days",
                "company_id": False,
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 30, "nb_days": 0}),
                    (0, 0, {"value": "percent", "value_amount": 70, "nb_days": 60}),
                ],
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Hospital", "property_payment_term_id": cls.term.id}
        )

    def _deal(self, name, stage, amount, deadline, **values):
        return self._new_deal(
            name,
            stage_id=stage.id,
            expected_revenue=amount,
            date_deadline=deadline,
            company_id=self.company.id,
            partner_id=self.customer.id,
            **values,
        )

    def _forecast(self, user=None, **filters):
        Forecast = self.env["field.forecast"].with_user(user or self.leader)
        found = Forecast.get_forecast(filters)
        return found, {row["month"]: row for row in found["months"]}

    def test_weighted_deals_over_their_payment_terms(self):
        self._deal("A", self.negotiation, 10000, "2026-12-05")  # 80 %, commit
        self._deal("B", self.needs, 1000, "2026-11-20")  # 40 %, pipeline
        self._deal("C", self.quote, 500, "2027-01-10", field_forecast_choice="omitted")
        _found, months = self._forecast()
        self.assertAlmostEqual(months["2026-12-01"]["deals"], 10000 * 0.3 * 0.8)
        self.assertAlmostEqual(months["2027-02-01"]["deals"], 10000 * 0.7 * 0.8)
        self.assertAlmostEqual(months["2026-11-01"]["deals"], 1000 * 0.3 * 0.4)
        self.assertAlmostEqual(months["2027-01-01"]["deals"], 1000 * 0.7 * 0.4)
        self.assertAlmostEqual(months["2026-12-01"]["commit"], 3000)
        self.assertAlmostEqual(months["2026-12-01"]["best"], 3000)

    def test_what_the_salesperson_promises(self):
        deal = self._deal("A", self.first, 1000, "2026-12-05")
        self.assertEqual(deal.field_forecast_category, "pipeline")
        deal.field_forecast_choice = "best"
        _found, months = self._forecast()
        self.assertAlmostEqual(months["2026-12-01"]["best"], 300)
        self.assertAlmostEqual(months["2026-12-01"]["commit"], 0)
        self.assertAlmostEqual(months["2026-12-01"]["deals"], 300 * 0.2)

    def test_deals_without_a_believable_date_are_named(self):
        self._deal("No date", self.quote, 700, False)
        self._deal("Passed", self.quote, 300, "2026-11-01")
        found, months = self._forecast()
        self.assertEqual(found["undated"], {"count": 2, "amount": 1000})
        self.assertFalse(sum(row["deals"] for row in months.values()))

    def test_quotation_terms_come_first_and_orders_take_over(self):
        deal = self._deal("A", self.negotiation, 1000, "2026-12-05")
        other = self.env["account.payment.term"].create(
            {
                "name": "All at once",
                "company_id": False,
                "line_ids": [(0, 0, {"value": "percent", "value_amount": 100, "nb_days": 0})],
            }
        )
        product = self.env["product.product"].create(
            {"name": "Fridge", "invoice_policy": "order", "taxes_id": False}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "opportunity_id": deal.id,
                "company_id": self.company.id,
                "user_id": self.rep.id,
                "payment_term_id": other.id,
                "order_line": [
                    (0, 0, {"product_id": product.id, "product_uom_qty": 1, "price_unit": 900})
                ],
            }
        )
        _found, months = self._forecast()
        self.assertAlmostEqual(months["2026-12-01"]["deals"], 800)
        order.action_confirm()
        _found, months = self._forecast()
        self.assertAlmostEqual(months["2026-11-01"]["orders"], 900)
        self.assertFalse(months["2026-12-01"]["deals"])

    def test_adjustment_by_the_leader_with_a_note(self):
        self._deal("A", self.negotiation, 10000, "2026-12-05")
        Adjustment = self.env["field.forecast.adjustment"]
        vals = {"month": "2026-12-17", "user_id": self.rep.id, "amount": -400, "note": "Slips"}
        row = Adjustment.with_user(self.leader).create(vals)
        self.assertEqual(row.month, date(2026, 12, 1))
        for user in (self.leader, self.rep):
            _found, months = self._forecast(user)
            self.assertAlmostEqual(months["2026-12-01"]["total"], 2400 - 400)
        _found, months = self._forecast(self.rep2)
        self.assertFalse(months["2026-12-01"]["adjustment"])
        for user in (self.rep, self.rep2, self.sibling):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                Adjustment.with_user(user).create(vals)

    def test_each_sees_his_own(self):
        self._deal("A", self.negotiation, 1000, "2026-12-05")
        self._deal("B", self.negotiation, 2000, "2026-12-05", user_id=self.rep2.id)

        def seen(user, **filters):
            _found, months = self._forecast(user, **filters)
            return round(months["2026-12-01"]["deals"])

        self.assertEqual(seen(self.rep), 240)
        self.assertEqual(seen(self.rep2), 480)
        self.assertEqual(seen(self.rep, user_id=self.rep2.id), 0)
        self.assertEqual(seen(self.leader), 720)
        self.assertEqual(seen(self.leader, user_id=self.rep2.id), 480)
        self.assertEqual(seen(self.sibling), 0)
        portal = self._new_user("deal_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self._forecast(portal)

    def test_drill_down_opens_the_same_deals(self):
        deal = self._deal("A", self.negotiation, 1000, "2026-12-05")
        late = self._deal("Passed", self.quote, 300, "2026-11-01")
        Forecast = self.env["field.forecast"].with_user(self.rep)

        def opened(*args):
            action = Forecast.get_drill_action(*args)
            return self.env[action["res_model"]].search(action["domain"])

        self.assertEqual(opened("deals", "2026-12-01"), deal)
        self.assertEqual(opened("deals", "2027-02-01"), deal)
        self.assertEqual(opened("deals", "undated"), late)
        self.assertFalse(opened("deals", "2027-04-01"))
        for bad in ("soon", 7, None):
            with self.assertRaises(UserError):
                Forecast.get_drill_action("deals", bad)

    def test_snapshot_once_a_week_and_against_reality(self):
        self._deal("A", self.negotiation, 10000, "2026-12-05")
        Snapshot = self.env["field.forecast.snapshot"]
        domain = [("company_id", "=", self.company.id)]
        Snapshot._cron_take()
        first = Snapshot.search(domain)
        self.assertEqual(
            first.mapped(lambda row: (str(row.month), row.amount, row.category)),
            [("2026-12-01", 2400.0, "commit"), ("2027-02-01", 5600.0, "commit")],
        )
        Snapshot._cron_take()
        self.assertEqual(Snapshot.search(domain), first)
        with freeze_time("2026-11-17"):
            self.env["crm.lead"].search([("name", "=", "A")]).expected_revenue = 20000
            Snapshot._cron_take()
        self.assertEqual(len(Snapshot.search(domain)), 4)
        with self.assertRaises(UserError):
            first[0].amount = 1
        with freeze_time("2027-01-05"):
            found, _months = self._forecast()
            (row,) = found["accuracy"]
            self.assertEqual((row["month"], row["forecast"]), ("2026-12-01", 4800.0))
            self.assertEqual((row["actual"], row["error"]), (0.0, None))

    def test_who_sees_snapshots(self):
        self._deal("A", self.negotiation, 10000, "2026-12-05")
        self.env["field.forecast.snapshot"]._cron_take()
        auditor = self._new_user("deal_aud", AUDITOR, company_ids=[(4, self.company.id)])
        for user, sees in (
            (self.rep, True),
            (self.rep2, False),
            (self.leader, True),
            (self.sibling, False),
            (auditor, True),
        ):
            rows = self.env["field.forecast.snapshot"].with_user(user)
            found = rows.search([("company_id", "=", self.company.id)])
            self.assertEqual(bool(found), sees, user.login)


@tagged("post_install", "-at_install")
class TestForecastInvoices(PipelineCommon):
    """Cash of real invoices: needs a chart of accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {"name": "Books Ltd", "country_id": cls.env.ref("base.us").id}
        )
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        users = cls.rep | cls.rep2 | cls.leader
        users.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        cls.env["hr.employee"].search([("user_id", "in", users.ids)]).company_id = cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.category = cls.env["product.category"].create({"name": "Cooling"})
        cls.product = cls.env["product.product"].create(
            {"name": "Fridge", "taxes_id": False, "categ_id": cls.category.id}
        )
        cls.customer = cls.env["res.partner"].create({"name": "Hospital"})
        cls.today = fields.Date.today()

    def _invoice(self, amount, due, paid=None, **values):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_user_id": self.rep.id,
                "invoice_date": due - relativedelta(days=5),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    (0, 0, {"product_id": self.product.id, "price_unit": amount, "tax_ids": False})
                ],
                **values,
            }
        )
        move.action_post()
        if paid:
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            )
            wizard.create({"payment_date": paid})._create_payments()
        return move

    def test_open_invoices_come_when_this_customer_usually_pays(self):
        day = self.today.replace(day=1) - relativedelta(months=2)
        for late in (8, 10, 12):
            self._invoice(100, day, paid=day + relativedelta(days=late))
        due = self.today + relativedelta(days=3)
        self._invoice(500, due)
        gone = self._invoice(70, self.today - relativedelta(days=60))
        Forecast = self.env["field.forecast"].with_user(self.rep)
        lines = [ln for ln in Forecast._get_cash_lines([self.rep.id]) if ln.source == "invoices"]
        dates = {line.full: line.date for line in lines}
        self.assertEqual(dates[500.0], due + relativedelta(days=10))
        found = Forecast.get_forecast()
        self.assertEqual(found["late"], {"count": 1, "amount": 70.0})
        action = Forecast.get_drill_action("invoices", "late")
        self.assertEqual(action["domain"], [("id", "in", gone.ids)])
        total = sum(month["invoices"] for month in found["months"])
        self.assertEqual(total, 500.0)
        other = self.env["field.forecast"].with_user(self.rep2).get_forecast()
        self.assertFalse(sum(month["invoices"] for month in other["months"]))

    def test_collected_is_what_was_paid_and_not_what_was_credited(self):
        first = self.today.replace(day=1)
        day = first - relativedelta(days=10)
        self._invoice(300, day, paid=day)
        credited = self._invoice(200, day)
        self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=credited.ids
        ).create({"journal_id": credited.journal_id.id, "date": day}).refund_moves()
        refund = credited.reversal_move_ids
        refund.action_post()
        self.assertEqual(credited.payment_state, "reversed")
        begin = first - relativedelta(months=3)
        came = self.env["field.forecast"]._get_collected(begin, first, None)
        self.assertEqual(came, {day.replace(day=1): 300.0})
        self.assertFalse(self.env["field.forecast"]._get_collected(begin, first, self.rep2.ids))

    def test_trend_by_product_line(self):
        sub = self.env["product.category"].create({"name": "Small", "parent_id": self.category.id})
        small = self.env["product.product"].create(
            {"name": "Small fridge", "taxes_id": False, "categ_id": sub.id}
        )
        quarter = self.today.replace(month=(self.today.month - 1) // 3 * 3 + 1, day=1)
        for back in range(1, 14):
            day = quarter - relativedelta(months=3 * back)
            amount = (100, 140, 90, 200)[back % 4]
            lines = [
                (0, 0, {"product_id": product.id, "price_unit": amount / 2, "tax_ids": False})
                for product in (self.product, small)
            ]
            self._invoice(0, day, invoice_date=day, invoice_line_ids=lines)
        self.env.flush_all()
        manager = self._new_user(
            "deal_mgr",
            "sales_team.group_sale_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        (row,) = self.env["field.forecast"].with_user(manager).get_forecast()["trends"]
        self.assertEqual((row["name"], row["quarters"], row["last"]), ("Cooling", 13, 140.0))
        self.assertEqual((row["method"], row["value"]), ("seasonal_naive", 100.0))
        self.assertFalse(self.env["field.forecast"].with_user(self.rep).get_forecast()["trends"])
