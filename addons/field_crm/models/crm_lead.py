from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class CrmLead(models.Model):
    """A lead is *in a pool* while it has a pool and no salesperson. The pool stays on it after a
    claim: the limits count it there and a return goes back there."""

    _inherit = "crm.lead"

    field_pool_id = fields.Many2one(
        "field.lead.pool",
        string="Lead Pool",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Without a salesperson the lead lies in this pool, and its members may claim it.",
    )
    field_in_pool = fields.Boolean(
        string="In the Pool", compute="_compute_field_in_pool", search="_search_field_in_pool"
    )
    field_can_claim = fields.Boolean("I Can Claim It", compute="_compute_field_can_claim")
    field_can_return = fields.Boolean("I Can Return It", compute="_compute_field_can_return")
    field_claim_ids = fields.One2many("field.lead.claim", "lead_id", string="Claim History")
    field_lat = fields.Float(
        "Latitude",
        digits=(10, 7),
        compute="_compute_field_position",
        store=True,
        readonly=False,
        help="WGS-84. Taken from the customer, editable while the lead has none. 0/0: unknown.",
    )
    field_lng = fields.Float(
        "Longitude", digits=(10, 7), compute="_compute_field_position", store=True, readonly=False
    )

    @api.depends("field_pool_id", "user_id")
    def _compute_field_in_pool(self):
        for lead in self:
            lead.field_in_pool = bool(lead.field_pool_id and not lead.user_id)

    def _search_field_in_pool(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("field_pool_id", "!=", False) & Domain("user_id", "=", False)

    @api.depends_context("uid")
    @api.depends("field_pool_id", "user_id", "won_status", "active")
    def _compute_field_can_claim(self):
        for lead in self:
            members = lead.field_pool_id.sudo().member_ids
            claimable = lead.field_in_pool and lead.active and lead.won_status == "pending"
            lead.field_can_claim = claimable and self.env.user in members

    @api.depends_context("uid")
    @api.depends("field_pool_id", "user_id")
    def _compute_field_can_return(self):
        for lead in self:
            lead.field_can_return = not lead._get_cannot_return_reason()

    @api.depends("partner_id.partner_latitude", "partner_id.partner_longitude")
    def _compute_field_position(self):
        for lead in self:
            position = lead.partner_id and lead.partner_id._field_position()
            # A lead keeps the place somebody gave it while its customer has none.
            lat, lng = position or (lead.field_lat, lead.field_lng)
            lead.field_lat, lead.field_lng = lat, lng

    @api.depends("field_pool_id")
    def _compute_company_id(self):
        """A pool belongs to one company, and so does what lies in it; core would empty the
        company of a lead that has neither team nor salesperson."""
        super()._compute_company_id()
        for lead in self:
            company = lead.field_pool_id.company_id
            if company and (not lead.user_id or company in lead.user_id.company_ids):
                lead.company_id = company

    def _compute_sale_data(self):
        # An auditor reads leads, not orders; the form shows him these figures as zero.
        if self.env["sale.order"].has_access("read"):
            super()._compute_sale_data()
            return
        for lead in self:
            lead.sale_amount_total = lead.quotation_count = lead.sale_order_count = 0

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False
    ):
        # Set by `crm.team._allocate_leads`, whose own domain cannot be extended.
        if self.env.context.get("field_skip_pool_leads"):
            domain = Domain(domain) & Domain("field_in_pool", "=", False)
        return super()._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access
        )

    # ------------------------------------------------------------
    # One gate for every way to change the owner
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads.filtered("field_pool_id")._log_owner_changes({})
        return leads

    def write(self, vals):
        """Keep the rules and the history of the pools on every path: button, form, list edit,
        import, merge, conversion, RPC."""
        self._check_pool_closing(vals)
        if not vals.keys() & {"user_id", "field_pool_id"}:
            return super().write(vals)
        self._check_pool_change(vals)
        before = {lead.id: (lead.field_pool_id.id, lead.user_id.id) for lead in self.sudo()}
        result = super().write(vals)
        self._log_owner_changes(before)
        return result

    def _check_pool_closing(self, vals):
        """Nobody takes a lead out of the others' reach by closing what he has not claimed.

        :raises UserError: a lead lies in its pool, and the user neither leads nor manages
        """
        closes = (
            ("active" in vals and not vals["active"])
            or (vals.get("probability") or 0) >= 100
            or (vals.get("stage_id") and self.env["crm.stage"].browse(vals["stage_id"]).is_won)
        )
        if not closes or self._may_manage_pools():
            return
        if not self.env.user.has_group("field_base.field_base_group_leader"):
            for lead in self.filtered("field_in_pool"):
                raise lead._get_claim_first_error()

    def _check_pool_change(self, vals):
        """:raises UserError: the owner or the pool may not be changed like this by this user"""
        if self._may_manage_pools():
            return
        pooled = self.filtered("field_pool_id")
        new_pool = vals.get("field_pool_id", False)
        if "field_pool_id" in vals and pooled.filtered(lambda le: le.field_pool_id.id != new_pool):
            raise AccessError(
                self.env._("Only a sales manager can move a lead out of its lead pool.")
            )
        new_owner = vals.get("user_id") or False
        free = pooled.filtered("field_in_pool")
        held = pooled - free
        if "user_id" in vals and not new_owner and held:
            raise UserError(self.env._("Use “Return to Pool” and say why."))
        if not new_owner:
            return
        held._check_hand_on(self.env["res.users"].browse(new_owner))
        if not free:
            return
        if new_owner == self.env.uid:
            # Typed into the salesperson field: the same step as the button, the same limits.
            free._check_claim()
        elif self.env.user not in self.env["res.users"].sudo().browse(new_owner).field_leader_ids:
            raise AccessError(
                self.env._("Leads in a pool are claimed. Only a leader can hand them out.")
            )

    def _check_hand_on(self, receiver):
        """Two friends who hand a claimed lead to each other would have fresh clocks each time, past
        the limits and the waiting time of the pool.

        :raises AccessError: the user leads neither who holds the lead nor who would get it
        """
        moved = self.filtered(
            lambda lead: lead.user_id != receiver and not lead.sudo()._is_converted_for_pool()
        )
        leaders = receiver.sudo().field_leader_ids
        if any(
            self.env.user not in leaders | lead.user_id.sudo().field_leader_ids for lead in moved
        ):
            raise AccessError(
                self.env._(
                    "Only a leader hands on a lead that was claimed. Return it to the pool and say "
                    "why."
                )
            )

    @api.model
    def _may_manage_pools(self):
        return (
            self.env.su
            or self.env.user.has_group("sales_team.group_sale_manager")
            or self.env.user.has_group("field_base.field_base_group_admin")
        )

    def _log_owner_changes(self, before):
        """Write one history row per lead whose owner changed and that has, or had, a pool.

        :param before: ``{lead id: (pool id, user id)}`` as it was before the write
        """
        vals_list = []
        for lead in self.sudo():
            old_pool, old_user = before.get(lead.id, (False, False))
            pool, user = lead.field_pool_id.id, lead.user_id.id
            if user == old_user or not (pool or old_pool):
                continue
            if not user and pool:
                event = "return"
            elif user == self.env.uid and not old_user and old_pool:
                event = "claim"
            else:
                event = "assign"
            if not user and not pool:
                continue  # emptied in one write with its pool: an ordinary unassigned lead
            vals_list.append(lead._prepare_claim_vals(event, pool or old_pool, user or old_user))
        if vals_list:
            self.env["field.lead.claim"]._insert(vals_list)
            taken = [vals["lead_id"] for vals in vals_list if vals["event"] in ("claim", "assign")]
            self.env["field.lead.swap"].sudo()._look_at(self.sudo().browse(taken))
        changed = self.sudo().filtered(
            lambda lead: (
                before.get(lead.id, (False, False)) != (lead.field_pool_id.id, lead.user_id.id)
            )
        )
        if changed:
            held = changed.filtered(lambda lead: before.get(lead.id, (False, False))[1])
            if held:
                self.env["field.lead.extension"].sudo()._lapse(held)
            changed._after_owner_change()
        entered = changed.filtered("field_in_pool")
        if entered:
            entered._after_entering_pool()

    def _prepare_claim_vals(self, event, pool_id, user_id):
        pool = self.env["field.lead.pool"].sudo().browse(pool_id)
        return {
            "lead_id": self.id,
            "lead_name": self.name,
            "pool_id": pool_id,
            "user_id": user_id,
            "company_id": pool.company_id.id,
            "claimed_at": fields.Datetime.now(),
            "event": event,
            # Of the holding that ends; the clocks of the next one start after this.
            "contact_at": self.field_contact_at if event == "return" else False,
            "reason": self.env.context.get("field_return_reason") if event == "return" else False,
        }

    def _merge_opportunity(self, user_id=False, team_id=False, auto_unlink=True, max_length=5):
        """A merge deletes leads and gives what they held to another one's owner."""
        if not self._may_manage_pools() and self.filtered("field_in_pool"):
            raise UserError(
                self.env._("Claim the leads that are still in a pool before you merge them.")
            )
        return super()._merge_opportunity(
            user_id=user_id, team_id=team_id, auto_unlink=auto_unlink, max_length=max_length
        )
