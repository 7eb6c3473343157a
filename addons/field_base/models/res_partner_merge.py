"""Two cards become one: Odoo's wizard moves the rows by SQL and knows neither unique indexes nor
stored figures. What would be there twice makes way first; what was moved is worked out again."""

from odoo import api, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _field_make_way(self, kept):
        """Hook: take back what the card that stays, or one of these before, has already."""
        Proposal = self.env["field.pin.proposal"].sudo()
        open_ = self._field_rows_of_merge(Proposal, kept, Domain("state", "=", "open"))
        self._field_find_twins(open_, ["company_id"])._judge("superseded")

    def _field_after_merge(self):
        """Hook: work out again what hangs on rows that came by SQL."""

    def _field_rows_of_merge(self, Model, kept, domain=Domain.TRUE):
        """Rows of all the cards, those of the card that stays first."""
        rows = Model.search(Domain("partner_id", "in", (self | kept).ids) & domain)
        return rows.sorted(lambda row: row.partner_id != kept)

    @api.model
    def _field_find_twins(self, rows, names):
        """The rows that say the same as one before them."""
        seen, twins = set(), rows.browse()
        for row in rows:
            key = tuple(row[name] for name in names)
            twins |= row if key in seen else twins
            seen.add(key)
        return twins
