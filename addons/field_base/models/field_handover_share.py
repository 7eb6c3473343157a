"""How several receivers share the customers of who leaves: by number, by area, by turnover."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain


class FieldHandover(models.Model):
    _inherit = "field.handover"

    share_by = fields.Selection(
        [
            ("count", "Evenly by number"),
            ("area", "By area"),
            ("turnover", "Evenly by turnover"),
        ],
        "Shared",
        required=True,
        default="count",
        help="By number, neighbours stay together. By area, a whole city goes to the receiver who "
        "has the most customers there already. By turnover, everybody gets the same share of the "
        "orders of the last twelve months.",
    )

    def _get_turns(self, spec, records):
        receivers = self.receiver_ids.sorted("id")
        if spec.model != "res.partner" or self.share_by == "count" or len(receivers) < 2:
            return super()._get_turns(spec, records)
        if self.share_by == "area":
            return self._share_by_area(receivers, records)
        return self._share_by_turnover(receivers, records)

    def _share_by_area(self, receivers, partners):
        """Whole cities, the largest first; where nobody is yet, to who has got least."""
        there = self._count_by_area(receivers)
        turns, got = {}, dict.fromkeys(receivers.ids, 0)
        areas = partners.grouped(lambda partner: _area_of(partner.city, partner.zip))
        for area, some in sorted(areas.items(), key=lambda one: (-len(one[1]), one[0])):
            # a city nobody knows is no area
            known = there if any(area) else {}
            owner = min(got, key=lambda user: (-known.get((user, area), 0), got[user], user))
            got[owner] += len(some)
            turns |= dict.fromkeys(some.ids, owner)
        return turns

    def _count_by_area(self, receivers):
        """``{(user id, area): customers}`` that the receivers have already."""
        groups = (
            self.env["res.partner"]
            .sudo()
            ._read_group(
                Domain("user_id", "in", receivers.ids)
                & Domain("company_id", "in", (False, self.company_id.id)),
                ["user_id", "city", "zip"],
                ["__count"],
            )
        )
        counts = {}
        for user, city, zip_code, count in groups:
            key = user.id, _area_of(city, zip_code)
            counts[key] = counts.get(key, 0) + count
        return counts

    def _share_by_turnover(self, receivers, partners):
        """The largest customer first, always to who has got least."""
        turnover = self._get_turnover(partners)
        turns, got = {}, {user: (0.0, 0) for user in receivers.ids}
        for partner in partners.sorted(lambda one: -turnover.get(one.id, 0.0)):
            owner = min(got, key=lambda user: (*got[user], user))
            money, count = got[owner]
            got[owner] = (money + turnover.get(partner.id, 0.0), count + 1)
            turns[partner.id] = owner
        return turns

    def _get_turnover(self, partners):
        """``{partner id: orders of twelve months in the company's money}``."""
        if "sale.order" not in self.env:
            return {}
        domain = Domain("partner_id", "child_of", partners.ids) & Domain("state", "=", "sale")
        domain &= Domain("company_id", "=", self.company_id.id)
        since = fields.Datetime.now() - timedelta(days=365)
        groups = (
            self.env["sale.order"]
            .sudo()
            .with_company(self.company_id)
            ._read_group(
                domain & Domain("date_order", ">=", since),
                ["partner_id"],
                ["amount_untaxed:sum_currency"],
            )
        )
        sums = {}
        for partner, amount in groups:
            top = partner.commercial_partner_id.id
            sums[top] = sums.get(top, 0.0) + amount
        return sums


def _area_of(city, zip_code):
    """The city; without one, what postal codes of a town have in common."""
    return (city or "").strip().lower(), "" if city else (zip_code or "").strip()[:3]
