from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class FieldLeadExtension(models.Model):
    """Somebody asks his leader for time with a lead: more of it, or to confirm that what he has
    noted was a real follow-up."""

    _name = "field.lead.extension"
    _description = "Request for Time with a Lead"
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
    kind = fields.Selection(
        [("time", "More time"), ("note", "Follow-up to confirm")],
        default="time",
        required=True,
        readonly=True,
    )
    reason = fields.Char("Reason or Note", required=True, readonly=True)
    days = fields.Integer("More Days", readonly=True)
    deadline = fields.Datetime("Would Have Gone Back at", readonly=True)
    held_since = fields.Datetime("Held since", readonly=True)
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("lapsed", "Lapsed"),
        ],
        default="asked",
        required=True,
        readonly=True,
        index=True,
    )
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="set null")
    decided_at = fields.Datetime("Decided at", readonly=True)
    can_decide = fields.Boolean("I Can Decide", compute="_compute_can_decide")

    _open_uniq = models.UniqueIndex(
        "(lead_id, kind) WHERE state = 'asked'", "This has already been asked for."
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
        """Give the time asked for, and every running clock of the lead moves by it; or confirm the
        follow-up, which then counts from the moment it was noted.

        :raises AccessError: not the person's leader and no manager of pools
        """
        held = self._check_can_decide().filtered(lambda r: r.lead_id.user_id == r.user_id)
        for request in held.filtered(lambda r: r.kind == "time"):
            request.lead_id.field_extensions += 1
            request.lead_id._refresh_deadlines()
        self._decide("granted")
        held.filtered(lambda r: r.kind == "note").lead_id._look_at_touches()
        return True

    def action_refuse(self):
        """Refuse; the clocks run on.

        :raises AccessError: not the person's leader and no manager of pools
        """
        self._check_can_decide()
        self._decide("refused")
        return True

    @api.model
    def _lapse(self, leads):
        """Nobody decides for somebody who does not hold the lead any more; and what he asked for
        does not stand in the way of the next owner."""
        self.search([("lead_id", "in", leads.ids), ("state", "=", "asked")]).state = "lapsed"

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
        body = env._("%(lead)s: the clocks run on.", lead=self.lead_name)
        if self.kind == "note":
            subject = env._("Follow-up confirmed") if granted else env._("Follow-up not confirmed")
            if granted:
                body = env._("%(lead)s: it counts as a real follow-up.", lead=self.lead_name)
        else:
            subject = env._("More time granted") if granted else env._("More time refused")
            if granted:
                body = env._("%(lead)s: %(days)s more days.", lead=self.lead_name, days=self.days)
        self.env["crm.lead"]._tell(self.user_id, subject, body)

    def _tell_leader(self):
        """The lead stays for two days at most: who decides must know now."""
        for request in self:
            for leader in request.user_id._field_nearest_leader():
                env = request.with_context(lang=leader.lang).env
                user = request.user_id.name
                subject = env._("%(user)s asks for more time with a lead", user=user)
                if request.kind == "note":
                    subject = env._("%(user)s asks you to confirm a follow-up", user=user)
                self.env["crm.lead"]._tell(
                    leader, subject, f"{request.lead_name}: {request.reason}"
                )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    field_extension_ids = fields.One2many("field.lead.extension", "lead_id", "Extensions Asked for")
    field_can_extend = fields.Boolean(
        "I Can Ask for More Time", compute="_compute_field_can_extend"
    )

    field_can_confirm = fields.Boolean(
        "I Can Have a Follow-up Confirmed", compute="_compute_field_can_extend"
    )

    @api.depends_context("uid")
    @api.depends("field_recycle_at", "field_extensions", "user_id", "field_extension_ids.state")
    def _compute_field_can_extend(self):
        for lead in self:
            lead.field_can_extend = not lead._get_cannot_extend_reason()
            lead.field_can_confirm = not lead._get_cannot_confirm_reason()

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
        return self._ask_leader("time", reason)

    def action_ask_confirmation(self, note):
        """Ask the leader to confirm that what was done with one's lead is a real follow-up.

        :param str note: what was done and what came out of it
        :raises UserError: too short, not one's own lead, no clock runs, asked already, or notes do
            not count in this company
        """
        note = (note or "").strip() if isinstance(note, str) else ""
        self.check_access("write")
        for lead in self:
            if message := lead._get_cannot_confirm_reason(note):
                raise UserError(message)
        return self._ask_leader("note", note)

    def _ask_leader(self, kind, reason):
        # sudo: the request is made for the person himself, with the values of the pool
        requests = (
            self.env["field.lead.extension"]
            .sudo()
            .create([lead.sudo()._prepare_extension_vals(kind, reason) for lead in self])
        )
        requests._tell_leader()
        return requests

    def _prepare_extension_vals(self, kind, reason):
        pool = self.field_pool_id
        return {
            "lead_id": self.id,
            "lead_name": self.name,
            "pool_id": pool.id,
            "user_id": self.user_id.id,
            "company_id": pool.company_id.id,
            "kind": kind,
            "reason": reason,
            "days": pool.extension_days if kind == "time" else 0,
            "deadline": self.field_recycle_at,
            "held_since": self.field_clock_start,
        }

    def _get_cannot_extend_reason(self):
        """:returns: the sentence that explains why not, or False"""
        if reason := self._get_cannot_ask_reason("time"):
            return reason
        pool = self.sudo().field_pool_id
        if not pool.extension_days or not pool.extension_max:
            return self.env._("The pool “%(pool)s” gives no more time.", pool=pool.name)
        if self._count_extensions_asked() >= pool.extension_max:
            return self.env._(
                "You have asked for more time with “%(lead)s” as often as its pool allows one "
                "person (%(count)s). The clocks run on.",
                lead=self.name,
                count=pool.extension_max,
            )
        return False

    def _count_extensions_asked(self):
        """How often its present owner has asked for time: a no is an answer too, not a reason to
        ask again until somebody says yes."""
        lead = self.sudo()
        asked = lead.field_extension_ids.filtered(
            lambda r: r.kind == "time" and r.held_since == lead.field_clock_start
        )
        return max(len(asked), lead.field_extensions)

    def _get_extension_state(self):
        """:returns: what the phone shows of more time: ``asked``, ``possible``, ``used`` or False
        where nothing of the kind is to be had"""
        asked = self.sudo().field_extension_ids.filtered(lambda r: r.state == "asked")
        if asked.filtered(lambda r: r.kind == "time"):
            return "asked"
        if not self._get_cannot_extend_reason():
            return "possible"
        pool = self.sudo().field_pool_id
        gives = self.field_recycle_at and pool.extension_days and pool.extension_max
        return "used" if gives else False

    def _get_cannot_ask_reason(self, kind):
        self.ensure_one()
        lead = self.sudo()
        if self.user_id != self.env.user or not lead.field_recycle_at:
            return self.env._("No clock of yours runs for “%(lead)s”.", lead=self.name)
        asked = lead.field_extension_ids.filtered(lambda r: r.state == "asked" and r.kind == kind)
        if asked:
            return self.env._("You have already asked for “%(lead)s”.", lead=self.name)
        return False

    def _get_cannot_confirm_reason(self, note=None):
        """:returns: the sentence that explains why not, or False"""
        if reason := self._get_cannot_ask_reason("note"):
            return reason
        rules = self._get_note_rules()
        if not rules:
            return self.env._("Notes are no follow-up here.")
        shortest = min(rules.mapped("min_chars"))
        if note is not None and len(note) < max(shortest, 1):
            return self.env._(
                "Say what you did and what came out of it, in %(count)s characters at least.",
                count=shortest,
            )
        return False

    def _get_note_rules(self):
        company = self.sudo().field_pool_id.company_id
        # sudo: what counts is data of the company, asked for whoever holds the lead
        rules = self.env["field.lead.touch.rule"].sudo().search([("kind", "=", "note")])
        return rules.filtered(lambda r: not r.company_id or r.company_id == company)
