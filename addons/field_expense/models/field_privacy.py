from odoo import models

from odoo.addons.field_base.tools.data_part import DataPart


class FieldPrivacy(models.AbstractModel):
    _inherit = "field.privacy"

    def _get_data_parts(self):
        return [
            *super()._get_data_parts(),
            DataPart(
                "expenses",
                "hr.expense",
                ("date", "name", "quantity", "total_amount", "state"),
                self.env._("Mileage expenses"),
                owner="employee_id.user_id",
                extra=[("field_day_id", "!=", False)],
            ),
        ]
