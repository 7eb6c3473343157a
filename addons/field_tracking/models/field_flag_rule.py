from odoo import api, fields, models

#: So many verdicts, and so few of them right, and a rule says of itself that it cries wolf.
WOLF_VERDICTS = 5
WOLF_SHARE = 0.2

UNITS = [
    ("fixes", "positions"),
    ("m", "metres"),
    ("min", "minutes"),
    ("h", "hours"),
    ("times", "times"),
]


class FieldFlagRule(models.Model):
    """One thing in a track that may be asked about: what it looks for, how much it weighs, and how
    often it was right so far."""

    _name = "field.flag.rule"
    _description = "Rule for questions about tracks"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    description = fields.Text("What it looks for", translate=True, readonly=True)
    honest_causes = fields.Text(
        "Honest causes", translate=True, readonly=True, help="What else may look like this."
    )
    question = fields.Char(
        required=True,
        translate=True,
        readonly=True,
        help="What the person is asked. %(start)s and %(end)s are the times.",
    )
    weight = fields.Integer(
        required=True,
        default=1,
        help="3 is asked about by itself, 2 needs something beside it, 1 only supports others.",
    )
    threshold = fields.Float(required=True, digits=(8, 1), help="A policy can set its own.")
    unit = fields.Selection(UNITS, required=True, readonly=True)
    confirmed_count = fields.Integer("Confirmed", compute="_compute_counts", compute_sudo=True)
    false_count = fields.Integer("False alarms", compute="_compute_counts", compute_sudo=True)
    open_count = fields.Integer("Open", compute="_compute_counts", compute_sudo=True)
    hit_rate = fields.Float(
        "Was right",
        compute="_compute_counts",
        compute_sudo=True,
        digits=(3, 2),
        help="Confirmed of all that were decided.",
    )
    cries_wolf = fields.Boolean(compute="_compute_counts", compute_sudo=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "There is already a rule with this code.")
    _weight_range = models.Constraint(
        "CHECK(weight BETWEEN 1 AND 3)", "The weight of a rule is 1, 2 or 3."
    )
    _threshold_range = models.Constraint(
        "CHECK(threshold > 0)", "The threshold of a rule must be above 0."
    )

    def _compute_counts(self):
        """Over all people of the companies one is in: a rule is as good as its verdicts."""
        domain = [("rule_id", "in", self.ids), ("company_id", "in", self.env.companies.ids)]
        groups = self.env["field.flag"]._read_group(domain, ["rule_id", "state"], ["__count"])
        counts = {(rule.id, state): count for rule, state, count in groups}
        for rule in self:
            right = counts.get((rule.id, "confirmed"), 0)
            wrong = counts.get((rule.id, "false_alarm"), 0)
            rule.confirmed_count, rule.false_count = right, wrong
            rule.open_count = sum(counts.get((rule.id, s), 0) for s in ("asked", "explained"))
            rule.hit_rate = right / (right + wrong) if right + wrong else 0.0
            rule.cries_wolf = right + wrong >= WOLF_VERDICTS and rule.hit_rate < WOLF_SHARE

    def _describe_record_so_far(self):
        """How far to trust the rule, in a sentence; empty without verdicts."""
        self.ensure_one()
        decided = self.confirmed_count + self.false_count
        if not decided:
            return ""
        values = {"right": self.confirmed_count, "count": decided}
        if self.cries_wolf:
            return self.env._(
                "This rule cries wolf: right in %(right)s of %(count)s cases.", **values
            )
        return self.env._("Right in %(right)s of %(count)s cases so far.", **values)

    def action_open_flags(self):
        """What this rule found, as far as one may see it."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("field_tracking.field_flag_action")
        return action | {"domain": [("rule_id", "=", self.id)], "context": {}}


class FieldPolicyFlag(models.Model):
    """A rule that a policy has switched on, and from where on it speaks there."""

    _name = "field.policy.flag"
    _description = "Rule for questions about tracks, as a policy has it"
    _order = "policy_id, rule_id"
    _rec_name = "rule_id"

    policy_id = fields.Many2one("field.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id")
    rule_id = fields.Many2one("field.flag.rule", required=True, ondelete="cascade", index=True)
    threshold = fields.Float(
        compute="_compute_threshold", store=True, readonly=False, digits=(8, 1)
    )
    unit = fields.Selection(related="rule_id.unit")
    weight = fields.Integer(related="rule_id.weight", aggregator=None)
    record_so_far = fields.Char(compute="_compute_record_so_far")

    _rule_uniq = models.Constraint("UNIQUE(policy_id, rule_id)", "A policy names a rule once.")
    _threshold_range = models.Constraint(
        "CHECK(threshold > 0)", "The threshold of a rule must be above 0."
    )

    @api.depends("rule_id")
    def _compute_threshold(self):
        for line in self:
            line.threshold = line.rule_id.threshold

    @api.depends("rule_id")
    def _compute_record_so_far(self):
        for line in self:
            line.record_so_far = line.rule_id and line.rule_id._describe_record_so_far()

    def _check_unlocked(self):
        """Lines are rules of the policy: under one in force they stay, whatever the path."""
        if not self.env.su:
            self.policy_id._check_unlocked({"flag_rule_ids"})

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_unlocked()
        return lines

    def write(self, vals):
        self._check_unlocked()
        result = super().write(vals)
        self._check_unlocked()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self._check_unlocked()
