from odoo import api, models
from odoo.fields import Domain

from odoo.addons.field_base.tools.collection import plain


class FieldApp(models.AbstractModel):
    """Who was at a customer last: for Today's card and for who checks in there again."""

    _inherit = "field.app"

    @api.model
    def _customer_fields(self):
        return (*super()._customer_fields(), "field_last_visit_date")

    @api.model
    def _customers(self, partners):
        """``last_visit`` is the day of the last visit that counts, ``last_by`` whose it was; empty
        for one's own."""
        rows = super()._customers(partners)
        people = self._get_last_visitors(partners)
        for row in rows:
            row["last_visit"] = row.pop("field_last_visit_date")
            row["last_by"] = people.get((row["id"], row["last_visit"]))
        return rows

    @api.model
    def _get_last_visitors(self, partners):
        """``{(customer id, day): name}`` of colleagues, whoever's team they are of."""
        days = {day for day in partners.mapped("field_last_visit_date") if day}
        if not days:
            return {}
        Visit = self.env["field.visit"].sudo()
        domain = Domain("partner_id", "in", partners.ids) & Domain("plan_date", "in", list(days))
        domain &= Domain(partners._field_valid_visit_domain())
        names = ["partner_id", "plan_date", "user_id"]
        found = Visit.search_fetch(domain & Domain("user_id", "!=", self.env.uid), names)
        return {(v.partner_id.id, plain(v.plan_date)): v.user_id.name for v in found}
