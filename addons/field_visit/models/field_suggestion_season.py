from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools.misc import format_date

#: Whole years that are looked at, so that each month of the year counts as often.
_YEARS = 2
#: So many days ahead the next month has begun already.
_AHEAD_DAYS = 7


class FieldSuggestion(models.Model):
    """Customers who buy at a certain time of the year."""

    _inherit = "field.suggestion"

    def _get_season(self, partners, date):
        """``{partner.id: (orders in this month of the year, orders)}`` of the last two whole years;
        who has ordered this month already is not among them."""
        if "sale.order" not in self.env:
            return {}
        month = _month_of(date)
        since = month - relativedelta(years=_YEARS)
        groups = (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "child_of", partners.ids),
                    ("state", "=", "sale"),
                    ("date_order", ">=", since),
                    ("company_id", "=", self.env.company.id),
                ],
                ["partner_id", "date_order:month"],
                ["__count"],
            )
        )
        found, done = {}, set()
        for partner, began, count in groups:
            top = partner.commercial_partner_id.id
            if began.date() >= month:
                done.add(top)
            else:
                here, total = found.get(top, (0, 0))
                found[top] = (here + count * (began.month == month.month), total + count)
        return {top: counts for top, counts in found.items() if top not in done}

    def _tell_season(self, date):
        name = format_date(self.env, _month_of(date), date_format="MMMM")
        return self.env._("buys more than usual in %(month)s", month=name)


def _month_of(date):
    """The first day of the month that is meant: near its end the next one."""
    return (date + timedelta(days=_AHEAD_DAYS)).replace(day=1)
