from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_compare

from ..tools.mileage import claimable_km

# Only the server sets these: they decide what is paid, and what the approver compares it with.
MEASURED_FIELDS = {"field_day_id", "field_km", "field_km_rate"}


class HrExpense(models.Model):
    """An expense made from a tracked day: kilometres of the day at the rate of the day."""

    _inherit = "hr.expense"

    field_day_id = fields.Many2one(
        "field.track.day",
        string="Tracked Day",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
    )
    field_km = fields.Float(
        "Tracked Distance (km)",
        digits=(12, 1),
        readonly=True,
        copy=False,
        help="What the day measured when this expense was last brought up to date.",
    )
    field_km_rate = fields.Float(
        "Rate per km", digits=(12, 4), readonly=True, copy=False, help="The rate of that day."
    )
    field_day_km = fields.Float(
        "Distance of the Day Now (km)",
        digits=(12, 1),
        compute="_compute_field_day_km",
        compute_sudo=True,
    )
    field_distance_changed = fields.Boolean(
        "Distance Changed Since", compute="_compute_field_day_km", compute_sudo=True
    )
    field_km_edited = fields.Boolean("Changed by Hand", compute="_compute_field_km_edited")
    field_km_hint = fields.Char("Mileage Hint", compute="_compute_field_km_hint")

    _field_day_uniq = models.UniqueIndex(
        "(field_day_id) WHERE field_day_id IS NOT NULL", "The day already has its expense."
    )

    @api.depends("field_day_id.distance_m", "field_km")
    def _compute_field_day_km(self):
        for expense in self:
            expense.field_day_km = claimable_km(expense.field_day_id.distance_m)
            expense.field_distance_changed = bool(
                expense.field_day_id and not _same_km(expense.field_day_km, expense.field_km)
            )

    @api.depends("quantity", "total_amount_currency", "field_km", "field_km_rate", "field_day_id")
    def _compute_field_km_edited(self):
        for expense in self:
            measured = expense.currency_id.round(expense.field_km * expense.field_km_rate)
            amount = expense.total_amount_currency
            expense.field_km_edited = bool(expense.field_day_id) and (
                not _same_km(expense.quantity, expense.field_km)
                or expense.currency_id.compare_amounts(amount, measured) != 0
            )

    @api.depends("field_distance_changed", "field_km_edited", "state")
    def _compute_field_km_hint(self):
        for expense in self:
            expense.field_km_hint = expense._get_km_hint()

    def _get_km_hint(self):
        """What an approver should know about the kilometres, or False."""
        if self.field_distance_changed and self.state != "draft":
            return self.env._(
                "The distance of the day has changed: it is %(now)s km now and was %(then)s km "
                "when this expense was submitted.",
                now=self.field_day_km,
                then=self.field_km,
            )
        if self.field_km_edited:
            return self.env._(
                "Changed by hand: the day measured %(km)s km at %(rate)s per km.",
                km=self.field_km,
                rate=f"{self.field_km_rate:g}",
            )
        return False

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_measured_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_measured_fields(vals)
        return super().write(vals)

    def _check_measured_fields(self, vals):
        if not self.env.su and vals.keys() & MEASURED_FIELDS:
            raise AccessError(
                self.env._("The tracked distance and its rate cannot be entered by hand.")
            )

    # The rate table, not the cost of the product, is the price of a tracked kilometre.

    @api.depends("field_km_rate")
    def _compute_from_product(self):
        super()._compute_from_product()
        for expense in self.filtered("field_km_rate"):
            # Also where the category has no cost (it is kept per company): quantity × price
            expense.product_has_cost = True

    @api.depends("field_km_rate")
    def _compute_price_unit(self):
        mileage = self.filtered("field_km_rate")
        super(HrExpense, self - mileage)._compute_price_unit()
        for expense in mileage:
            if expense.state == "draft":
                expense.price_unit = expense.field_km_rate

    def _needs_product_price_computation(self):
        return super()._needs_product_price_computation() and not self.field_km_rate

    def action_open_field_day(self):
        """Play back the day this expense was made from.

        :raises UserError: the expense has no tracked day
        """
        self.ensure_one()
        if not self.field_day_id:
            raise UserError(self.env._("This expense was not made from a tracked day."))
        return self.field_day_id.action_playback()

    def _do_reset_approval(self):
        """Back in draft, an expense follows its day again."""
        result = super()._do_reset_approval()
        self.sudo().field_day_id._update_draft_expenses()
        return result


def _same_km(left, right):
    return float_compare(left or 0.0, right or 0.0, precision_digits=1) == 0
