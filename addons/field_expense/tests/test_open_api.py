from odoo.tests import tagged

from .common import DAY, MileageCommon
from odoo.addons.field_base.tests.test_open_api import make_client


@tagged("post_install", "-at_install")
class TestExpensesByApi(MileageCommon):
    def test_rows_have_the_amount_and_the_kilometres_behind_it(self):
        day = self._new_day(distance_m=42_350.0)
        day.with_user(self.rep).action_create_expense()
        client, _key = make_client(self.env, self.rep, ("expenses.read",))
        page = self.env["field.open.api"].with_user(self.rep)._read_page(client, "expenses")
        (row,) = [row for row in page["rows"] if row["id"] == day.expense_ids.id]
        wanted = {
            "person": self.rep.login,
            "date": DAY.isoformat(),
            "quantity": 42.4,
            "measured_km": 42.4,
            "amount": 31.8,
            "currency": self.company.currency_id.name,
            "state": "draft",
        }
        self.assertEqual({name: row[name] for name in wanted}, wanted)

    def test_a_person_is_given_his_own_only(self):
        other = self._new_user("mileage_other", "field_base.field_base_group_rep")
        self._new_day().with_user(self.rep).action_create_expense()
        client, _key = make_client(self.env, other, ("expenses.read",))
        page = self.env["field.open.api"].with_user(other)._read_page(client, "expenses")
        self.assertEqual(page["rows"], [])
