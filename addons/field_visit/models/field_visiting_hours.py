from odoo import api, fields, models

from ..tools.customer_card import clock

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class FieldVisitingHours(models.Model):
    """When a customer receives visitors. A customer without any does so at any time."""

    _name = "field.visiting.hours"
    _description = "Visiting hours"
    _order = "weekday, hour_from"

    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade")
    weekday = fields.Selection(WEEKDAYS, required=True, default="0")
    hour_from = fields.Float("From", required=True, default=9.0)
    hour_to = fields.Float("To", required=True, default=17.0)

    _in_order = models.Constraint(
        "CHECK(hour_from >= 0 AND hour_to <= 24 AND hour_from < hour_to)",
        "Visiting hours begin before they end, between 0:00 and 24:00.",
    )

    @api.depends("weekday", "hour_from", "hour_to")
    def _compute_display_name(self):
        names = dict(self._fields["weekday"]._description_selection(self.env))
        for hours in self:
            hours.display_name = (
                f"{names.get(hours.weekday, '')} {clock(hours.hour_from)}–{clock(hours.hour_to)}"
            )

    @api.model
    def _get_windows(self, partners, date):
        """When customers receive visitors on a day: ``{partner.id: [(from, to)]}`` in hours.

        Only of those who have visiting hours at all; an empty list is a day without.
        """
        found = {}
        hours = self.sudo().search_fetch(
            [("partner_id", "in", partners.ids)], ["partner_id", "weekday", "hour_from", "hour_to"]
        )
        for one in hours:
            windows = found.setdefault(one.partner_id.id, [])
            if one.weekday == str(date.weekday()):
                windows.append((one.hour_from, one.hour_to))
        return found

    @api.model
    def _get_weekdays(self, partner_domain):
        """On which days of the week customers receive visitors: ``{partner.id: {0, …, 6}}``.

        Only of those who have visiting hours at all.
        """
        rows = self.sudo()._read_group(
            [("partner_id", "any", partner_domain)], ["partner_id"], ["weekday:array_agg"]
        )
        return {partner.id: {int(weekday) for weekday in weekdays} for partner, weekdays in rows}

    def _as_windows(self):
        """``[[weekday, from, to]]`` of one customer, sorted, as tools/customer_card.py reads it."""
        return sorted([one.weekday, one.hour_from, one.hour_to] for one in self)
