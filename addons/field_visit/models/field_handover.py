from odoo import models
from odoo.tools import LazyTranslate

from odoo.addons.field_base.models.field_handover import HandoverModel

_lt = LazyTranslate(__name__)

PLANNED_VISIT = _lt("Planned visit")
LINE = _lt("Fixed line")


class FieldHandover(models.Model):
    _inherit = "field.handover"

    def _handover_models(self):
        """Planned visits from the day on; of somebody who is away, until he is back. His lines pass
        when he leaves."""
        domain = [("state", "=", "planned"), ("plan_date", ">=", self.date_from)]
        if self.reason == "away" and self.date_to:
            domain.append(("plan_date", "<=", self.date_to))
        visits = HandoverModel(
            "field.visit", PLANNED_VISIT, domain, partner="partner_id", order="plan_date, id"
        )
        found = super()._handover_models() | {"visits": visits}
        if self.reason == "leaves":
            found["lines"] = HandoverModel("field.line", LINE)
        return found
