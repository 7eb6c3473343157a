from odoo import models


class FieldWorkday(models.Model):
    _inherit = "field.workday"

    def _after_end(self):
        """The report of a day that has ended writes itself."""
        super()._after_end()
        Report = self.env["field.work.report"].sudo()
        for day in self:
            Report._make("day", day.company_id, day.date, day.user_id)
