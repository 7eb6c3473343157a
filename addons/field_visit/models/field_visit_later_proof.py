"""Proofs added when the visit is over, as long as nobody but the person has read its score."""

from datetime import timedelta

from odoo import api, fields, models

from ..tools.proofs import LATER_PROOFS


class FieldVisit(models.Model):
    _inherit = "field.visit"

    def _get_proof_until(self):
        """Until when proofs of a finished visit can be added: the hours to explain it; else False.

        They count from its end, also when it came here late: from what the person was told.
        """
        self.ensure_one()
        if self.state != "done" or not self.check_out_at:
            return False
        end = self.check_out_at + timedelta(hours=self.policy_id.sudo().truth_hours)
        return max(end, self.truth_due_at or end)

    def _refresh_proof_missing(self):
        """What was missing when the visit ended may be there now."""
        for visit in self.sudo().filtered(lambda v: v.state == "done" and v.proof_missing):
            policy = visit.policy_id
            if not visit._get_missing_proofs(policy)[visit.id]:
                visit._with_evidence().proof_missing = False


class FieldVisitStep(models.Model):
    _inherit = "field.visit.step"

    def _may_add_proof(self, at):
        """Whether this open step proves something and can still be done at the moment ``at``."""
        self.ensure_one()
        if self.state != "todo" or self.kind not in LATER_PROOFS:
            return False
        until = self.visit_id._get_proof_until()
        return bool(until) and self.visit_id.check_out_at <= at <= until

    @api.depends("state", "kind", "visit_id.check_out_at", "visit_id.truth_due_at")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        super()._compute_can_answer()
        now = fields.Datetime.now()
        for step in self.filtered(lambda step: step.is_mine and not step.can_answer):
            step.can_answer = step._may_add_proof(now)

    def _check_can_answer(self, at):
        """:raise FieldRejected: not_checked_in, forbidden"""
        self.visit_id._check_can_work()
        if not self._may_add_proof(at):
            super()._check_can_answer(at)

    def _do_done(self, *args, **kwargs):
        result = super()._do_done(*args, **kwargs)
        self.visit_id._refresh_proof_missing()
        self.visit_id._look_at_result_again()
        return result
