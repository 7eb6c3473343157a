from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

RIGHTS = [
    ("read", "Reads"),
    ("comment", "Reads and comments"),
    ("edit", "Works on the deal"),
]


class FieldDealRole(models.Model):
    """What somebody does in the team of a big deal, and what that usually means for him."""

    _name = "field.deal.role"
    _description = "Role in a Deal"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    right = fields.Selection(RIGHTS, required=True, default="comment")
    commission_share = fields.Float("Share of commission (%)")

    _share_range = models.Constraint(
        "CHECK(commission_share BETWEEN 0 AND 100)", "A share is between 0 and 100 %."
    )


class FieldDealMember(models.Model):
    """Somebody who works on a deal that is not his: the row opens the deal to him, and taking it
    away closes the deal again (`security/field_deal_security.xml`)."""

    _name = "field.deal.member"
    _description = "Member of a Deal"
    _order = "lead_id, id"
    _rec_name = "user_id"
    _check_company_auto = True

    lead_id = fields.Many2one("crm.lead", "Deal", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
        check_company=True,
    )
    role_id = fields.Many2one("field.deal.role", required=True, ondelete="restrict")
    right = fields.Selection(
        RIGHTS,
        required=True,
        compute="_compute_from_role",
        store=True,
        readonly=False,
        precompute=True,
    )
    commission_share = fields.Float(
        "Share of commission (%)",
        compute="_compute_from_role",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
    )
    until = fields.Date(help="The last day the deal is open to him. Empty: until he is taken out.")
    is_active_now = fields.Boolean(compute="_compute_is_active_now")

    _person_uniq = models.UniqueIndex(
        "(lead_id, user_id)", "He is in the team of the deal already."
    )
    _share_range = models.Constraint(
        "CHECK(commission_share BETWEEN 0 AND 100)", "A share is between 0 and 100 %."
    )

    @api.depends("role_id")
    def _compute_from_role(self):
        for member in self:
            member.right = member.role_id.right or "comment"
            member.commission_share = member.role_id.commission_share

    @api.depends("until")
    def _compute_is_active_now(self):
        today = fields.Date.context_today(self)  # as the record rules read "today"
        for member in self:
            member.is_active_now = not member.until or member.until >= today

    @api.constrains("commission_share", "lead_id")
    def _check_shares(self):
        for lead in self.lead_id:
            if sum(lead.sudo().field_member_ids.mapped("commission_share")) > 100:
                raise ValidationError(
                    self.env._("The shares of “%(deal)s” are more than 100 %%.", deal=lead.name)
                )

    @api.constrains("user_id")
    def _check_can_open_deals(self):
        for member in self:
            if not member.user_id.has_groups(
                "sales_team.group_sale_salesman,field_crm.field_crm_group_expert"
            ):
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot open deals yet: an administrator must give him the group "
                        "“Deal expert” first.",
                        name=member.user_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        for member in members:
            member._tell()
        return members

    def _tell(self):
        """Say it once. Nobody is made a follower: followers get every message, also after the day
        the deal was closed to them."""
        user, deal = self.user_id.sudo(), self.lead_id.sudo()
        env = self.with_context(lang=user.lang).env
        role = self.role_id.with_env(env).name
        text = env._("You are in the team of this deal as: %(role)s.", role=role)
        self.env["field.notice"]._notify(
            "deal", user, deal.name, text, author=self.env.user, record=deal
        )

    def write(self, vals):
        # The row opens a deal: another deal or another person is another row, with its own checks.
        if {"lead_id", "user_id"} & vals.keys():
            self._check_same(vals)
        return super().write(vals)

    def _check_same(self, vals):
        for member in self:
            if any(
                vals.get(name, member[name].id) != member[name].id
                for name in ("lead_id", "user_id")
            ):
                raise ValidationError(self.env._("Take the person out and add the other one."))

    def unlink(self):
        self._unfollow()
        return super().unlink()

    def _unfollow(self):
        for member in self:
            member.lead_id.sudo().message_unsubscribe(partner_ids=member.user_id.partner_id.ids)

    @api.autovacuum
    def _gc_ended(self):
        """Who followed a deal himself gets no more of its messages once his time in it is over."""
        yesterday = fields.Date.subtract(fields.Date.today(), days=1)
        week_ago = fields.Date.subtract(yesterday, days=7)
        self.search([("until", ">=", week_ago), ("until", "<=", yesterday)])._unfollow()

    @api.model
    def _get_open_domain(self, user):
        """Memberships that open a deal to somebody today."""
        return Domain("user_id", "=", user.id) & (
            Domain("until", "=", False) | Domain("until", ">=", fields.Date.context_today(self))
        )
