"""What the map of customers can be coloured by: spans of days that run from good to bad."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner import FIELD_GROUPS

#: ``(name, up to so many days)``; after the last comes what is longer.
VISIT_BANDS = (("week", 7), ("fortnight", 14), ("month", 30), ("quarter", 90))
DEBT_BANDS = (("week", 7), ("month", 30), ("quarter", 90))


def _band_of(days, bands):
    return next((name for name, most in bands if days <= most), "longer")


class ResPartner(models.Model):
    _inherit = "res.partner"
    #: Of these the map reads the SQL, without going through the ORM.
    _map_sql_fields = frozenset({"field_cadence_state", "field_unvisited_band"})

    field_unvisited_band = fields.Selection(
        [
            ("week", "Up to 7 days"),
            ("fortnight", "Up to 14 days"),
            ("month", "Up to 30 days"),
            ("quarter", "Up to 90 days"),
            ("longer", "Longer"),
            ("never", "Never visited"),
        ],
        "Last visited",
        compute="_compute_field_unvisited_band",
        search="_search_field_unvisited_band",
        groups=FIELD_GROUPS,
    )
    field_debt_band = fields.Selection(
        [
            ("nothing", "Nothing overdue"),
            ("week", "Up to 7 days overdue"),
            ("month", "Up to 30 days overdue"),
            ("quarter", "Up to 90 days overdue"),
            ("longer", "Longer overdue"),
        ],
        "Overdue invoices",
        compute="_compute_field_debt_band",
        groups=FIELD_GROUPS,
        help="By the oldest invoice that is overdue, as far as you may see invoices.",
    )

    @api.depends("field_last_visit_date")
    @api.depends_context("tz")
    def _compute_field_unvisited_band(self):
        for partner in self:
            visited = partner.field_last_visit_date
            days = partner.field_days_unvisited
            partner.field_unvisited_band = _band_of(days, VISIT_BANDS) if visited else "never"

    def _search_field_unvisited_band(self, operator, value):
        return self._field_search_sql("field_unvisited_band", operator, value)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "field_unvisited_band":
            self._check_field_access(self._fields[field_expr], "read")
            return self._field_sql_band(alias)
        return super()._field_to_sql(alias, field_expr, query)

    def _field_sql_band(self, alias):
        days = self._field_sql_days(alias)
        spans = SQL(" ").join(
            SQL("WHEN %s <= %s THEN %s", days, most, name) for name, most in VISIT_BANDS
        )
        last = self._field_sql_last(alias)
        return SQL("CASE WHEN %s IS NULL THEN 'never' %s ELSE 'longer' END", last, spans)

    @api.depends_context("uid", "tz", "allowed_company_ids")
    def _compute_field_debt_band(self):
        """One query for all customers; nothing for who may not read invoices."""
        oldest = self._field_oldest_overdue()
        today = fields.Date.context_today(self)
        for partner in self:
            due = oldest is not None and oldest.get(partner.commercial_partner_id.id)
            partner.field_debt_band = (
                False
                if oldest is None
                else _band_of((today - due).days, DEBT_BANDS)
                if due
                else "nothing"
            )

    def _field_oldest_overdue(self):
        """``{commercial partner id: due date}``; None where the reader sees no invoices."""
        if "account.move" not in self.env or not self.env["account.move"].has_access("read"):
            return None
        late = self._get_overdue_domain() & Domain("move_type", "=", "out_invoice")
        groups = self.env["account.move"]._read_group(
            late, ["commercial_partner_id"], ["invoice_date_due:min"]
        )
        return {partner.id: due for partner, due in groups}

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Without the accounting app nobody chooses what is overdue."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "field_map" and "account.move" not in self.env:
            scale = (arch.get("scale") or "").split(",")
            arch.set("scale", ",".join(name for name in scale if name != "field_debt_band"))
        return arch, view
