from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.field_base.tools.times import local_date, local_hour


class FieldLeadPool(models.Model):
    """A shared stock of leads without an owner. Its members may claim them, within the limits.

    Zero in a limit means "no limit": a pool restricts nobody until somebody says so.
    """

    _name = "field.lead.pool"
    _description = "Lead Pool"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    description = fields.Text(help="What belongs in this pool and who takes care of it.")
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        check_company=True,
        ondelete="set null",
        help="A claimed lead goes to this sales team. Empty: to the team of the person who claims.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "field_lead_pool_member_rel",
        "pool_id",
        "user_id",
        string="Members",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Only members see the leads of the pool and may claim them.",
    )
    holding_cap = fields.Integer(
        string="Leads Held at Most",
        tracking=True,
        help="Open leads of this pool one person may hold at the same time. 0: no limit.",
    )
    claims_per_day = fields.Integer(
        string="Claims per Day",
        tracking=True,
        help="Leads of this pool one person may claim per day, in his own time zone. 0: no limit.",
    )
    mask_contacts = fields.Boolean(
        "Hide Contacts until Claimed",
        default=True,
        tracking=True,
        help="Members do not see telephone, e-mail, website, messages and files of a lead before "
        "they claim it.",
    )
    lead_ids = fields.One2many("crm.lead", "field_pool_id", string="Leads")
    free_count = fields.Integer("Leads to Claim", compute="_compute_lead_counts")
    held_count = fields.Integer("Leads Held by Members", compute="_compute_lead_counts")
    my_held_count = fields.Integer("Held by Me", compute="_compute_my_counts")
    my_today_count = fields.Integer("Claimed by Me Today", compute="_compute_my_counts")
    is_member = fields.Boolean("I Am a Member", compute="_compute_is_member")

    _holding_cap_positive = models.Constraint(
        "CHECK(holding_cap >= 0)", "The number of leads held at most cannot be negative."
    )
    _claims_per_day_positive = models.Constraint(
        "CHECK(claims_per_day >= 0)", "The number of claims per day cannot be negative."
    )

    def _compute_lead_counts(self):
        open_leads = [("field_pool_id", "in", self.ids), ("won_status", "=", "pending")]
        groups = self.env["crm.lead"]._read_group(
            open_leads, ["field_pool_id", "user_id"], ["__count"]
        )
        free, held = {}, {}
        for pool, user, count in groups:
            counts = held if user else free
            counts[pool.id] = counts.get(pool.id, 0) + count
        for pool in self:
            pool.free_count = free.get(pool.id, 0)
            pool.held_count = held.get(pool.id, 0)

    @api.depends_context("uid")
    def _compute_my_counts(self):
        held = self._get_held_counts(self.env.user)
        today = self._get_today_counts(self.env.user)
        for pool in self:
            pool.my_held_count = held.get(pool.id, 0)
            pool.my_today_count = today.get(pool.id, 0)

    @api.depends_context("uid")
    @api.depends("member_ids")
    def _compute_is_member(self):
        for pool in self:
            pool.is_member = self.env.user in pool.sudo().member_ids

    # The menu "Lead Pool" of CRM exists only once there is a pool (ir.ui.menu is cached per user).

    @api.model_create_multi
    def create(self, vals_list):
        pools = super().create(vals_list)
        self.env.registry.clear_cache()
        return pools

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # ------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------

    def _get_held_counts(self, user):
        """:return: ``{pool id: open leads of the pool that the user holds now}``"""
        if not self:
            return {}
        groups = (
            self.env["crm.lead"]
            .sudo()
            ._read_group(
                [
                    ("field_pool_id", "in", self.ids),
                    ("user_id", "=", user.id),
                    ("won_status", "=", "pending"),
                ],
                ["field_pool_id"],
                ["__count"],
            )
        )
        return {pool.id: count for pool, count in groups}

    def _get_today_counts(self, user):
        """:return: ``{pool id: claims of the user since midnight in his time zone}``"""
        if not self:
            return {}
        groups = (
            self.env["field.lead.claim"]
            .sudo()
            ._read_group(
                [
                    ("pool_id", "in", self.ids),
                    ("user_id", "=", user.id),
                    ("event", "=", "claim"),
                    ("claimed_at", ">=", self._get_day_start(user)),
                ],
                ["pool_id"],
                ["__count"],
            )
        )
        return {pool.id: count for pool, count in groups}

    @api.model
    def _get_day_start(self, user):
        """:return: midnight of the user's current local day, as naive UTC"""
        tz = user._field_tz()
        return local_hour(local_date(fields.Datetime.now(), tz), 0, tz)

    def _get_open_to(self, user):
        """:return: those of these pools the user may claim from: a member, of their company"""
        if not self:
            return self
        query = SQL(
            """SELECT pool.id FROM field_lead_pool pool
                 JOIN field_lead_pool_member_rel m ON m.pool_id = pool.id AND m.user_id = %(user)s
                 JOIN res_company_users_rel c ON c.cid = pool.company_id AND c.user_id = m.user_id
                WHERE pool.id = ANY(%(pools)s)""",
            user=user.id,
            pools=self.ids,
            to_flush=self._fields["member_ids"],
        )
        return self.browse(row[0] for row in self.env.execute_query(query))

    def _reserve_quota(self, user):
        """Make claims of one person in a limited pool exclude each other until commit.

        Two requests at once (two devices, a double tap) would each count the claims they can
        see and pass the limit together. Touching the membership row makes the second one fail
        with a retryable database error, at once (NOWAIT) or when it meets the new row version;
        Odoo then runs that request again and it sees the first one's claim.
        """
        limited = self.filtered(lambda pool: pool.holding_cap or pool.claims_per_day)
        if not limited:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE field_lead_pool_member_rel SET user_id = user_id
                 WHERE user_id = %(user)s AND pool_id IN (
                    SELECT pool_id FROM field_lead_pool_member_rel
                     WHERE user_id = %(user)s AND pool_id IN %(pools)s
                     ORDER BY pool_id FOR NO KEY UPDATE NOWAIT)
                """,
                user=user.id,
                pools=tuple(limited.ids),
            )
        )

    def _get_free_slots(self, user):
        """How many more leads the user may claim, per pool and limit.

        :return: ``{pool id: (slots left by the holding cap, claims left today)}``; ``None``
            stands for "no limit"
        """
        # Counted only where there is something to compare with: a claim should cost little.
        held = self.filtered("holding_cap")._get_held_counts(user)
        today = self.filtered("claims_per_day")._get_today_counts(user)
        return {
            pool.id: (
                pool.holding_cap - held.get(pool.id, 0) if pool.holding_cap else None,
                pool.claims_per_day - today.get(pool.id, 0) if pool.claims_per_day else None,
            )
            for pool in self
        }

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_open_free_leads(self):
        """Open the leads of this pool that can be claimed now."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("field_crm.crm_lead_action_pool")
        action["display_name"] = self.name
        action["domain"] = [("field_in_pool", "=", True), ("field_pool_id", "=", self.id)]
        action["context"] = {"default_field_pool_id": self.id, "default_user_id": False}
        return action

    def action_open_held_leads(self):
        """Open the open leads of this pool that somebody holds, grouped by person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("field_crm.crm_lead_action_held")
        action["display_name"] = self.name
        action["domain"] = [
            ("field_pool_id", "=", self.id),
            ("user_id", "!=", False),
            ("won_status", "=", "pending"),
        ]
        action["context"] = {"search_default_group_user": 1}
        return action

    def action_open_due_leads(self):
        """Open the held leads of this pool that go back within a day."""
        self.ensure_one()
        action = self.action_open_held_leads()
        action["context"] = {"search_default_due": 1, "search_default_group_user": 1}
        return action

    def action_open_claims(self):
        """Open the history of claims and returns of this pool."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("field_crm.field_lead_claim_action")
        action["domain"] = [("pool_id", "=", self.id)]
        return action
