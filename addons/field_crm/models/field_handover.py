from odoo import models
from odoo.tools import LazyTranslate

from odoo.addons.field_base.models.field_handover import HandoverModel

_lt = LazyTranslate(__name__)

LEAD = _lt("Lead or opportunity")


class FieldHandover(models.Model):
    _inherit = "field.handover"

    def _handover_models(self):
        """Leads and opportunities that are still open; those of somebody away stay his."""
        found = super()._handover_models()
        if self.reason == "away":
            return found
        leads = HandoverModel(
            "crm.lead",
            LEAD,
            [("won_status", "=", "pending")],
            partner="partner_id",
            order="zip, city, id",
        )
        return found | {"leads": leads}
