from odoo import api, fields, models
from odoo.exceptions import UserError

#: What was agreed to, not what was only asked for.
PLANNED = ("approved", "done")


class ResCompany(models.Model):
    _inherit = "res.company"

    field_request_needs = fields.Selection(
        [
            ("nothing", "Nothing"),
            ("hours", "The hours used"),
            ("cost", "The hours used and what it cost"),
        ],
        "Asked for when a request for help is closed",
        default="nothing",
        required=True,
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    field_request_needs = fields.Selection(related="company_id.field_request_needs", readonly=False)


class FieldDealRequest(models.Model):
    """What the help took: asked for at the end where the company wants it."""

    _inherit = "field.deal.request"

    currency_id = fields.Many2one(related="lead_id.company_currency")
    cost_used = fields.Monetary(
        "Cost", tracking=True, help="Travel, samples and other costs of this help."
    )

    _cost_positive = models.Constraint("CHECK(cost_used >= 0)", "The cost cannot be negative.")

    def _get_needs(self):
        """What the company wants to know of the help before it is closed."""
        return (self.company_id or self.env.company).sudo().field_request_needs

    def _check_used(self):
        """:raises UserError: the company wants to know what the help took, and nobody has said"""
        self.ensure_one()
        needs = self._get_needs()
        if needs != "nothing" and not self.hours_used:
            raise UserError(self.env._("Enter the hours used first."))
        if needs == "cost" and not self.cost_used:
            raise UserError(self.env._("Enter what it cost first."))


class CrmLead(models.Model):
    """Per deal: the help agreed to, and what it took."""

    _inherit = "crm.lead"

    field_request_hours = fields.Float(
        "Hours agreed to", compute="_compute_field_request_totals", compute_sudo=True
    )
    field_request_hours_used = fields.Float(
        "Hours used", compute="_compute_field_request_totals", compute_sudo=True
    )
    field_request_cost = fields.Monetary(
        "Cost of help",
        currency_field="company_currency",
        compute="_compute_field_request_totals",
        compute_sudo=True,
    )

    @api.depends(*(f"field_request_ids.{n}" for n in ("state", "hours", "hours_used", "cost_used")))
    def _compute_field_request_totals(self):
        for deal in self:
            agreed = deal.field_request_ids.filtered(lambda one: one.state in PLANNED)
            deal.field_request_hours = sum(agreed.mapped("hours"))
            deal.field_request_hours_used = sum(agreed.mapped("hours_used"))
            deal.field_request_cost = sum(agreed.mapped("cost_used"))

    def action_field_open_requests(self):
        """The requests behind the totals of a deal."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_crm.field_deal_request_action"
        )
        return {
            **action,
            "domain": [("lead_id", "=", self.id)],
            "context": {"default_lead_id": self.id},
        }
