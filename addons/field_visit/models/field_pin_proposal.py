from odoo import api, fields, models


class FieldPinProposal(models.Model):
    _inherit = "field.pin.proposal"

    fence_m = fields.Integer(
        "Fence now (m)",
        compute="_compute_fence_m",
        help="As it holds for who reported it or looks after the customer.",
    )
    can_widen = fields.Boolean("Fence is narrower than what fits", compute="_compute_fence_m")

    @api.depends("radius_m", "state", "partner_id.field_fence_radius")
    def _compute_fence_m(self):
        for company, proposals in self.grouped("company_id").items():
            policies = self.env["field.policy"].sudo().with_company(company)
            people = {one: one.sudo()._get_person() for one in proposals}
            by_user = policies._get_for_users(self.env["res.users"].union(*people.values()))
            for one, person in people.items():
                policy = by_user[person.id]
                fence = self.env["field.fence.rule"]._resolve(one.partner_id, policy, company)
                one.fence_m = fence["radius"]
                one.can_widen = one.state == "open" and one.radius_m > fence["radius"]

    def _get_person(self):
        """By whose policy the fence is."""
        return self.reported_by_id or self.partner_id.user_id or self.env.user

    def action_accept_with_fence(self):
        """Move the pins, and widen the customers' fences to what holds the check-ins.

        :raises AccessError: for those who lead nobody
        :raises UserError: when somebody has decided already
        """
        self._check_can_judge()
        for proposal in self.filtered("can_widen"):
            proposal.partner_id.sudo().field_fence_radius = proposal.radius_m
        self._do_accept()
        return True

    def _get_note(self):
        note = super()._get_note()
        radius = self.partner_id.sudo().field_fence_radius
        if not radius or radius != self.radius_m:
            return note
        return f"{note} {self.env._('Its fence is %(metres)s m wide.', metres=radius)}"

    def _do_accept(self):
        """The visits it was drawn from are judged again: no alarm stands for a wrong pin."""
        super()._do_accept()
        for proposal in self:
            visits = self.env["field.visit"].sudo()._find_time_of(proposal)
            visits._judge_again()

    @api.model_create_multi
    def create(self, vals_list):
        proposals = super().create(vals_list)
        proposals._refresh_visits()
        return proposals

    def _judge(self, state):
        super()._judge(state)
        self._refresh_visits()

    def _refresh_visits(self):
        """A visit outside the fence waits with the report that the pin is wrong."""
        reported = self.filtered("reported_by_id")
        if reported:
            visits = self.env["field.visit"].sudo()
            visits.search(
                [
                    ("partner_id", "in", reported.partner_id.ids),
                    ("user_id", "in", reported.reported_by_id.ids),
                    ("check_in_verdict", "in", ("outside", "unverifiable")),
                ]
            )._refresh_pin_pending()

    def action_open_visits(self):
        """The check-ins this proposal is drawn from, on a map."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check-ins at %s", self.partner_id.display_name),
            "res_model": "field.visit",
            "view_mode": "field_map,list,form",
            "views": [(False, "field_map"), (False, "list"), (False, "form")],
            "domain": [("id", "in", self.basis or [])],
        }
