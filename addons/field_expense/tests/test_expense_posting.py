from odoo import Command
from odoo.tests import tagged

from .common import MileageCommon


@tagged("post_install", "-at_install")
class TestExpensePosting(MileageCommon):
    """From the kilometres to the ledger, with Odoo's own buttons."""

    def _claim(self, **values):
        day = self._new_day(**values)
        day.with_user(self.rep).action_create_expense()
        return day.expense_ids

    def _approve(self, expense):
        self.leader.group_ids |= self.env.ref("hr_expense.group_hr_expense_team_approver")
        expense.with_user(self.rep).action_submit()
        self.assertEqual(expense.state, "submitted")
        expense.with_user(self.leader).action_approve()
        self.assertEqual(expense.state, "approved")

    def test_submit_approve_post(self):
        account = self.company_data["default_account_expense"]
        self.product.with_company(self.company).property_account_expense_id = account
        expense = self._claim(distance_m=42_350.0)
        self._approve(expense)
        self.post_expenses_with_wizard(expense.with_user(self.env.user))
        move = expense.account_move_id
        self.assertEqual((move.state, move.move_type), ("posted", "in_receipt"))
        self.assertEqual(move.partner_id, self.rep.partner_id)
        self.assertEqual(expense.state, "posted")
        cost, debt = move.line_ids.sorted("balance", reverse=True)
        self.assertEqual((cost.account_id, cost.balance), (account, 31.8))
        self.assertEqual((debt.account_id.account_type, debt.balance), ("liability_payable", -31.8))
        self.assertEqual(cost.expense_id, expense)

    def test_day_rebuilt_after_posting_changes_nothing_in_the_ledger(self):
        expense = self._claim(distance_m=10_000)
        self._approve(expense)
        self.post_expenses_with_wizard(expense.with_user(self.env.user))
        expense.field_day_id.distance_m = 99_000.0
        self.env.flush_all()
        self.assertEqual(expense.account_move_id.amount_total, 7.5)
        self.assertEqual(expense.total_amount, 7.5)
        self.assertTrue(expense.field_distance_changed)

    def test_tax_of_the_category_is_included(self):
        tax = self.env["account.tax"].create(
            {
                "name": "10 %",
                "amount": 10,
                "type_tax_use": "purchase",
                "company_id": self.company.id,
            }
        )
        self.product.supplier_taxes_id = [Command.set(tax.ids)]
        expense = self._claim(distance_m=100_000)
        self.assertEqual(expense.total_amount, 75.0)
        self.assertEqual(expense.tax_amount, 6.82)
        self._approve(expense)
        self.post_expenses_with_wizard(expense.with_user(self.env.user))
        self.assertEqual(expense.account_move_id.amount_total, 75.0)

    def test_other_company_pays_in_its_own_currency(self):
        other = self.company_data_2["company"]
        other.currency_id = self.other_currency
        user = self._new_user("mileage_other", "field_base.field_base_group_rep", other)
        self._new_employee(user)
        self._new_rate(self.rate.effective_from, 3.0, company=other)
        day = self._new_day(user=user, distance_m=10_000)
        day.with_user(user).action_create_expense()
        expense = day.expense_ids
        self.assertEqual(expense.company_id, other)
        self.assertEqual(expense.currency_id, self.other_currency)
        self.assertEqual(expense.total_amount_currency, 30.0)

    def test_ordinary_expenses_keep_odoos_price(self):
        expense = self.create_expenses({"product_id": self.product.id, "quantity": 3})
        self.assertEqual((expense.price_unit, expense.total_amount), (9.99, 29.97))
