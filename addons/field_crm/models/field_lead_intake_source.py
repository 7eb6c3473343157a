"""Who may send leads to us by the API, and with which key."""

from odoo import api, fields, models


class FieldLeadSource(models.Model):
    """One place leads come from: a website, a fair, a service. Its key opens the API for exactly
    this source, company and pool."""

    _name = "field.lead.source"
    _description = "Lead Source with a Key"
    _inherit = ["field.api.key.mixin"]
    _order = "name, id"
    _check_company_auto = True

    source_id = fields.Many2one("utm.source", required=True, ondelete="restrict")
    medium_id = fields.Many2one("utm.medium", ondelete="set null")
    campaign_id = fields.Many2one("utm.campaign", ondelete="set null")
    team_id = fields.Many2one("crm.team", "Sales Team", check_company=True, ondelete="set null")
    pool_id = fields.Many2one(
        "field.lead.pool",
        "Lead Pool",
        check_company=True,
        ondelete="set null",
        help="Empty: the first pool whose regions and segments take the lead.",
    )
    scope = fields.Selection(
        [("create", "Enter leads"), ("test", "Try only, nothing is entered")],
        "Key Opens",
        required=True,
        default="create",
    )
    intake_ids = fields.One2many("field.lead.intake", "key_id", "Requests")
    lead_count = fields.Integer("Leads", compute="_compute_lead_count")

    _key_uniq = models.UniqueIndex("(key_hash) WHERE key_hash IS NOT NULL", "This key is taken.")
    _rate_positive = models.Constraint(
        "CHECK(rate_limit > 0)", "At least one request a minute must be possible."
    )

    def _compute_lead_count(self):
        groups = self.env["field.lead.intake"]._read_group(
            [("key_id", "in", self.ids)], ["key_id"], ["created_count:sum"]
        )
        counts = {key.id: count for key, count in groups}
        for source in self:
            source.lead_count = counts.get(source.id, 0)

    @api.model
    def _may_manage_keys(self):
        """Also sales managers, for whom leads come in."""
        return self.env["crm.lead"]._may_manage_pools()
