from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


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
        [
            ("claim", "Claimed"),
            ("assign", "Assigned"),
            ("return", "Returned"),
            ("recycle", "Recycled"),
        ],
        readonly=True,
        required=True,
    )
    reason = fields.Char(readonly=True)
    contact_at = fields.Datetime(
        "First Contact", readonly=True, help="By the person who held the lead until then."
    )
    clock = fields.Selection(
        [("contact", "First contact"), ("followup", "Follow-up"), ("convert", "Opportunity")],
        "Clock That Ran out",
        readonly=True,
    )

    _user_day_idx = models.Index("(user_id, pool_id, claimed_at)")
    _lead_time_idx = models.Index("(lead_id, claimed_at DESC) WHERE lead_id IS NOT NULL")

    @api.model
    def _insert(self, vals_list):
        """Write rows of the history straight into their table: a row computes, tracks and checks
        nothing, and a claim should cost little.

        :param vals_list: dicts with the same keys, of columns
        """
        now, uid = self.env.cr.now(), self.env.uid
        stamp = {"create_uid": uid, "create_date": now, "write_uid": uid, "write_date": now}
        names = [*vals_list[0], *stamp]
        rows = [
            SQL("%s", tuple(None if v is False else v for v in (*vals.values(), *stamp.values())))
            for vals in vals_list
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO field_lead_claim (%s) VALUES %s",
                SQL(", ").join(SQL.identifier(name) for name in names),
                SQL(", ").join(rows),
            )
        )
        leads = self.env["crm.lead"].browse(vals["lead_id"] for vals in vals_list)
        leads.invalidate_recordset(["field_claim_ids"], flush=False)

    def write(self, vals):
        if self:
            raise UserError(self.env._("The claim history cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The claim history cannot be deleted."))
