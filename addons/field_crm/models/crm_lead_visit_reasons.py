"""Why a deal is a reason to go to its customer; the suggestions of the day ask for it."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_amount

AHEAD_DAYS = 3  # so long before a limit is reached it is a reason
OLD_QUOTE_DAYS = 7
MOST_POINTS = 25
NBSP = "\N{NO-BREAK SPACE}"


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _field_get_visit_reasons(self, user, partners, date):
        """Deals of a person that wait for a visit to their customer: the stage is about to rot,
        nobody has talked to the customer for nearly as long as the stage allows, or a quotation
        lies there unanswered.

        :return: ``{partner.id: [[code, points, words]]}``, of each code the weightiest
        """
        deals = self._field_find_deals(user, partners)
        quotes = deals._field_get_oldest_quotes()
        found = {}
        for deal in deals:
            customer = deal.partner_id.commercial_partner_id.id
            for code, points, words in deal._field_get_reasons(user, date, quotes.get(deal.id)):
                best = found.setdefault(customer, {})
                if points > best.get(code, (0, 0, ""))[1]:
                    best[code] = [code, points, words]
        return {customer: list(best.values()) for customer, best in found.items()}

    @api.model
    def _field_get_visit_values(self, user, partners):
        """What the open deals of a person may bring, by customer: expected revenue × weight of the
        stage, or × the probability Odoo has learnt where the stage has no weight.

        :return: ``{partner.id: (amount in the currency of the company, the sum in words)}``
        """
        company = self.env.company
        today = fields.Date.context_today(self)
        found = {}
        for deal in self._field_find_deals(user, partners).filtered("expected_revenue"):
            currency = deal.company_currency or company.currency_id
            revenue = currency._convert(deal.expected_revenue, company.currency_id, company, today)
            percent = deal.stage_id.field_weight or deal.probability
            money = format_amount(self.env, revenue, company.currency_id, trailing_zeroes=False)
            words = f"“{deal.name}” {money} ×{NBSP}{percent:.0f}{NBSP}%"
            customer = deal.partner_id.commercial_partner_id.id
            amount, texts = found.get(customer, (0.0, []))
            found[customer] = (amount + revenue * percent / 100, [*texts, words])
        return {
            customer: (company.currency_id.round(amount), " + ".join(texts))
            for customer, (amount, texts) in found.items()
        }

    @api.model
    def _field_find_deals(self, user, partners):
        # sudo: what is said about them is for their salesperson and his leaders
        return self.sudo().search(
            Domain("user_id", "=", user.id)
            & Domain("partner_id", "child_of", partners.ids)
            & Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "pending")
        )

    def _field_get_oldest_quotes(self):
        """``{deal.id: datetime}`` of the first quotation that was sent and not answered."""
        groups = (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [("opportunity_id", "in", self.ids), ("state", "=", "sent")],
                ["opportunity_id"],
                ["date_order:min"],
            )
        )
        return {deal.id: at for deal, at in groups}

    def _field_get_reasons(self, user, date, quoted_at):
        self.ensure_one()
        stage, deal = self.stage_id, self.name
        stood = _days(user, self.date_last_stage_update or self.create_date, date)
        quoted = _days(user, quoted_at, date)
        return [
            reason
            for reason in (
                [
                    "deal_rot",
                    _points(stood, stage.rotting_threshold_days),
                    self.env._(
                        "“%(deal)s” has stood in its stage for %(days)s days",
                        deal=deal,
                        days=stood,
                    ),
                ],
                [
                    "deal_silent",
                    _points(self.field_silent_days, stage.field_silent_days),
                    self.env._(
                        "nobody has talked to the customer of “%(deal)s” for %(days)s days",
                        deal=deal,
                        days=self.field_silent_days,
                    ),
                ],
                [
                    "deal_quote",
                    min(20, quoted) if quoted >= OLD_QUOTE_DAYS else 0,
                    self.env._(
                        "the quotation for “%(deal)s” has had no answer for %(days)s days",
                        deal=deal,
                        days=quoted,
                    ),
                ],
            )
            if reason[1]
        ]


def _days(user, since, date):
    """Days of the person's own calendar."""
    if not since:
        return 0
    local = fields.Datetime.context_timestamp(user.with_context(tz=user._field_tz()), since)
    return (date - local.date()).days


def _points(days, limit):
    """Nothing until shortly before the limit, 15 there, one more for each day beyond it."""
    if not limit or days < limit - AHEAD_DAYS:
        return 0
    return max(1, min(MOST_POINTS, 15 + days - limit))
