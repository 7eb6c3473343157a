from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.field_base.tests.test_open_api import make_client


@tagged("post_install", "-at_install")
class TestOrdersAndPaymentsByApi(AccountTestInvoicingCommon):
    """An ERP reads what was ordered and what came in, as the person its key works as."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.env.user
        cls.user.group_ids += cls.env.ref("sales_team.group_sale_salesman")
        cls.client, _key = make_client(cls.env, cls.user, ("orders.read", "payments.read"))

    def _row(self, name, record):
        page = self.env["field.open.api"]._read_page(self.client, name)
        return next((row for row in page["rows"] if row["id"] == record.id), None)

    def test_order(self):
        line = {"product_id": self.product_a.id, "product_uom_qty": 3, "price_unit": 12.5}
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner_a.id,
                "order_line": [Command.create({**line, "tax_ids": False})],
            }
        )
        order.action_confirm()
        row = self._row("orders", order)
        wanted = {
            "name": order.name,
            "customer_id": self.partner_a.id,
            "owner": order.user_id.login,
            "state": "sale",
            "amount_untaxed": 37.5,
            "amount_total": 37.5,
            "currency": order.currency_id.name,
        }
        self.assertEqual({name: row[name] for name in wanted}, wanted)

    def test_payment_of_a_customer_and_none_to_a_vendor(self):
        values = {"amount": 80.0, "partner_id": self.partner_a.id, "memo": "INV/7"}
        paid, sent = self.env["account.payment"].create(
            [
                {**values, "payment_type": "inbound", "partner_type": "customer"},
                {**values, "payment_type": "outbound", "partner_type": "supplier"},
            ]
        )
        paid.action_post()
        row = self._row("payments", paid)
        wanted = {
            "customer_id": self.partner_a.id,
            "date": paid.date.isoformat(),
            "amount": 80.0,
            "currency": paid.currency_id.name,
            "memo": "INV/7",
            "state": paid.state,
        }
        self.assertEqual({name: row[name] for name in wanted}, wanted)
        self.assertIsNone(self._row("payments", sent))
