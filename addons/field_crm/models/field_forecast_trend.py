from odoo import fields, models

from ..tools.trend import forecast

YEARS = 6
MOST = 12


class FieldForecast(models.AbstractModel):
    """What the past says about the next quarter, per product line."""

    _inherit = "field.forecast"

    def _get_trends(self):
        """The next quarter of each product line, with the error of the same forecast in the past.

        :return: list of ``{"name", "value", "method", "error", "baseline_error", "origins",
            "last"}``; without a ``value`` where there is too little history
        """
        trends = []
        for line, series in self._get_quarters().items():
            found = forecast(series)
            trends.append(
                {
                    "name": line.display_name or self.env._("Without a product"),
                    "last": series[-1],
                    "quarters": len(series),
                    **(vars(found) if found else {"value": None}),
                }
            )
        return sorted(trends, key=lambda row: -row["last"])[:MOST]

    def _get_quarters(self):
        """Invoiced amounts per product line (uppermost category) and complete quarter.

        :return: ``{product.category: [amount, …]}``, each from its first quarter to the last
        """
        today = fields.Date.context_today(self)
        end = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        begin = fields.Date.subtract(end, years=YEARS)
        groups = (
            self.env["account.invoice.report"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.env.company.id),
                    ("state", "=", "posted"),
                    ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                    ("invoice_date", ">=", begin),
                    ("invoice_date", "<", end),
                ],
                ["product_categ_id", "invoice_date:quarter"],
                ["price_subtotal:sum"],
            )
        )
        amounts = {}
        for category, quarter, amount in groups:
            line = self._get_product_line(category)
            by_quarter = amounts.setdefault(line, {})
            by_quarter[quarter] = by_quarter.get(quarter, 0.0) + (amount or 0.0)
        return {line: _fill(by_quarter, end) for line, by_quarter in amounts.items()}

    def _get_product_line(self, category):
        top = (category.parent_path or "").split("/")[0]
        return category.browse(int(top)) if top else category


def _fill(by_quarter, end):
    """A series without holes: a quarter without an invoice is a quarter with nothing."""
    series, quarter = [], min(by_quarter)
    while quarter < end:
        series.append(by_quarter.get(quarter, 0.0))
        quarter = fields.Date.add(quarter, months=3)
    return series
