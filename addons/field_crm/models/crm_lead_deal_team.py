from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmLead(models.Model):
    """Big deals have a team: pre-sales, a technical expert, the sales director."""

    _inherit = "crm.lead"

    field_member_ids = fields.One2many("field.deal.member", "lead_id", "Deal team", copy=False)
    field_request_ids = fields.One2many("field.deal.request", "lead_id", "Requests", copy=False)
    field_is_member = fields.Boolean(
        "In the deal team", compute="_compute_field_membership", search="_search_field_is_member"
    )
    field_is_editor = fields.Boolean(
        "Works on the deal", compute="_compute_field_membership", search="_search_field_is_editor"
    )

    @api.depends("field_member_ids.user_id", "field_member_ids.right", "field_member_ids.until")
    @api.depends_context("uid")
    def _compute_field_membership(self):
        deals, edited = self._field_deals_joined(), self._field_deals_joined(right="edit")
        for lead in self:
            lead.field_is_member = lead._origin.id in deals
            lead.field_is_editor = lead._origin.id in edited

    def _search_field_is_member(self, operator, _value):
        return self._search_joined(operator)

    def _search_field_is_editor(self, operator, _value):
        return self._search_joined(operator, right="edit")

    def _search_joined(self, operator, **place):
        """The few deals by their number, for the record rules ask this at every search: with a
        subquery beside Odoo's own "mine or nobody's" PostgreSQL reads every lead there is."""
        if operator != "in":  # the ORM turns the others into it
            return NotImplemented
        return Domain("id", "in", self._field_deals_joined(**place))

    @api.model
    def _field_deals_joined(self, **place):
        """Numbers of the deals in whose team the user is today.

        :param place: what else the place in the team must say, such as ``right="edit"``
        """
        Member = self.env["field.deal.member"].sudo()
        wanted = Member._get_open_domain(self.env.user)
        wanted &= Domain.AND([(name, "=", value)] for name, value in place.items())
        query = Member._search(wanted, bypass_access=True)
        return {row[0] for row in self.env.execute_query(query.select("lead_id"))}

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Members who may comment post without being allowed to change the deal."""
        found = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation != "create" or self.env.user.share or not self.ids:
            return found
        Member = self.env["field.deal.member"].sudo()
        mine = Member.search(
            Member._get_open_domain(self.env.user)
            & Domain([("lead_id", "in", self.ids), ("right", "in", ("comment", "edit"))])
        )
        return {**found, **{lead: "read" for lead in self if lead.id in mine.lead_id.ids}}

    def _field_get_commission_shares(self):
        """Who shares in the commission of a deal; the salesperson keeps what is left.

        :return: ``{user: percent}``, together 100; empty without a salesperson and a team
        """
        self.ensure_one()
        shares = {}
        for member in self.sudo().field_member_ids:
            if member.commission_share:
                shares[member.user_id] = member.commission_share
        if self.user_id:
            rest = 100 - sum(shares.values())
            shares[self.user_id] = shares.get(self.user_id, 0) + rest
        return {user: share for user, share in shares.items() if share}

    def action_field_ask_for_help(self):
        """Ask for somebody's time for this deal."""
        self.ensure_one()
        self.check_access("read")
        return self._field_dialog_action(
            "field.deal.request", self.env._("Ask for Help"), default_lead_id=self.id
        )

    def action_field_give_task(self):
        """Give somebody of the team a task: Odoo's own activity, with its day and its bell."""
        self.ensure_one()
        self.check_access("read")
        return self._field_dialog_action(
            "mail.activity.schedule",
            self.env._("Give a Task"),
            active_model=self._name,
            active_id=self.id,
            active_ids=self.ids,
        )

    def action_field_plan_joint_visit(self):
        """Plan a visit by several people of the deal."""
        self.ensure_one()
        self.check_access("read")
        if not self.partner_id:
            raise UserError(self.env._("Choose the customer of the deal first."))
        people = self.user_id | self.sudo().field_member_ids.user_id
        return self._field_dialog_action(
            "field.joint.visit",
            self.env._("Plan a Joint Visit"),
            default_lead_id=self.id,
            default_user_ids=[fields.Command.set(people.ids)],
        )

    def _field_plan_visits(self, users, start):
        """Put a visit at the customer into the plan of each person, where visits are planned.

        :param start: naive UTC
        :return: the visits, empty without the module for visits
        """
        self.ensure_one()
        if not self._field_has_visits():
            return self.browse()
        company = self.company_id or self.env.company
        rows = []
        for user in users:
            local = fields.Datetime.context_timestamp(user.with_context(tz=user._field_tz()), start)
            rows.append(
                {
                    "partner_id": self.partner_id.id,
                    "user_id": user.id,
                    "company_id": company.id,
                    "plan_date": local.date(),
                    "plan_time": local.hour + local.minute / 60,
                }
            )
        # sudo: everybody here belongs to the deal, and a representative plans for the others too
        return self.env["field.visit"].sudo().create(rows)

    def _merge_dependences(self, opportunities):
        super()._merge_dependences(opportunities)
        have = self.sudo().field_member_ids.user_id
        for member in opportunities.sudo().field_member_ids:
            if member.user_id in have:
                continue
            have |= member.user_id
            # A new row, so that nobody is in two teams for a moment; shares are agreed anew.
            member.copy({"lead_id": self.id, "commission_share": 0})
        opportunities.sudo().field_request_ids.lead_id = self
