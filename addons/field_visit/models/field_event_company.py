from odoo import models

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import require_payload


class FieldEvent(models.Model):
    _inherit = "field.event"

    def _apply_visit_company(self, payload):
        """visit.company {visit_id, was_there}: who came along says so; the last word counts"""
        values = require_payload(payload, {"visit_id": int, "was_there": bool})
        mine = [("id", "=", values["visit_id"]), ("companion_ids", "in", self.env.uid)]
        visit = self.env["field.visit"].search(mine)
        if not visit:
            raise FieldRejected("not_found", self.env._("Nobody has put you down for this visit."))
        visit.action_confirm_company(values["was_there"])
        return visit
