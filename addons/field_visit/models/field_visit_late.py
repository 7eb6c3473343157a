"""Answers that were written down long after the person had left: marked, to him first."""

from odoo import api, fields, models

from ..tools.late import late_minutes, left_at
from odoo.addons.field_base.tools.optional_integer import OptionalInteger

_INSIDE = ("inside", "maybe")


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    late_entry_min = fields.Integer(
        "Entered late after (min)",
        required=True,
        default=30,
        help="Answers written down so long after the person left the customer are marked as "
        "entered late; 0 marks none.",
    )

    _late_entry_range = models.Constraint(
        "CHECK(late_entry_min BETWEEN 0 AND 1440)", "Between 0 and 1440 minutes (a day)."
    )


class FieldVisit(models.Model):
    _inherit = "field.visit"

    late_count = OptionalInteger(
        "Answers entered late",
        compute="_compute_late_count",
        store=True,
        help="Written down long after the person had left; counted once he had the time to "
        "explain it.",
    )
    late_most_min = OptionalInteger(
        "Entered late by (min)", compute="_compute_late_count", store=True, aggregator="max"
    )

    @api.depends(
        *("truth_shown", "presence_state", "presence_end"),
        *("check_out_at", "check_out_verdict", "end_source"),
    )
    def _compute_late_count(self):
        """Only once it is shown: until then only the person himself reads it, on the visit."""
        shown = self.filtered("truth_shown")
        (self - shown).update({"late_count": False, "late_most_min": False})
        for visit in shown:
            minutes = [minutes for _name, minutes in visit.sudo()._get_late_entries()]
            visit.late_count = len(minutes)
            visit.late_most_min = max(minutes, default=0)

    def _get_left_at(self):
        """When the person left; False while he is there."""
        self.ensure_one()
        if not self.check_out_at:
            return False
        seen = self.presence_state in ("verified", "partial")
        inside = self.end_source == "user" and self.check_out_verdict in _INSIDE
        return left_at(self.check_out_at, (seen and self.presence_end) or None, inside)

    def _get_late_entries(self):
        """``[(what, minutes)]`` of what was entered late: answers of steps, the closing note."""
        self.ensure_one()
        left, limit = self._get_left_at(), self.policy_id.sudo().late_entry_min
        if not left or not limit or self.channel != "on_site":
            return []
        entries = [(step.name, step.answered_at) for step in self.step_ids if step.answered_at]
        closing = self.check_out_event_id.sudo()
        if closing and closing._payload().get("note"):
            entries.append((self.env._("Closing note"), closing.happened_at))
        found = [(name, late_minutes(at, left, limit)) for name, at in entries]
        return [(name, minutes) for name, minutes in found if minutes]

    def _describe_truth(self, facts):
        """Beside the sum, so that the person may explain it like everything else there."""
        lines = [
            self.env._(
                "Entered %(minutes)s min after leaving: %(what)s", minutes=minutes, what=what
            )
            for what, minutes in self._get_late_entries()
        ]
        return "\n".join([super()._describe_truth(facts), *lines])


class FieldVisitStep(models.Model):
    _inherit = "field.visit.step"

    late_min = fields.Integer(
        "Entered late by (min)",
        compute="_compute_late_min",
        help="Minutes between leaving the customer and the answer, beyond what the policy allows.",
    )

    @api.depends("answered_at", "visit_id.late_count", "visit_id.truth_shown", "visit_id.state")
    @api.depends_context("uid")
    def _compute_late_min(self):
        for step in self:
            visit = step.visit_id
            limit = visit.policy_id.sudo().late_entry_min if visit._may_see_truth() else 0
            on_site = visit.channel == "on_site"
            left = on_site and visit._get_left_at()
            step.late_min = late_minutes(step.answered_at, left, limit)

    def write(self, vals):
        """An answer that arrives when the score is shown already is counted, too."""
        result = super().write(vals)
        if "answered_at" in vals:
            shown = self.visit_id.filtered("truth_shown")
            shown.modified(["truth_shown"])
        return result
