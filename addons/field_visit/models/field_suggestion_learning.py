from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import scores

#: "Not now" says something about the day, "not mine" about the customer; these two are about the
#: reason itself.
_TEACHING = ("phone", "wrong")
#: So long a dismissal is remembered, and so many a reason bears before it weighs less.
_REMEMBERED_DAYS = 180
_FREE_PERSON, _FREE_CUSTOMER = 2, 1


class FieldSuggestion(models.Model):
    """What a visit may bring, and what dismissals teach: arithmetic that stands in the sentence."""

    _inherit = "field.suggestion"

    currency_id = fields.Many2one(related="company_id.currency_id")
    expected_value = fields.Monetary(
        readonly=True,
        help="Open deals of this person with the customer: expected revenue × weight of the stage; "
        "where the stage has no weight, × the probability Odoo has learnt.",
    )
    value_text = fields.Char("How the value comes about", readonly=True)
    teaches = fields.Boolean(
        "Counts as a lesson",
        default=True,
        readonly=True,
        help="“A call is enough” and “The reason is wrong” make the same reason weigh less: 10 % "
        "for each time after the second one of a person, or the first one of a customer, never "
        "less than half, for half a year. Putting such a customer into the plan takes one back.",
    )

    is_weighed = fields.Boolean(compute="_compute_is_weighed")

    @api.depends("parts")
    def _compute_is_weighed(self):
        for suggestion in self:
            suggestion.is_weighed = any(len(part) > 3 for part in suggestion.parts or [])

    # ---------------------------------------------------------------- value

    def _get_values_of_others(self, user, partners):
        """Hook: ``{partner.id: (amount in the company's currency, words)}`` of modules that know
        what a customer may bring; the lead pool knows his deals."""
        Lead = self.env.get("crm.lead")
        if Lead is None or not hasattr(Lead, "_field_get_visit_values"):
            return {}
        return Lead._field_get_visit_values(user, partners)

    def _prepare_value_vals(self, partner_id, facts):
        amount, words = facts["values"].get(partner_id, (0.0, False))
        return {"expected_value": amount, "value_text": words}

    # ---------------------------------------------------------------- learning

    def _gather(self, user, date, partners):
        facts = super()._gather(user, date, partners)
        facts["values"] = self._get_values_of_others(user, partners)
        facts["by_person"], facts["by_customer"] = self._count_lessons(user, partners, date)
        return facts

    def _count_lessons(self, user, partners, date):
        """How often each reason was turned down, less how often it was followed.

        :return: ``{code: times}`` of the person, ``{(partner.id, code): times}`` of whoever went
        """
        company = Domain("company_id", "=", self.env.company.id)
        since = Domain("date", ">=", date - timedelta(days=_REMEMBERED_DAYS))
        turned_down = Domain("dismiss_reason", "in", _TEACHING)
        answered = (Domain("state", "=", "dismissed") & turned_down) | Domain(
            "state", "=", "accepted"
        )
        whose = Domain("user_id", "=", user.id) | Domain("partner_id", "in", partners.ids)
        person, customer = Counter(), Counter()
        for one in self.sudo().search(
            company & since & answered & whose & Domain("teaches", "=", True)
        ):
            step = 1 if one.state == "dismissed" else -1
            for part in self._get_told(one.parts or []):
                customer[one.partner_id.id, part[0]] += step
                person[part[0]] += step if one.user_id == user else 0
        return person, customer

    def _score(self, partner, facts):
        return [self._weigh(partner, part, facts) for part in super()._score(partner, facts)]

    def _weigh(self, partner, part, facts):
        """The part with what is left of its points, why in its words, and the percentage."""
        code, points, words = part
        person, customer = facts["by_person"][code], facts["by_customer"][partner.id, code]
        own = scores.learned_percent(person, _FREE_PERSON)
        his = scores.learned_percent(customer, _FREE_CUSTOMER)
        percent = min(own, his)
        if percent == 100:
            return part
        why = (
            self.env._("turned down %(times)s times at this customer", times=customer)
            if his < own
            else self.env._("turned down %(times)s times", times=person)
        )
        text = self.env._(
            "%(reason)s (counts %(percent)s %%: %(why)s)", reason=words, percent=percent, why=why
        )
        return [code, max(1, round(points * percent / 100)), text, percent]

    def action_count_in_full(self):
        """Forget what was learnt about the reasons of one suggestion, of this person and of this
        customer; the answers stay, and the day is worked out anew.

        :raises AccessError: it is somebody else's suggestion
        """
        self.ensure_one()
        self.check_access("write")
        codes = {part[0] for part in self.parts or [] if len(part) > 3}
        whose = Domain("user_id", "=", self.user_id.id) | Domain(
            "partner_id", "=", self.partner_id.id
        )
        # sudo: what others said about the customer counts for whoever goes there
        lessons = self.sudo().search(whose & Domain("state", "=", "dismissed"))
        lessons.filtered(
            lambda one: codes & {part[0] for part in one._get_told(one.parts or [])}
        ).teaches = False
        return self.action_open_today()

    def action_forget(self):
        """Take single answers back out of what was learnt: one's own, or one's people's."""
        self.check_access("write")
        self.sudo().teaches = False
