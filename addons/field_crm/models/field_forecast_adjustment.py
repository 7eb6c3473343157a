from odoo import api, fields, models
from odoo.exceptions import AccessError


class FieldForecastAdjustment(models.Model):
    """What a leader adds to or takes from the forecast of a month, and why. The figures below stay
    as they are: everybody sees what is arithmetic and what is judgement."""

    _name = "field.forecast.adjustment"
    _description = "Forecast Adjustment"
    _order = "month desc, id desc"
    _rec_name = "note"

    month = fields.Date(required=True, index=True, help="Any day of the month.")
    user_id = fields.Many2one(
        "res.users",
        "Whose forecast",
        required=True,
        index=True,
        domain=[("share", "=", False)],
        ondelete="cascade",
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(required=True, help="Negative: less than the arithmetic says.")
    note = fields.Char("Why", required=True)

    _amount_not_zero = models.Constraint("CHECK(amount != 0)", "An adjustment is not zero.")

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create([self._first_of_month(vals) for vals in vals_list])
        rows._check_is_leader()
        return rows

    def write(self, vals):
        result = super().write(self._first_of_month(vals))
        self._check_is_leader()
        return result

    def _first_of_month(self, vals):
        if vals.get("month"):
            return {**vals, "month": fields.Date.to_date(vals["month"]).replace(day=1)}
        return vals

    def _check_is_leader(self):
        """:raises AccessError: somebody judges a forecast that is not his or his people's"""
        if self.env.su or self.env.user.has_groups(
            "sales_team.group_sale_manager,field_base.field_base_group_admin"
        ):
            return
        for row in self:
            if self.env.user not in row.user_id | row.sudo().user_id.field_leader_ids:
                raise AccessError(self.env._("You adjust the forecast of your own people only."))

    @api.model
    def _get_sums(self, begin, user_id=0):
        """:return: ``{first day of month: amount}``, of the rows the person sees"""
        domain = [("company_id", "=", self.env.company.id), ("month", ">=", begin)]
        if user_id:
            domain.append(("user_id", "=", user_id))
        return dict(self._read_group(domain, ["month:month"], ["amount:sum"]))
