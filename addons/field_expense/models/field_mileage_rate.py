from odoo import api, fields, models

from ..tools.mileage import pick_rate

VEHICLE_KINDS = [
    ("car", "Car"),
    ("electric_car", "Electric car"),
    ("motorcycle", "Motorcycle"),
    ("e_bike", "Electric bicycle"),
    ("bicycle", "Bicycle"),
]


class FieldMileageRate(models.Model):
    """What a company pays per kilometre, from a date on. A new rate is a new row: what was
    claimed under the old one keeps it."""

    _name = "field.mileage.rate"
    _description = "Mileage Rate"
    _order = "company_id, effective_from desc, vehicle_kind, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    vehicle_kind = fields.Selection(
        VEHICLE_KINDS, help="Empty: any vehicle. A rate for the person's own kind goes first."
    )
    effective_from = fields.Date(required=True, default=fields.Date.context_today)
    # Four decimals, not Monetary: 0.675 per km is a usual rate and must not become 0.68.
    rate = fields.Float("Rate per km", digits=(12, 4), required=True)

    _rate_positive = models.Constraint("CHECK(rate > 0)", "The rate per km must be above zero.")
    _company_kind_date_uniq = models.UniqueIndex(
        "(company_id, COALESCE(vehicle_kind, ''), effective_from)",
        "There is already a rate of this vehicle kind from that day on.",
    )

    @api.depends("rate", "effective_from", "vehicle_kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["vehicle_kind"]._description_selection(self.env))
        for rate in self:
            parts = [
                self.env._("%(rate)s per km", rate=f"{rate.rate:g}"),
                kinds.get(rate.vehicle_kind),
                rate.effective_from and fields.Date.to_string(rate.effective_from),
            ]
            rate.display_name = ", ".join(part for part in parts if part)

    @api.model
    def _get_rates(self, company, keys):
        """The rate for each day and vehicle kind, in one query.

        :param company: res.company
        :param keys: iterable of ``(date, vehicle kind or False)``
        :return: ``{key: field.mileage.rate (sudo), empty when none holds}``
        """
        rates = self.sudo().search([("company_id", "=", company.id)])
        items = [(rate.effective_from, rate.vehicle_kind, rate) for rate in rates]
        picked = {}
        for day, kind in set(keys):
            item = pick_rate(items, day, kind)
            picked[day, kind] = item[2] if item else rates.browse()
        return picked
