"""What begins when a customer falls asleep: nothing, unless the policy of who looks after him says
otherwise."""

from datetime import timedelta

from odoo import fields, models

from .res_partner import FIELD_GROUPS


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    dormant_action = fields.Selection(
        [
            ("none", "Nothing"),
            ("task", "A work package to win him back"),
            ("release", "Nobody looks after him any more"),
        ],
        "When a customer falls asleep",
        required=True,
        default="none",
        help="A customer sleeps when twice the days of his grade have passed without a visit or an "
        "order.",
    )
    dormant_days = fields.Integer("Days to win him back", default=14)

    _dormant_days_range = models.Constraint(
        "CHECK(COALESCE(dormant_days, 14) BETWEEN 1 AND 180)", "Between 1 and 180 days."
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    field_potential = fields.Monetary(
        "Potential a year",
        currency_field="field_potential_currency_id",
        copy=False,
        groups=FIELD_GROUPS,
        help="What the customer could buy from us in a year, as far as anybody knows.",
    )
    field_potential_currency_id = fields.Many2one(
        "res.currency",
        "Currency of the potential",
        compute="_compute_field_potential_currency_id",
        groups=FIELD_GROUPS,
    )

    def _compute_field_potential_currency_id(self):
        for partner in self:
            company = partner.company_id or self.env.company
            partner.field_potential_currency_id = company.currency_id

    def _field_take_life(self, life):
        """Whom an active life has ended for is woken up, or given up, as his owner's policy says;
        those who slept already when the first look was taken are left as they are."""
        falling = self.filtered(lambda p: life == "dormant" and p.field_life == "active")
        super()._field_take_life(life)
        falling._field_on_dormant()

    def _field_on_dormant(self):
        """Hook: what begins now; modules add theirs."""
        owned = self.filtered("user_id")
        for company, partners in owned.grouped(
            lambda p: p.company_id or p.user_id.company_id
        ).items():
            Policy = self.env["field.policy"].with_company(company)
            policies = Policy._get_for_users(partners.user_id)
            by_policy = partners.grouped(lambda p, known=policies: known[p.user_id.id])
            for policy, some in by_policy.items():
                if policy.dormant_action == "task":
                    some._field_plan_waking(company, policy.dormant_days or 14)
                elif policy.dormant_action == "release":
                    some._field_release()

    def _field_plan_waking(self, company, days):
        """One work package for those who fell asleep tonight, of each leader's people."""
        today = fields.Date.context_today(self)
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search([("user_id", "in", self.user_id.ids), ("company_id", "=", company.id)])
        )
        leader_of = {one.user_id: one.parent_id.user_id or one.user_id for one in employees}
        Task = self.env["field.task"].with_company(company)
        for leader, partners in self.grouped(lambda p: leader_of.get(p.user_id, p.user_id)).items():
            words = self.env(context={**self.env.context, "lang": leader.lang})
            Task.create(
                {
                    "name": words._("Customers who fell asleep, %(day)s", day=today),
                    "goal": words._(
                        "Find out why nothing is ordered any more, and agree what next"
                    ),
                    "user_id": leader.id,
                    "company_id": company.id,
                    "date_from": today,
                    "deadline": today + timedelta(days=days),
                    "partner_ids": [fields.Command.set(partners.ids)],
                }
            ).action_give_out()

    def _field_release(self):
        """Nobody looks after him any more; anybody may."""
        for partner in self:
            body = self.env._(
                "%(name)s does not look after this customer any more: it fell asleep.",
                name=partner.user_id.name,
            )
            partner.user_id = False
            partner.message_post(body=body)
