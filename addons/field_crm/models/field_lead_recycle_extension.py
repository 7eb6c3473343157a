from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class FieldLeadExtension(models.Model):
    """Somebody asks for more time with a lead; his leader decides."""

    _name = "field.lead.extension"
    _description = "Request for More Time with a Lead"
    _inherit = ["field.scope.mixin"]
    _order = "id desc"
    _rec_name = "lead_name"

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, index=True, ondelete="cascade"
    )
    lead_name = fields.Char(readonly=True, required=True)
    pool_id = fields.Many2one(
        "field.lead.pool", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(readonly=True, check_company=False)
    company_id = fields.Many2one(readonly=True)
    reason = fields.Char(required=True, readonly=True)
    days = fields.Integer("More Days", readonly=True)
    deadline = fields.Datetime("Would Have Gone Back at", readonly=True)
    state = fields.Selection(
        [("asked", "Asked"), ("granted", "Granted"), ("refused", "Refused")],
        default="asked",
        required=True,
        readonly=True,
        index=True,
    )
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="set null")
    decided_at = fields.Datetime("Decided at", readonly=True)
    can_decide = fields.Boolean("I Can Decide", compute="_compute_can_decide")

    _open_uniq = models.UniqueIndex(
        "(lead_id) WHERE state = 'asked'", "More time has already been asked for."
    )

    @api.depends_context("uid")
    @api.depends("user_id", "state")
    def _compute_can_decide(self):
        for request in self:
            request.can_decide = request.state == "asked" and request._may_decide()

    def _may_decide(self):
        if self.env.user in self.user_id.sudo().field_leader_ids:
            return True
        return self.env.user != self.user_id and self.env["crm.lead"]._may_manage_pools()

    def action_grant(self):
        """Give the time asked for; every running clock of the lead moves by it.

        :raises AccessError: not the person's leader and no manager of pools
        """
        for request in self._check_can_decide():
            lead = request.lead_id
            if lead.user_id == request.user_id:
                lead.field_extensions += 1
                lead._refresh_deadlines()
        self._decide("granted")
        return True

    def action_refuse(self):
        """Refuse; the clocks run on.

        :raises AccessError: not the person's leader and no manager of pools
        """
        self._check_can_decide()
        self._decide("refused")
        return True

    def _check_can_decide(self):
        self.check_access("read")
        for request in self:
            if not request._may_decide():
                raise AccessError(
                    self.env._("The leader of %(user)s decides this.", user=request.user_id.name)
                )
        return self.sudo().filtered(lambda request: request.state == "asked")

    def _decide(self, state):
        requests = self.sudo().filtered(lambda request: request.state == "asked")
        requests.write(
            {"state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()}
        )
        for request in requests:
            request._tell_decision()

    def _tell_decision(self):
        env = self.with_context(lang=self.user_id.lang).env
        granted = self.state == "granted"
        body = (
            env._("%(lead)s: %(days)s more days.", lead=self.lead_name, days=self.days)
            if granted
            else env._("%(lead)s: the clocks run on.", lead=self.lead_name)
        )
        subject = env._("More time granted") if granted else env._("More time refused")
        self.env["crm.lead"]._tell(self.user_id, subject, body)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    field_extension_ids = fields.One2many("field.lead.extension", "lead_id", "Extensions Asked for")
    field_can_extend = fields.Boolean(
        "I Can Ask for More Time", compute="_compute_field_can_extend"
    )

    @api.depends_context("uid")
    @api.depends("field_recycle_at", "field_extensions", "user_id", "field_extension_ids.state")
    def _compute_field_can_extend(self):
        for lead in self:
            lead.field_can_extend = not lead._get_cannot_extend_reason()

    def action_ask_extension(self, reason):
        """Ask the leader for more time with one's lead.

        :param str reason: why, in words; required
        :raises UserError: not one's own lead, no clock runs, asked already, or no extension left
        """
        reason = (reason or "").strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Say what you need the time for."))
        self.check_access("write")
        for lead in self:
            if message := lead._get_cannot_extend_reason():
                raise UserError(message)
        # sudo: the request is made for the person himself, with the values of the pool
        return (
            self.env["field.lead.extension"]
            .sudo()
            .create([lead.sudo()._prepare_extension_vals(reason) for lead in self])
        )

    def _prepare_extension_vals(self, reason):
        pool = self.field_pool_id
        return {
            "lead_id": self.id,
            "lead_name": self.name,
            "pool_id": pool.id,
            "user_id": self.user_id.id,
            "company_id": pool.company_id.id,
            "reason": reason,
            "days": pool.extension_days,
            "deadline": self.field_recycle_at,
        }

    def _get_cannot_extend_reason(self):
        """:returns: the sentence that explains why not, or False"""
        self.ensure_one()
        lead, pool = self.sudo(), self.sudo().field_pool_id
        if self.user_id != self.env.user or not lead.field_recycle_at:
            return self.env._("No clock of yours runs for “%(lead)s”.", lead=self.name)
        if lead.field_extension_ids.filtered(lambda request: request.state == "asked"):
            return self.env._("You have already asked for “%(lead)s”.", lead=self.name)
        if not pool.extension_days or lead.field_extensions >= pool.extension_max:
            return self.env._("“%(lead)s” cannot be extended any more.", lead=self.name)
        return False
