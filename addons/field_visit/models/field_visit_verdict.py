"""What is to be thought of a visit that is over: one word, from where and how long it was."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.verdict import judge

#: Steps that are the result of a visit, not a part of the way there.
PRODUCTIVE_KINDS = ("order", "collection", "signature")


class FieldVisit(models.Model):
    _inherit = "field.visit"

    min_minutes = fields.Integer("Shortest (min)", readonly=True, copy=False, aggregator=None)
    max_minutes = fields.Integer("Longest (min)", readonly=True, copy=False, aggregator=None)
    effective_min = fields.Float(
        "Effective minutes",
        compute="_compute_effective_min",
        store=True,
        aggregator="avg",
        digits=(8, 2),
        help="Minutes at the customer: by the track where it knows, else from check-in to "
        "check-out; in any case no longer than until the next check-in.",
    )
    is_productive = fields.Boolean(
        "Productive",
        readonly=True,
        copy=False,
        help="An order, a collection, a signature or a result that counts: such a visit is never "
        "too short.",
    )
    pin_pending = fields.Boolean(
        "Pin being corrected",
        readonly=True,
        copy=False,
        help="The representative says that the customer is elsewhere on the map; a leader has not "
        "decided yet.",
    )
    verdict = fields.Selection(
        [
            ("valid", "Valid"),
            ("short", "Short"),
            ("long", "Long"),
            ("unverifiable", "Not verifiable"),
            ("pending", "Pin to be corrected"),
        ],
        compute="_compute_verdict",
        store=True,
        index="btree_not_null",
    )

    is_short = fields.Boolean(compute="_compute_is_short")

    @api.depends("presence_state", "presence_min", "check_in_at", "check_out_at")
    def _compute_effective_min(self):
        counted = self._get_counted_seconds()
        for visit in self:
            minutes = counted.get(visit.id, 0.0) / 60
            if visit.presence_state in ("verified", "partial"):
                minutes = min(minutes, visit.presence_min)
            visit.effective_min = minutes

    @api.depends("effective_min", "check_out_at", "min_minutes", "is_productive")
    def _compute_is_short(self):
        """By the time spent at the customer, unless something came of it."""
        for visit in self:
            visit.is_short = bool(
                visit.check_out_at
                and not visit.is_productive
                and visit.effective_min < visit.min_minutes
            )

    @api.depends(
        *("state", "channel", "effective_min", "min_minutes", "max_minutes", "is_productive"),
        *("check_in_verdict", "fence_now", "presence_state", "pin_pending"),
        "is_witnessed",
    )
    def _compute_verdict(self):
        for visit in self:
            visit.verdict = visit.state == "done" and judge(
                on_site=visit.channel == "on_site",
                fence=visit.fence_now or visit.check_in_verdict,
                presence=visit.presence_state,
                pin_pending=visit.pin_pending,
                minutes=visit.effective_min,
                least=visit.min_minutes,
                most=visit.max_minutes,
                productive=visit.is_productive,
                witnessed=visit.is_witnessed,
            )

    def _prepare_bounds(self, policy):
        """The limits that hold for this visit, kept with it from the check-in on."""
        self.ensure_one()
        least, most = self.type_id.sudo()._get_bounds(self.partner_id.sudo().field_grade_id)
        if not least and self.channel == "on_site":
            least = policy.min_visit_minutes
        return {"min_minutes": least, "max_minutes": most}

    # ---------------------------------------------------------------- result

    def _find_productive(self, end):
        """Whether something came of the visit. Hook: modules add what counts for them."""
        self.ensure_one()
        if self.result_id.is_success:
            return True
        if any(s.state == "done" and s.kind in PRODUCTIVE_KINDS for s in self.step_ids):
            return True
        return self._has_order(end)

    def write(self, vals):
        result = super().write(vals)
        if "result_id" in vals:
            self._look_at_result_again()
        return result

    def _look_at_result_again(self):
        """Something came of it that was told, signed or sent only when the visit was over."""
        for visit in self.sudo().filtered(lambda v: v.state == "done" and not v.is_productive):
            if visit._find_productive(visit.check_out_at):
                visit._with_evidence().is_productive = True

    def _has_order(self, end):
        """An order of the customer, written by the person during the visit."""
        if "sale.order" not in self.env:
            return False
        domain = Domain("partner_id", "child_of", self.partner_id.commercial_partner_id.ids)
        domain &= Domain("create_uid", "=", self.user_id.id) & Domain("state", "!=", "cancel")
        domain &= Domain("create_date", ">=", self.check_in_at)
        domain &= Domain("create_date", "<=", end)
        return bool(self.env["sale.order"].sudo().search_count(domain, limit=1))

    # ---------------------------------------------------------------- pins

    def _find_pin_pending(self):
        """Whether this person has an open report that the customer's pin is wrong."""
        self.ensure_one()
        return bool(
            self.env["field.pin.proposal"]
            .sudo()
            .search_count(self._get_pin_domain(self.partner_id, self.user_id), limit=1)
        )

    @api.model
    def _get_pin_domain(self, partners, users):
        return (
            Domain("partner_id", "in", partners.ids)
            & Domain("state", "=", "open")
            & Domain("reported_by_id", "in", users.ids)
        )

    def _refresh_pin_pending(self):
        """After a report or a decision about pins: only visits whose fence was in doubt."""
        doubtful = self.filtered(lambda v: v.check_in_verdict in ("outside", "unverifiable"))
        Proposal = self.env["field.pin.proposal"].sudo()
        domain = self._get_pin_domain(doubtful.partner_id, doubtful.user_id)
        waiting = {(p.partner_id.id, p.reported_by_id.id) for p in Proposal.search(domain)}
        for visit in doubtful:
            pending = (visit.partner_id.id, visit.user_id.id) in waiting
            if pending != visit.pin_pending:
                visit._with_evidence().pin_pending = pending

    # ---------------------------------------------------------------- check-out

    def _prepare_outcome(self, at):
        doubtful = self.check_in_verdict in ("outside", "unverifiable")
        return super()._prepare_outcome(at) | {
            "is_productive": self._find_productive(at),
            "pin_pending": doubtful and self._find_pin_pending(),
        }
