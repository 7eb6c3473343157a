from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.forecast import error, spread

# One expected payment. `amount` is what is counted, `full` what comes if all goes well; `category`
# of a deal: commit, best, pipeline, omitted; `record` is (model, id).
CashLine = namedtuple("CashLine", "source date amount full category user_id record")
MONTHS, PAST_MONTHS = 6, 6


class FieldForecast(models.AbstractModel):
    """What cash comes when: open deals by weight and payment terms, confirmed orders that are not
    invoiced, open invoices by the habit of the customer. Deals are read with the rights of the
    person who asks; orders and invoices as far as they are his or his people's."""

    _name = "field.forecast"
    _description = "Cash Forecast"

    @api.model
    def get_forecast(self, filters=None):
        """Everything the forecast screen shows.

        :param dict filters: ``user_id``: one person only
        :return: ``{"months": [...], "undated", "late", "accuracy": [...], "trends": [...],
            "users": [...], "can_adjust", "currency_id"}``; amounts in the currency of the company
        """
        user_id = self._read_user_id(filters)
        lines = self._get_cash_lines(self._get_people(user_id))
        first = fields.Date.context_today(self).replace(day=1)
        return {
            "months": self._get_months(lines, first, user_id),
            "undated": self._sum_up([line for line in lines if not line.date]),
            "late": self._sum_up([line for line in lines if self._is_late(line)]),
            "accuracy": self._get_accuracy(first, user_id),
            "trends": self._get_trends() if self._sees_all() else [],
            "users": self.env["field.funnel"]._get_choices()["users"],
            "can_adjust": self._may_adjust(),
            "currency_id": self.env.company.currency_id.id,
        }

    @api.model
    def get_drill_action(self, source, month=None, user_id=None):
        """Open the records behind a figure.

        :param str source: ``deals``, ``orders`` or ``invoices``
        :param month: first day of the month (ISO); ``undated`` or ``late`` for these
        """
        lines = self._get_cash_lines(self._get_people(self._read_user_id({"user_id": user_id})))
        if month == "undated":
            wanted = [line for line in lines if not line.date]
        elif month == "late":
            wanted = [line for line in lines if self._is_late(line)]
        else:
            first = self._read_month(month)
            wanted = [ln for ln in lines if ln.date and ln.date.replace(day=1) == first]
        records = {line.record for line in wanted if line.source == source}
        models_found = {model for model, _id in records} or {"crm.lead"}
        model = models_found.pop()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Expected cash"),
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", [record_id for _model, record_id in records])],
            "context": {"create": False},
        }

    # ------------------------------------------------------------
    # Whose
    # ------------------------------------------------------------

    def _read_user_id(self, filters):
        try:
            return int((filters or {}).get("user_id") or 0)
        except (TypeError, ValueError, AttributeError) as exc:
            raise UserError(self.env._("This filter cannot be read.")) from exc

    def _read_month(self, month):
        try:
            return fields.Date.to_date(month).replace(day=1)
        except (TypeError, ValueError, AttributeError) as exc:
            raise UserError(self.env._("This filter cannot be read.")) from exc

    def _sees_all(self):
        return self.env.su or self.env.user.has_groups(
            "sales_team.group_sale_salesman_all_leads,field_base.field_base_group_admin,"
            "field_base.field_base_group_auditor"
        )

    def _may_adjust(self):
        return self.env.user.has_groups(
            "field_base.field_base_group_leader,sales_team.group_sale_manager"
        )

    def _get_people(self, user_id=0):
        """Ids of the people whose orders and invoices count; ``None`` for everybody's.

        :raises AccessError: the person has nothing to do with deals
        """
        self.env["crm.lead"].check_access("read")
        if self._sees_all():
            return [user_id] if user_id else None
        mine = self.env.user | self.env.user._field_subordinates()
        return [uid for uid in mine.ids if not user_id or uid == user_id] or [0]

    def _people_domain(self, name, people):
        company = Domain("company_id", "=", self.env.company.id)
        return company if people is None else company & Domain(name, "in", people)

    # ------------------------------------------------------------
    # Cash, source by source
    # ------------------------------------------------------------

    @api.model
    def _get_cash_sources(self):
        """Hook: the sources of cash; a module that knows more (confirmed instalments) adds a code
        and the method ``_get_cash_<code>(people)``, and takes its records out of the others."""
        return ("deals", "orders", "invoices")

    def _get_cash_lines(self, people):
        lines = []
        for source in self._get_cash_sources():
            lines += getattr(self, f"_get_cash_{source}")(people)
        return lines

    def _get_cash_deals(self, people):
        """Open deals: amount × weight of the stage, by the payment terms from the expected date."""
        domain = Domain(
            [
                ("type", "=", "opportunity"),
                ("won_status", "=", "pending"),
                ("expected_revenue", ">", 0),
                ("company_id", "in", (self.env.company.id, False)),
            ]
        )
        if people is not None:
            domain &= Domain("user_id", "in", people)
        deals = self.env["crm.lead"].search(domain)
        ordered = deals.sudo().order_ids.filtered(lambda order: order.state == "sale")
        today = fields.Date.context_today(self)
        lines = []
        for deal in deals - ordered.opportunity_id:
            category, owner = deal.field_forecast_category, deal.user_id.id
            weight = 0.0 if category == "omitted" else deal.stage_id.field_weight / 100
            if not deal.date_deadline or deal.date_deadline < today:
                # No date, or one that has passed: nobody can say when this cash comes.
                parts = [(None, deal.expected_revenue)]
            else:
                parts = deal._field_get_cash()
            lines += [
                CashLine("deals", date, full * weight, full, category, owner, ("crm.lead", deal.id))
                for date, full in parts
            ]
        return lines

    def _get_cash_orders(self, people):
        """Confirmed orders, as far as no invoice asks for the money yet."""
        domain = self._people_domain("user_id", people) & Domain(
            [("state", "=", "sale"), ("invoice_status", "!=", "invoiced")]
        )
        today, lines = fields.Date.context_today(self), []
        # sudo: people see the cash of their own orders, whatever their rights in Sales
        for order in self.env["sale.order"].sudo().search(domain):
            start = order.commitment_date.date() if order.commitment_date else today
            amount = self._to_company(order.amount_to_invoice, order.currency_id, start)
            if amount <= 0:
                continue
            parts = self._spread_over_term(
                amount, order.payment_term_id, max(start, today), self.env.company.currency_id
            )
            lines += [
                CashLine("orders", date, part, part, "", order.user_id.id, (order._name, order.id))
                for date, part in parts
            ]
        return lines

    def _get_cash_invoices(self, people):
        """Open invoices: due date plus the days this customer usually pays late."""
        domain = self._people_domain("move_id.invoice_user_id", people) & Domain(
            [
                ("parent_state", "=", "posted"),
                ("move_id.move_type", "in", ("out_invoice", "out_receipt")),
                ("account_type", "=", "asset_receivable"),
                ("amount_residual", ">", 0),
            ]
        )
        items = self.env["account.move.line"].sudo().search(domain)
        delays = self.env["field.payment.habit"]._get_delays(items.partner_id)
        return [
            CashLine(
                "invoices",
                fields.Date.add(item.date_maturity or item.date, days=delays[item.partner_id.id]),
                item.amount_residual,
                item.amount_residual,
                "",
                item.move_id.invoice_user_id.id,
                ("account.move", item.move_id.id),
            )
            for item in items
        ]

    @api.model
    def _spread_over_term(self, amount, term, start, currency):
        """:return: list of ``(date, amount)`` by the parts of a payment term from ``start`` on"""
        lines = term.sudo().line_ids
        if not lines:
            return [(start, amount)]
        shares = [(line._get_due_date(start), line.value, line.value_amount) for line in lines]
        return spread(amount, shares, currency.decimal_places)

    def _to_company(self, amount, currency, date):
        company = self.env.company
        return currency._convert(amount, company.currency_id, company, date)

    # ------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------

    def _is_late(self, line):
        """An invoice that should be here by the habit of its customer: no month can be named."""
        today = fields.Date.context_today(self)
        return bool(line.source == "invoices" and line.date and line.date < today)

    def _sum_up(self, lines):
        records = {line.record for line in lines}
        return {"count": len(records), "amount": sum(line.full for line in lines)}

    def _get_months(self, lines, first, user_id):
        adjustments = self.env["field.forecast.adjustment"]._get_sums(first, user_id)
        months = []
        for number in range(MONTHS):
            month = fields.Date.add(first, months=number)
            mine = [
                line
                for line in lines
                if line.date and line.date.replace(day=1) == month and not self._is_late(line)
            ]
            deals = [line for line in mine if line.source == "deals"]
            commit = sum(line.full for line in deals if line.category == "commit")
            best = sum(line.full for line in deals if line.category == "best")
            by_source = {
                source: sum(line.amount for line in mine if line.source == source)
                for source in self._get_cash_sources()
            }
            adjustment = adjustments.get(month, 0.0)
            months.append(
                {
                    "month": fields.Date.to_string(month),
                    **by_source,
                    "commit": commit,
                    "best": commit + best,
                    "adjustment": adjustment,
                    "total": sum(by_source.values()) + adjustment,
                }
            )
        return months

    def _get_accuracy(self, first, user_id):
        """The last months: what the last snapshot before each of them said, and what came."""
        begin = fields.Date.subtract(first, months=PAST_MONTHS)
        said = self.env["field.forecast.snapshot"]._get_last_before(begin, first, user_id)
        came = self._get_collected(begin, first, self._get_people(user_id))
        return [
            {
                "month": fields.Date.to_string(month),
                "forecast": amount,
                "actual": came.get(month, 0.0),
                "error": error(amount, came.get(month, 0.0)),
            }
            for month, amount in sorted(said.items())
        ]

    def _get_collected(self, begin, end, people):
        """Cash that came in for invoices: payments matched with them, without credit notes.

        :return: ``{first day of month: amount}``
        """
        domain = Domain(
            [
                ("company_id", "=", self.env.company.id),
                ("debit_move_id.account_type", "=", "asset_receivable"),
                ("debit_move_id.move_id.move_type", "in", ("out_invoice", "out_receipt")),
                ("credit_move_id.move_id.move_type", "=", "entry"),
                ("max_date", ">=", begin),
                ("max_date", "<", end),
            ]
        )
        if people is not None:
            domain &= Domain("debit_move_id.move_id.invoice_user_id", "in", people)
        groups = (
            self.env["account.partial.reconcile"]
            .sudo()
            ._read_group(domain, ["max_date:month"], ["amount:sum"])
        )
        return dict(groups)
