from odoo import api, fields, models
from odoo.exceptions import UserError


class FieldForecastSnapshot(models.Model):
    """What the forecast said in a week: the only way to know later whether it can be trusted."""

    _name = "field.forecast.snapshot"
    _description = "Forecast Snapshot"
    _order = "taken_on desc, month, id"
    _rec_name = "month"

    taken_on = fields.Date(readonly=True, required=True, index=True)
    month = fields.Date(readonly=True, required=True)
    source = fields.Char(readonly=True, required=True)
    category = fields.Selection(
        [
            ("commit", "Commit"),
            ("best", "Best case"),
            ("pipeline", "Pipeline"),
            ("omitted", "Not in the forecast"),
        ],
        readonly=True,
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True, ondelete="set null")
    company_id = fields.Many2one("res.company", readonly=True, required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Expected", readonly=True)
    full = fields.Monetary("If all goes well", readonly=True)

    _month_idx = models.Index("(company_id, month, taken_on)")

    def write(self, vals):
        if self:
            raise UserError(self.env._("A snapshot cannot be changed."))
        return super().write(vals)

    @api.model
    def _cron_take(self):
        """Take this week's snapshot of each company; a second run in the week adds nothing."""
        today = fields.Date.today()
        monday = fields.Date.subtract(today, days=today.weekday())
        done = self.search([("taken_on", ">=", monday)]).company_id
        for company in self.env["res.company"].search([("id", "not in", done.ids)]):
            self.with_company(company)._take(today)

    def _take(self, day):
        company = self.env.company
        forecast = self.env["field.forecast"].sudo()
        sums = {}
        for line in forecast._get_cash_lines(None):
            if not line.date or forecast._is_late(line):
                continue
            key = (line.date.replace(day=1), line.source, line.category or False, line.user_id)
            amount, full = sums.get(key, (0.0, 0.0))
            sums[key] = (amount + line.amount, full + line.full)
        self.sudo().create(
            [
                {
                    "taken_on": day,
                    "month": month,
                    "source": source,
                    "category": category,
                    "user_id": user_id,
                    "company_id": company.id,
                    "amount": amount,
                    "full": full,
                }
                for (month, source, category, user_id), (amount, full) in sums.items()
            ]
        )

    @api.model
    def _get_last_before(self, begin, end, user_id=0):
        """What the last snapshot before each month said about it.

        :return: ``{first day of month: expected amount}`` for the months that have one
        """
        domain = [
            ("company_id", "=", self.env.company.id),
            ("month", ">=", begin),
            ("month", "<", end),
        ]
        if user_id:
            domain.append(("user_id", "=", user_id))
        groups = self._read_group(domain, ["month:day", "taken_on:day"], ["amount:sum"])
        last = {}
        for month, taken_on, amount in groups:
            if taken_on <= month and taken_on >= last.get(month, (taken_on, 0))[0]:
                last[month] = (taken_on, amount)
        return {month: amount for month, (_taken_on, amount) in last.items()}
