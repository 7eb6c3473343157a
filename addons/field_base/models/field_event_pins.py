from odoo import models

from ..tools.errors import FieldRejected
from ..tools.payload import read_position, require_payload


class FieldEvent(models.Model):
    """What people at the door know better than the map."""

    _inherit = "field.event"

    def _apply_customer_pin(self, payload):
        """customer.pin {partner_id, position}: the pin is wrong, the customer is here"""
        values = require_payload(payload, {"partner_id": int})
        position = read_position(payload.get("position"), required=True)
        partner = self.env["res.partner"].search([("id", "=", values["partner_id"])])
        if not partner:
            message = self.env._("This customer is not yours, or is gone.")
            raise FieldRejected("not_found", message)
        return self.env["field.pin.proposal"]._report(partner, self.user_id, position)
