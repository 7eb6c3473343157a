from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html


class FieldDealRequest(models.Model):
    """A salesperson asks for somebody's time; the leader of that person decides."""

    _name = "field.deal.request"
    _description = "Request for Help with a Deal"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "lead_id"
    _check_company_auto = True

    lead_id = fields.Many2one("crm.lead", "Deal", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    role_id = fields.Many2one("field.deal.role", "As", required=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users",
        "Who",
        required=True,
        index=True,
        tracking=True,
        domain=[("share", "=", False)],
        check_company=True,
        ondelete="restrict",
    )
    asked_by_id = fields.Many2one(
        "res.users",
        "Asked by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    needed_on = fields.Date("Needed on")
    hours = fields.Float("Hours asked for", required=True, default=4)
    hours_used = fields.Float("Hours used", tracking=True)
    purpose = fields.Text("What for", required=True)
    state = fields.Selection(
        [("asked", "Asked"), ("approved", "Approved"), ("refused", "Refused"), ("done", "Done")],
        required=True,
        readonly=True,
        default="asked",
        tracking=True,
    )
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime("Decided", readonly=True)
    answer = fields.Text(tracking=True, help="What the leader says with his decision.")
    can_decide = fields.Boolean(compute="_compute_can_decide")

    _hours_positive = models.Constraint("CHECK(hours > 0)", "Say how many hours are needed.")
    _hours_used_positive = models.Constraint(
        "CHECK(hours_used >= 0)", "The hours used cannot be negative."
    )

    @api.depends_context("uid")
    @api.depends("user_id", "state")
    def _compute_can_decide(self):
        for request in self:
            request.can_decide = request.state == "asked" and request._may_decide()

    def _may_decide(self):
        """The leaders of the person asked for; for somebody without one, whoever sees all deals."""
        user, wanted = self.env.user, self.user_id.sudo()
        return user in wanted.field_leader_ids or user.has_groups(
            "sales_team.group_sale_manager,field_base.field_base_group_admin"
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # Nobody asks in somebody else's name, and nobody writes the answer with the question.
            vals["asked_by_id"] = self.env.uid
            answered = ("state", "decided_by_id", "decided_at", "answer")
            for name in (*answered, *self._get_used_fields()):
                vals.pop(name, None)
        requests = super().create(vals_list)
        for request in requests:
            request._tell_leader()
        return requests

    def write(self, vals):
        if not self.env.su:
            self._check_written(set(vals))
        return super().write(vals)

    def _check_written(self, names):
        if names & {"state", "decided_by_id", "decided_at"}:
            raise UserError(self.env._("A request is decided and closed with its buttons."))
        for request in self:
            mine = request.state == "asked" and request.asked_by_id == self.env.user
            if names & set(self._get_asked_fields()) and not mine:
                raise UserError(
                    self.env._("A request is changed by who asked, before it is decided.")
                )
            if "answer" in names and not request.can_decide:
                raise UserError(self.env._("Who decides gives the answer, with the decision."))
            if names & set(self._get_used_fields()) and request.state != "approved":
                raise UserError(
                    self.env._("What the help took is entered between the decision and the end.")
                )

    @api.model
    def _get_asked_fields(self):
        return ("lead_id", "role_id", "user_id", "needed_on", "hours", "purpose", "asked_by_id")

    @api.model
    def _get_used_fields(self):
        return ("hours_used", "cost_used")

    def _tell_leader(self):
        leader = self.user_id.sudo().employee_id.parent_id.user_id or self.user_id
        env = self.with_context(lang=leader.lang).env
        self.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=leader.id,
            summary=env._("Decide on a request for help"),
        )

    def action_approve(self):
        """Let the person work on the deal: he joins its team with the role asked for.

        :raises AccessError: the user is no leader of that person
        """
        for request in self:
            request._check_can_decide()
            request._decide("approved")
            # sudo: the leader decides about his people, the deal is somebody else's
            deal = request.sudo().lead_id
            if request.user_id not in deal.field_member_ids.user_id | deal.user_id:
                self.env["field.deal.member"].sudo().create(
                    {
                        "lead_id": deal.id,
                        "user_id": request.user_id.id,
                        "role_id": request.role_id.id,
                    }
                )

    def action_refuse(self):
        """Say no."""
        for request in self:
            request._check_can_decide()
            request._decide("refused")

    def action_done(self):
        """The help was given; the hours used are kept.

        :raises AccessError: it is neither the person's nor the asker's request
        :raises UserError: not approved, or the hours the company asks for are missing
        """
        for request in self:
            if self.env.user not in request.user_id | request.asked_by_id:
                raise AccessError(self.env._("Only who helped or who asked can close a request."))
            if request.state != "approved":
                raise UserError(self.env._("Only approved requests can be closed."))
            request._check_used()
            request.sudo().state = "done"

    def _check_can_decide(self):
        self.check_access("read")
        if not self._may_decide():
            raise AccessError(self.env._("The leader of %(name)s decides.", name=self.user_id.name))
        if self.state != "asked":
            raise UserError(self.env._("This request is decided already."))

    def _decide(self, state):
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        self._tell_asker()

    def _tell_asker(self):
        """The answer goes to who asked, in his language."""
        user, deal = self.asked_by_id.sudo(), self.lead_id.sudo()
        if user == self.env.user:
            return
        env = self.with_context(lang=user.lang).env
        text = {
            "approved": env._("%(name)s helps with this deal.", name=self.user_id.sudo().name),
            "refused": env._("%(name)s does not help with it.", name=self.user_id.sudo().name),
        }[self.state]
        text = plaintext2html("\n".join(filter(None, [text, self.answer])))
        self.env["field.notice"]._notify(
            "deal", user, deal.name, text, author=self.env.user, record=deal
        )
