from odoo import api, fields, models
from odoo.tools import LazyTranslate

from odoo.addons.field_base.models.field_policy_trial import TrialHit

_lt = LazyTranslate(__name__)

#: A trial run reads raw positions; the newest days tell enough.
TRIAL_DAYS = 300


class FieldPolicy(models.Model):
    """Which questions about tracks are asked under a policy, and who hears of them when."""

    _inherit = "field.policy"

    flag_rule_ids = fields.One2many(
        "field.policy.flag",
        "policy_id",
        "Questions about tracks",
        copy=True,
        help="Without a rule here nothing is looked for.",
    )
    flag_ask_weight = fields.Integer(
        "Ask from weight",
        required=True,
        default=3,
        help="The person is asked when the rules that spoke on one day weigh so much together.",
    )
    flag_ask_hours = fields.Float(
        "Person answers first (hours)",
        required=True,
        default=2.0,
        help="So long the question is the person's alone; then, or with the answer, the leader "
        "sees it.",
    )
    service_notes = fields.Boolean(
        "Tell people about their phone",
        default=True,
        help="A silent phone, a low battery or poor positions during the workday: a word to the "
        "person, nobody else.",
    )

    _flag_range = models.Constraint(
        "CHECK(flag_ask_weight BETWEEN 1 AND 30 AND flag_ask_hours BETWEEN 0 AND 168)",
        "Questions are asked from a weight of 1 to 30, and are the person's alone for up to a "
        "week.",
    )

    # --- rules of the policy, although they are lines -------------------------------------------

    @api.model
    def _get_rule_names(self):
        return [*super()._get_rule_names(), "flag_rule_ids"]

    def _get_plain_value(self, name):
        if name == "flag_rule_ids":
            lines = self.flag_rule_ids
            return sorted([line.rule_id.code, line.threshold] for line in lines)
        return super()._get_plain_value(name)

    def _describe_value(self, name, info):
        if name == "flag_rule_ids":
            lines = self.flag_rule_ids.sorted("rule_id")
            return ", ".join(f"{li.rule_id.name} ({li.threshold:g})" for li in lines) or "–"
        return super()._describe_value(name, info)

    def _get_flag_thresholds(self):
        """``{code: threshold}`` of the rules that are on."""
        self.ensure_one()
        return {line.rule_id.code: line.threshold for line in self.flag_rule_ids}

    def action_add_flag_rules(self):
        """Put every rule that is not there yet into a draft, each with its own threshold."""
        self.ensure_one()
        self.check_access("write")
        known = self.flag_rule_ids.rule_id.ids
        missing = self.env["field.flag.rule"].search([("id", "not in", known)])
        self.env["field.policy.flag"].create(
            [{"policy_id": self.id, "rule_id": rule.id} for rule in missing]
        )
        return True

    # --- consent -------------------------------------------------------------------------------

    def _get_consent_facts(self):
        """Who is looked through by rules knows it, and is asked again when that begins."""
        facts = super()._get_consent_facts()
        return facts | {"questions": True} if self.flag_rule_ids else facts

    def _consent_what(self):
        lines = super()._consent_what()
        if self.flag_rule_ids:
            lines.append(
                self.env._(
                    "Fixed rules look through the positions for what cannot be true. Then you are "
                    "asked first; a person decides, never the rule."
                )
            )
        return lines

    # --- trial ---------------------------------------------------------------------------------

    @api.model
    def _trial_checks(self):
        return super()._trial_checks() | {"flags": _lt("Questions about tracks")}

    def _trial_flags(self, users, first, last):
        """Whom the rules of this version would have asked, on the newest days with positions."""
        thresholds = self.sudo()._get_flag_thresholds()
        if not thresholds:
            return []
        domain = [("user_id", "in", users.ids), ("date", ">=", first), ("date", "<=", last)]
        domain += [("company_id", "=", self.company_id.id), ("fix_count", ">", 0)]
        hits = []
        for day in self.env["field.track.day"].search(domain, limit=TRIAL_DAYS):
            hits += self._make_flag_hits(day, day.sudo()._find_signals(thresholds))
        return hits

    def _make_flag_hits(self, day, found):
        rules = self.env["field.flag.rule"].search([("code", "in", list(found))])
        if sum(rules.mapped("weight")) < self.flag_ask_weight:
            return []
        known = (
            self.env["field.flag"]
            .sudo()
            .search(
                [("user_id", "=", day.user_id.id), ("date", "=", day.date), ("state", "!=", "new")]
            )
        )
        return [
            TrialHit(
                day,
                day.date,
                rule.name,
                known=rule in known.rule_id,
                doubt=rule._describe_record_so_far() if rule.cries_wolf else "",
            )
            for rule in rules
        ]
