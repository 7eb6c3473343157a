"""Versions of a policy: drafted, tried, switched on, compared; never changed under our feet."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_duration

from .field_policy import IDENTITY_FIELDS
from .field_policy_choice import SELECTORS

# May change while a version is in force: they are no rules.
LABEL_FIELDS = {"name", "active", "activated_at", "activated_by_id"}


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    state = fields.Selection(
        [("draft", "Draft"), ("active", "Switched on")],
        required=True,
        readonly=True,
        default="active",
        copy=False,
        index=True,
    )
    activated_at = fields.Datetime("Switched on at", readonly=True, copy=False)
    activated_by_id = fields.Many2one(
        "res.users", "Switched on by", readonly=True, copy=False, ondelete="set null"
    )
    is_locked = fields.Boolean(compute="_compute_is_locked")
    previous_id = fields.Many2one(
        "field.policy", "Version before", compute="_compute_previous_id", compute_sudo=True
    )
    difference = fields.Html("What changes", compute="_compute_difference", sanitize=False)

    @api.depends("state", "effective_from")
    def _compute_is_locked(self):
        today = fields.Date.context_today(self)
        for policy in self:
            policy.is_locked = (
                bool(policy._origin) and policy.state == "active" and policy.effective_from <= today
            )

    # --- guard ---------------------------------------------------------------------------------

    def write(self, vals):
        """People work under a version in force: its rules stay, whatever path a change takes."""
        changed = vals.keys() - LABEL_FIELDS
        if changed and not self.env.su:
            self._check_unlocked(changed & (IDENTITY_FIELDS | set(self._get_rule_names())))
        return super().write(vals)

    def _check_unlocked(self, names):
        if names and any(policy.is_locked for policy in self):
            raise UserError(
                self.env._(
                    "People already work under these rules. Make a new version: it takes effect "
                    "from the day you choose."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        if any(policy.is_locked for policy in self) and not self.env.su:
            raise UserError(self.env._("A version people worked under is kept. Archive it."))

    # --- buttons -------------------------------------------------------------------------------

    def action_new_version(self):
        """Copy this version into a draft for tomorrow, and open it."""
        self.ensure_one()
        self.check_access("write")
        draft = self.copy(self._prepare_version_vals())
        return draft._get_form_action()

    def _prepare_version_vals(self):
        tomorrow = fields.Date.add(fields.Date.context_today(self), days=1)
        return {"state": "draft", "effective_from": tomorrow}

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_activate(self):
        """Switch drafts on; they hold from their day on.

        :raises UserError: for a day that has passed: what happened then followed other rules
        """
        self.check_access("write")
        today = fields.Date.context_today(self)
        drafts = self.filtered(lambda policy: policy.state == "draft")
        if any(policy.effective_from < today for policy in drafts):
            raise UserError(
                self.env._("A version can take effect from today on, not on a day in the past.")
            )
        now = fields.Datetime.now()
        drafts.write({"state": "active", "activated_at": now, "activated_by_id": self.env.uid})
        return True

    def action_back_to_draft(self):
        """Take back a version that is not in force yet."""
        self.check_access("write")
        self._check_unlocked({"state"})
        self.write({"state": "draft", "activated_at": False, "activated_by_id": False})
        return True

    # --- difference ----------------------------------------------------------------------------

    @api.depends("company_id", "effective_from", "state", *SELECTORS)
    def _compute_previous_id(self):
        """The version before for the same people; for a first one the company's, which it
        replaces for them."""
        domain = Domain("company_id", "in", self.company_id.ids) & Domain("state", "=", "active")
        versions = self.search(domain, order="effective_from desc, id desc")
        for policy in self:
            earlier = versions.filtered(lambda other, own=policy: own._comes_after(other))
            same = earlier.filtered(lambda other, own=policy: other._selector() == own._selector())
            rest = earlier.filtered(lambda other: other._selector()[0] == "company")
            policy.previous_id = same[:1] or rest[:1]

    def _comes_after(self, other):
        own = self._origin
        if other == own or other.company_id != self.company_id or not self.effective_from:
            return False
        if other.effective_from == self.effective_from:
            return self.state == "draft" or other.id < own.id
        return other.effective_from < self.effective_from

    @api.depends(lambda self: ("previous_id", *self._get_rule_names()))
    @api.depends_context("lang")
    def _compute_difference(self):
        for policy in self:
            policy.difference = policy._render_differences(
                policy._get_differences(policy.previous_id)
            )

    def _get_differences(self, other, names=None):
        """What differs from ``other``, in the reader's words.

        :returns: list of ``(label, value there, value here)``
        """
        if not other:
            return []
        mine, theirs = self.sudo(), other.sudo()
        names = [
            name
            for name in names or self._get_rule_names()
            if mine._get_plain_value(name) != theirs._get_plain_value(name)
        ]
        info = self.fields_get(names, ["string", "selection"]) if names else {}
        return [
            (
                info[name]["string"],
                theirs._describe_value(name, info[name]),
                mine._describe_value(name, info[name]),
            )
            for name in names
        ]

    def _describe_value(self, name, info):
        """A value as people read it."""
        kind, value = self._fields[name].type, self[name]
        if kind == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if kind == "selection":
            return dict(info["selection"]).get(value, "")
        if kind in ("many2one", "many2many"):
            return ", ".join(value.mapped("display_name")) or "–"
        if kind == "float":  # hours of the day
            return format_duration(value)
        return str(value) if value is not False else "–"

    @api.model
    def _render_differences(self, differences):
        """``(label, before, after)`` as a small table."""
        return self._render_table(
            [(label, old, Markup("<b>%s</b>") % new) for label, old, new in differences],
            [self.env._("Rule"), self.env._("So far"), self.env._("Then")],
        )

    @api.model
    def _render_table(self, lines, titles=()):
        """A small table; every value is escaped. False without lines."""
        if not lines:
            return False
        head = Markup().join(Markup("<th>%s</th>") % title for title in titles)
        rows = Markup().join(
            Markup("<tr>%s</tr>") % Markup().join(Markup("<td>%s</td>") % cell for cell in line)
            for line in lines
        )
        return Markup(
            "<table class='table table-sm mb-0'><thead>%s</thead><tbody>%s</tbody></table>"
        ) % (head and Markup("<tr>%s</tr>") % head, rows)
