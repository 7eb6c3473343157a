from odoo import api, fields, models

CATEGORIES = [
    ("commit", "Commit"),
    ("best", "Best case"),
    ("pipeline", "Pipeline"),
    ("omitted", "Not in the forecast"),
]
# Without a word of the salesperson the weight of the stage speaks.
COMMIT_FROM, BEST_FROM = 80, 60


class CrmLead(models.Model):
    """When a deal brings cash, and how sure its salesperson is."""

    _inherit = "crm.lead"

    field_forecast_choice = fields.Selection(
        CATEGORIES,
        "Forecast",
        copy=False,
        tracking=True,
        help="What you promise. Empty: by the weight of the stage, from 80 % on commit, from 60 % "
        "on best case.",
    )
    field_forecast_category = fields.Selection(
        CATEGORIES, "Counted as", compute="_compute_field_forecast_category"
    )

    @api.depends("field_forecast_choice", "stage_id.field_weight")
    def _compute_field_forecast_category(self):
        for lead in self:
            weight = lead.stage_id.field_weight
            by_weight = (
                "commit" if weight >= COMMIT_FROM else "best" if weight >= BEST_FROM else "pipeline"
            )
            lead.field_forecast_category = lead.field_forecast_choice or by_weight

    def _field_get_payment_term(self):
        """The terms the customer will pay by: of the latest quotation, else his own."""
        self.ensure_one()
        orders = self.sudo().order_ids.filtered(lambda order: order.state != "cancel")
        latest = orders.sorted("id")[-1:]
        return latest.payment_term_id or self.partner_id.property_payment_term_id

    def _field_get_cash(self):
        """Cash of one deal if it is signed on its expected date.

        :return: list of ``(date, full amount)``
        """
        self.ensure_one()
        return self.env["field.forecast"]._spread_over_term(
            self.expected_revenue or 0.0,
            self._field_get_payment_term(),
            self.date_deadline,
            self.company_currency or self.env.company.currency_id,
        )
