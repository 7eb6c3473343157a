"""The truth score: the person reads the sum and may explain before anybody else sees it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools import truth
from ..tools.proofs import PICTURED
from odoo.addons.field_base.tools.optional_integer import OptionalInteger


class FieldVisit(models.Model):
    _inherit = "field.visit"

    truth_shown = fields.Boolean(
        "Score shown",
        readonly=True,
        copy=False,
        help="The time the representative has to explain first is over.",
    )
    truth_due_at = fields.Datetime(
        "Score shown from", readonly=True, copy=False, index="btree_not_null"
    )
    truth_score = OptionalInteger(
        "Truth score",
        compute="_compute_truth_score",
        store=True,
        aggregator="avg",
        help="Empty until the representative had the time to explain first.",
    )
    truth_summary = fields.Text("The sum", compute="_compute_truth_summary")
    is_own = fields.Boolean("My own", compute="_compute_is_own")
    explanation = fields.Text(copy=False, help="What the representative says about the visit.")

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_own(self):
        for visit in self:
            visit.is_own = visit.user_id == self.env.user

    @api.depends(
        *("truth_shown", "presence_state", "fence_now", "effective_min", "is_productive"),
        *("is_witnessed", "step_ids.state", "step_ids.photo_ids.match"),
        *("odd_facts", "step_ids.photo_ids.twin_kind", "step_ids.photo_ids.is_lost"),
    )
    def _compute_truth_score(self):
        shown = self.filtered("truth_shown")
        (self - shown).truth_score = False
        facts = shown._get_truth_facts()
        for visit in shown:
            visit.truth_score = truth.score(facts[visit])

    @api.depends("truth_shown", "truth_score", "verdict")
    @api.depends_context("uid", "lang")
    def _compute_truth_summary(self):
        """Each summand in words, for those who may see it already."""
        visible = self.filtered(lambda v: v._may_see_truth())
        (self - visible).truth_summary = False
        facts = visible._get_truth_facts()
        for visit in visible:
            visit.truth_summary = visit._describe_truth(facts[visit])

    def _may_see_truth(self):
        return self.state == "done" and (self.truth_shown or self.user_id == self.env.user)

    def _describe_truth(self, facts):
        words = self._get_truth_words()
        rows = truth.lines(facts)
        total = sum(points for _key, points, _most in rows)
        lines = [f"{words[key]}: {points} / {most}" for key, points, most in rows]
        return "\n".join([self.env._("Together: %(score)s of 100", score=total), *lines])

    @api.model
    def _get_truth_words(self):
        return {
            "place": self.env._("At the customer's place"),
            "time": self.env._("Time spent there"),
            "photo": self.env._("Photo from the live camera"),
            "witness": self.env._("Signature or word of the customer"),
            "outcome": self.env._("What came of it"),
            "fresh": self.env._("Fresh position"),
            "travel": self.env._("Plausible travel"),
        }

    def _get_truth_facts(self):
        """``{visit: tools.truth.Facts}`` in a fixed number of queries."""
        if not self:
            return {}
        photos = dict(
            self.env["field.visit.photo"]
            .sudo()
            ._read_group(
                [
                    ("visit_id", "in", self.ids),
                    ("source", "=", "app"),
                    ("step_id.kind", "in", PICTURED),
                    ("match", "!=", "different"),
                    ("twin_kind", "!=", "same"),
                    ("is_lost", "=", False),
                ],
                ["visit_id"],
                ["__count"],
            )
        )
        return {visit: visit.sudo()._get_own_truth(photos.get(visit, 0)) for visit in self}

    def _get_own_truth(self, photos):
        steps = self.step_ids
        return truth.Facts(
            on_site=self.channel == "on_site",
            fence=self.fence_now or self.check_in_verdict,
            presence=self.presence_state,
            minutes=self.effective_min,
            least=self.min_minutes,
            photos=photos,
            witness=self._has_witness(),
            answered=len(steps.filtered(lambda step: step.state == "done")),
            steps=len(steps),
            productive=self.is_productive,
            fix_age=self.check_in_fix_age if self.check_in_lat or self.check_in_lng else None,
            travel=self._get_travel(),
            insisted=self.check_in_exception,
            coded=any(step.kind == "code" and step.state == "done" for step in steps),
        )

    def _has_witness(self):
        """Somebody on the customer's side has signed or confirmed, or his code was scanned."""
        done = self.step_ids.filtered(lambda step: step.state == "done")
        signed = any(step.kind == "signature" and step._is_proof() for step in done)
        return signed or self.is_witnessed

    def action_explain(self, text=None):
        """Say something about one's own visit; it stands beside the score.

        :raise AccessError: for the visit of somebody else
        """
        for visit in self:
            if visit.user_id != self.env.user:
                raise AccessError(self.env._("Only the person of the visit explains it."))
            visit.explanation = (text or visit.explanation or "").strip()
        return True

    def write(self, vals):
        if "explanation" in vals and any(visit.user_id != self.env.user for visit in self):
            raise AccessError(self.env._("Only the person of the visit explains it."))
        return super().write(vals)

    def _prepare_outcome(self, at):
        vals = super()._prepare_outcome(at)
        if not self.truth_shown:
            hours = self.policy_id.sudo().truth_hours
            vals["truth_due_at"] = fields.Datetime.now() + timedelta(hours=hours)
        return vals

    def _after_shown(self):
        """Hook: the time to explain is over; once for each visit."""

    @api.model
    def _cron_show_truth(self, batch=500):
        """The time to explain is over: from now on the leader reads the score too."""
        cron = self.env["ir.cron"]
        domain = [("truth_due_at", "<=", fields.Datetime.now())]
        while visits := self.search(domain, limit=batch).try_lock_for_update():
            visits._with_evidence().write({"truth_shown": True, "truth_due_at": False})
            visits._after_shown()
            if not cron._commit_progress(len(visits)):
                break
