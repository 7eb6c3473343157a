from odoo import api, fields, models
from odoo.exceptions import UserError


class FieldLeadClaim(models.Model):
    """Who held which lead of a pool, from when, and why it came back. One row per change of
    owner, written by the change itself (`crm.lead.write`), never altered afterwards."""

    _name = "field.lead.claim"
    _description = "Lead Claim"
    _inherit = ["field.scope.mixin"]
    _order = "claimed_at desc, id desc"
    _rec_name = "lead_name"

    # The row outlives the lead (merge, deletion): the name is kept beside the link.
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="set null"
    )
    lead_name = fields.Char(readonly=True, required=True)
    pool_id = fields.Many2one(
        "field.lead.pool", readonly=True, required=True, index=True, ondelete="restrict"
    )
    # No company check: somebody who has left the company may still have held the lead.
    user_id = fields.Many2one(
        string="Salesperson",
        readonly=True,
        check_company=False,
        help="Who took the lead, or who held it until then.",
    )
    company_id = fields.Many2one(readonly=True)
    claimed_at = fields.Datetime("When", readonly=True, required=True)
    event = fields.Selection(
        [("claim", "Claimed"), ("assign", "Assigned"), ("return", "Returned")],
        readonly=True,
        required=True,
    )
    reason = fields.Char(readonly=True)

    _user_day_idx = models.Index("(user_id, pool_id, claimed_at)")

    def write(self, vals):
        if self:
            raise UserError(self.env._("The claim history cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The claim history cannot be deleted."))
