from odoo import api, models

from odoo.addons.field_base.tools.resource import Resource


class FieldOpenApi(models.AbstractModel):
    """Leads, orders and payments; of leads never how to reach the customer."""

    _inherit = "field.open.api"

    @api.model
    def _resources(self):
        return [
            *super()._resources(),
            Resource(
                name="leads",
                model="crm.lead",
                fields={
                    "id": "id",
                    "reference": "field_reference",
                    "type": "type",
                    "name": "name",
                    "company": "partner_name",
                    "customer_id": "partner_id",
                    "city": "city",
                    "source": "source_id.name",
                    "stage": "stage_id.name",
                    "is_won": "stage_id.is_won",
                    "owner": "user_id.login",
                    "pool": "field_pool_id.name",
                    "expected_revenue": "expected_revenue",
                    "created_at": "create_date",
                    "closed_at": "date_closed",
                },
            ),
            Resource(
                name="orders",
                model="sale.order",
                fields={
                    "id": "id",
                    "name": "name",
                    "customer_id": "partner_id",
                    "lead_id": "opportunity_id",
                    "owner": "user_id.login",
                    "state": "state",
                    "ordered_at": "date_order",
                    "amount_untaxed": "amount_untaxed",
                    "amount_total": "amount_total",
                    "currency": "currency_id.name",
                    "invoice_status": "invoice_status",
                },
            ),
            Resource(
                name="payments",
                model="account.payment",
                domain=(("payment_type", "=", "inbound"), ("partner_type", "=", "customer")),
                fields={
                    "id": "id",
                    "name": "name",
                    "customer_id": "partner_id",
                    "date": "date",
                    "amount": "amount",
                    "currency": "currency_id.name",
                    "memo": "memo",
                    "state": "state",
                },
            ),
        ]
