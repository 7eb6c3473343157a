from odoo import api, models


class FieldNotice(models.Model):
    _inherit = "field.notice"

    @api.model
    def _get_kinds(self):
        return super()._get_kinds() | {
            "track_note": self.env._("Notes about my phone"),
            "zone_alert": self.env._("Alerts of zones I am responsible for"),
        }
