from odoo import api, models

from odoo.addons.field_base.tools.resource import Resource


class FieldOpenApi(models.AbstractModel):
    """Expenses, with the kilometres that the day measured."""

    _inherit = "field.open.api"

    @api.model
    def _resources(self):
        return [
            *super()._resources(),
            Resource(
                name="expenses",
                model="hr.expense",
                fields={
                    "id": "id",
                    "name": "name",
                    "person": "employee_id.user_id.login",
                    "date": "date",
                    "product": "product_id.name",
                    "quantity": "quantity",
                    "measured_km": "field_km",
                    "amount": "total_amount_currency",
                    "currency": "currency_id.name",
                    "state": "state",
                },
            ),
        ]
