from odoo import models
from odoo.exceptions import LockError

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import require_payload

MAX_ID = 2**31 - 1


class FieldEvent(models.Model):
    _inherit = "field.event"

    def _apply_lead_claim(self, payload):
        """Kind ``lead.claim``: ``{"lead_id": int}``. Refusals: see `crm.lead.action_claim`."""
        lead_id = require_payload(payload, {"lead_id": int})["lead_id"]
        if not 0 < lead_id <= MAX_ID:
            raise FieldRejected("bad_payload", self.env._("The lead to claim does not exist."))
        lead = self.env["crm.lead"].browse(lead_id)
        try:
            lead.action_claim()
        except FieldRejected as exc:
            if exc.code != "busy":
                raise
            # A phone cannot look again in a moment: the request is repeated until it is decided.
            raise LockError(exc.message) from exc
        return lead
