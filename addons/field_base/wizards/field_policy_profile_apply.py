from odoo import api, fields, models

from ..models.field_policy_choice import SELECTORS


class FieldPolicyProfileApply(models.TransientModel):
    """Makes a draft of a profile for some people; nothing is overwritten, nothing switched on."""

    _name = "field.policy.profile.apply"
    _description = "Apply a policy profile"
    _check_company_auto = True

    profile_id = fields.Many2one("field.policy.profile", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    department_id = fields.Many2one("hr.department", check_company=True)
    job_id = fields.Many2one("hr.job", "Job position", check_company=True)
    user_id = fields.Many2one("res.users", "Person", check_company=True)
    effective_from = fields.Date(required=True, default=lambda self: self._default_effective_from())
    base_id = fields.Many2one("field.policy", "Starts from", compute="_compute_base_id")
    preview = fields.Html("What changes", compute="_compute_preview", sanitize=False)

    @api.model
    def _default_effective_from(self):
        return fields.Date.add(fields.Date.context_today(self), days=1)

    @api.depends("company_id", "effective_from", *SELECTORS)
    def _compute_base_id(self):
        """The version that holds for them on that day, else the company's."""
        Policy = self.env["field.policy"]
        for wizard in self:
            draft = Policy.new(wizard._prepare_identity_vals())
            wizard.base_id = draft.previous_id

    def _prepare_identity_vals(self):
        names = ("company_id", "effective_from", *SELECTORS)
        vals = {name: self[name] for name in names}
        ids = {name: value.id if name.endswith("_id") else value for name, value in vals.items()}
        return {**ids, "state": "draft"}

    @api.depends("profile_id", "base_id")
    @api.depends_context("lang")
    def _compute_preview(self):
        Policy = self.env["field.policy"]
        for wizard in self:
            values = wizard.profile_id._get_values() if wizard.profile_id else {}
            lines = Policy.new(values)._get_differences(wizard.base_id, list(values))
            wizard.preview = Policy._render_differences(lines)

    def action_apply(self):
        """Make the draft and open it; a trial run and the switching on are the next steps."""
        self.ensure_one()
        Policy = self.env["field.policy"]
        vals = {
            **self._prepare_identity_vals(),
            **self.profile_id._get_values(),
            "name": self.profile_id.name,
            "profile_id": self.profile_id.id,
        }
        draft = self.base_id.copy(vals) if self.base_id else Policy.create(vals)
        draft._copy_names(self.profile_id)
        return draft._get_form_action()
