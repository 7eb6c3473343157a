from odoo import api, models


class FieldNotice(models.Model):
    _inherit = "field.notice"

    @api.model
    def _get_kinds(self):
        return super()._get_kinds() | {
            "lead_clock": self.env._("Leads that go back to the pool"),
            "deal": self.env._("Deals I work on: team and coach notes"),
        }
