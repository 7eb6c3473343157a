from odoo import api, models


class FieldNotice(models.Model):
    _inherit = "field.notice"

    @api.model
    def _get_kinds(self):
        return super()._get_kinds() | {
            "visit_reminder": self.env._("Reminders of visits"),
            "work_report": self.env._("Work reports: digests and comments"),
        }
