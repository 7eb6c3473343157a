from odoo import api, fields, models


class FieldPolicyProfile(models.Model):
    """What the law of a country, or caution, suggests: a set of rules to start a policy from.

    Data, not code: a rule whose module is not installed is left out when the profile is applied.
    """

    _name = "field.policy.profile"
    _description = "Policy profile"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    summary = fields.Char(translate=True)
    description = fields.Text("Background", translate=True)
    country_ids = fields.Many2many("res.country", string="Countries")
    rules = fields.Json(required=True, default=dict)
    rules_table = fields.Html("Rules in words", compute="_compute_rules_table", sanitize=False)

    _code_uniq = models.Constraint("UNIQUE(code)", "There is already a profile with this code.")

    def _get_values(self):
        """The profile's rules that this database knows."""
        self.ensure_one()
        known = set(self.env["field.policy"]._get_rule_names())
        return {name: value for name, value in (self.rules or {}).items() if name in known}

    @api.depends("rules")
    @api.depends_context("lang")
    def _compute_rules_table(self):
        Policy = self.env["field.policy"]
        for profile in self:
            values = profile._get_values()
            lines = Policy.new(values)._describe_rules(list(values))
            profile.rules_table = Policy._render_table(lines)

    def action_apply(self):
        """Open the wizard that makes a draft of this profile, with a preview."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Apply a country profile"),
            "res_model": "field.policy.profile.apply",
            "view_mode": "form",
            "target": "new",
            "context": {"default_profile_id": self.id},
        }


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    profile_id = fields.Many2one(
        "field.policy.profile",
        "Made from profile",
        readonly=True,
        ondelete="set null",
        help="The profile this version began with. It may have been adapted since.",
    )

    def _describe_rules(self, names):
        """``[(label, value)]`` of these rules in the reader's words."""
        self.ensure_one()
        info = self.fields_get(names, ["string", "selection"]) if names else {}
        return [(info[name]["string"], self._describe_value(name, info[name])) for name in names]

    def _copy_names(self, source):
        """The name of ``source`` in every language that is installed."""
        for code, _name in self.env["res.lang"].get_installed():
            self.with_context(lang=code).name = source.with_context(lang=code).name
