"""What a customer is worth to a proposal of grades: margin, potential, and how he pays."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Of what was due, by amount: how much was paid on its day or before. One query for all.
_PAID_IN_TIME = """
    SELECT COALESCE(partner.commercial_partner_id, partner.id),
           100 * sum(CASE WHEN item.reconciled AND COALESCE(paid.last, item.date) <=
                               item.date_maturity
                          THEN item.debit ELSE 0 END) / sum(item.debit)
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN account_account account ON account.id = item.account_id
      JOIN res_partner partner ON partner.id = item.partner_id
      LEFT JOIN LATERAL (
           SELECT max(max_date) AS last FROM account_partial_reconcile
            WHERE debit_move_id = item.id) paid ON true
     WHERE move.move_type = 'out_invoice' AND move.state = 'posted' AND item.debit > 0
       AND account.account_type = 'asset_receivable' AND item.company_id = %(company)s
       AND item.date_maturity >= %(since)s AND item.date_maturity < %(today)s
       AND COALESCE(partner.commercial_partner_id, partner.id) IN %(partners)s
     GROUP BY 1
"""


class FieldGradeProposal(models.TransientModel):
    _inherit = "field.grade.proposal"

    paid_least = fields.Integer(
        "Paid in time, at least (%)",
        help="Who has paid less of what was due in time is put one grade lower; 0 does not look.",
    )

    _paid_range = models.Constraint(
        "CHECK(COALESCE(paid_least, 0) BETWEEN 0 AND 100)", "Between 0 and 100 percent."
    )

    @api.model
    def _selection_metric(self):
        found = super()._selection_metric()
        if "sale.order" in self.env:
            found.append(("margin", self.env._("Margin of the orders")))
        return [*found, ("potential", self.env._("Potential a year"))]

    @api.model
    def _get_unknown_metrics(self):
        """Figures that are unknown where there is none: nobody falls for what nobody wrote down."""
        return {"potential"}

    def _get_values(self, partners):
        if self.metric == "margin":
            return self._get_margins(partners)
        if self.metric == "potential":
            return {p.id: p.field_potential for p in partners if p.field_potential}
        return super()._get_values(partners)

    def _get_since(self):
        return fields.Date.context_today(self) - timedelta(days=round(30.44 * self.months))

    def _get_margins(self, partners):
        """What the orders brought over the cost of the products, in the company's money; by the
        margin on the order line where the app for it is installed, else by today's cost."""
        Line = self.env["sale.order.line"].sudo()
        domain = [
            ("order_partner_id", "child_of", partners.ids),
            ("state", "=", "sale"),
            ("order_id.date_order", ">=", self._get_since()),
            ("company_id", "=", self.env.company.id),
            ("display_type", "=", False),
        ]
        values = {}
        if "margin" in Line._fields:
            for partner, amount in Line._read_group(
                domain, ["order_partner_id"], ["margin:sum_currency"]
            ):
                self._add_value(values, partner, amount)
            return values
        groups = Line._read_group(
            domain,
            ["order_partner_id", "product_id", "product_uom_id"],
            ["price_subtotal:sum_currency", "product_uom_qty:sum"],
        )
        for partner, product, uom, amount, quantity in groups:
            cost = uom._compute_quantity(quantity, product.uom_id) * product.standard_price
            self._add_value(values, partner, amount - cost)
        return values

    @api.model
    def _add_value(self, values, partner, amount):
        top = partner.commercial_partner_id.id
        values[top] = values.get(top, 0.0) + amount

    # ---------------------------------------------------------------- how he pays

    def _get_paid_shares(self, partners):
        """``{partner id: percent}`` paid in time, of those to whom anything was due; one query."""
        if not self.paid_least or not partners:
            return {}
        if "account.move" not in self.env:
            raise UserError(self.env._("Without invoices nobody knows how a customer pays."))
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                _PAID_IN_TIME,
                company=self.env.company.id,
                since=self._get_since(),
                today=fields.Date.context_today(self),
                partners=tuple(partners.ids),
            )
        )
        return {partner: float(share) for partner, share in rows}

    def _find_grade(self, grades, value, share):
        """The best grade whose value is reached; one lower for who pays too late.

        :param grades: the highest threshold first
        :param share: percent paid in time, None when nothing was due
        """
        index = next((i for i, grade in enumerate(grades) if value >= grade.threshold), -1)
        if index < 0:
            return grades[-1:]
        if share is not None and share < self.paid_least:
            index = min(index + 1, len(grades) - 1)
        return grades[index]


class FieldGradeProposalLine(models.TransientModel):
    _inherit = "field.grade.proposal.line"

    paid_share = fields.Float("Paid in time (%)", readonly=True, digits=(5, 1))
    is_late = fields.Boolean("Pays late", readonly=True)
