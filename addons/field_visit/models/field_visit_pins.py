"""Customers' pins that heal themselves: where people checked in says where the customer is."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.field_base.tools.geo import fence_verdict, haversine_m
from odoo.addons.field_base.tools.pins import MOST_ACCURACY_M, Sample, propose
from odoo.addons.field_base.tools.times import local_date

# Older check-ins may have been made at an earlier address.
LOOK_BACK_DAYS = 180
MOST_SAMPLES = 60
FRESH_S = 300
_FINE = ("inside", "maybe")


class FieldVisit(models.Model):
    _inherit = "field.visit"

    fence_now_m = fields.Float(
        "Distance from the healed pin (m)",
        digits=(12, 1),
        readonly=True,
        copy=False,
        aggregator="avg",
        help="How far the check-in was from the customer's position as it is known now. The "
        "distance measured at the time stays as it was.",
    )
    fence_now = fields.Selection(
        [
            ("inside", "Inside the fence"),
            ("maybe", "Probably inside"),
            ("outside", "Outside the fence"),
        ],
        "Fence by the healed pin",
        readonly=True,
        copy=False,
        help="Judged again after the customer's position was corrected.",
    )

    @api.model
    def _cron_propose_pins(self, batch=200):
        """Look at the customers that were visited since the last run, and propose better pins."""
        cron = self.env["ir.cron"]
        partners = self._get_partners_to_locate()
        cron._commit_progress(remaining=len(partners))
        for start in range(0, len(partners), batch):
            part = partners[start : start + batch]
            self._propose_pins(part)
            if not cron._commit_progress(len(part)):
                break

    @api.model
    def _get_partners_to_locate(self, days=2):
        """Customers with a check-in of the last days: the others have nothing new to say."""
        since = fields.Datetime.now() - timedelta(days=days)
        groups = self.sudo()._read_group(
            self._get_sample_domain() & Domain("check_in_at", ">=", since), ["partner_id"]
        )
        return self.env["res.partner"].browse([partner.id for (partner,) in groups])

    @api.model
    def _get_sample_domain(self):
        """Check-ins that say where somebody stood: fresh, and not contradicted by his track."""
        since = fields.Datetime.now() - timedelta(days=LOOK_BACK_DAYS)
        return (
            Domain("state", "in", ("in_progress", "done"))
            & Domain("channel", "=", "on_site")
            & Domain("check_in_at", ">=", since)
            & Domain("check_in_accuracy", ">", 0)
            & Domain("check_in_fix_age", "<=", FRESH_S)
            & Domain("is_short", "=", False)
            & Domain("presence_state", "!=", "contradicted")
            & (Domain("check_in_lat", "!=", 0) | Domain("check_in_lng", "!=", 0))
        )

    @api.model
    def _propose_pins(self, partners):
        """A proposal for each customer whose check-ins agree on another place.

        :returns: field.pin.proposal
        """
        proposals = self.env["field.pin.proposal"]
        for (partner, company), samples in self._get_samples(partners).items():
            found = propose(samples, partner._field_position())
            if found:
                proposals |= proposals._propose(partner, found, company)
            else:
                proposals._withdraw(partner, company)
        return proposals

    def _get_samples(self, partners):
        """``{(partner, company): [Sample]}``, the newest first, in one query."""
        visits = self.sudo().search(
            self._get_sample_domain() & Domain("partner_id", "in", partners.ids),
            order="check_in_at desc, id desc",
        )
        samples = {}
        for visit in visits:
            own = samples.setdefault((visit.partner_id, visit.company_id), [])
            if len(own) < MOST_SAMPLES:
                own.append(visit._prepare_sample())
        return samples

    def _prepare_sample(self):
        day = local_date(self.check_in_at, self._get_tz())
        return Sample(
            person=self.user_id.id,
            day=day.isoformat(),
            lat=self.check_in_lat,
            lng=self.check_in_lng,
            accuracy=self.check_in_accuracy,
            ref=self.id,
        )

    @api.model
    def _find_time_of(self, proposal):
        """Visits of the time from which a proposal is drawn; older ones are of what was then."""
        since = proposal.create_date - timedelta(days=LOOK_BACK_DAYS)
        domain = Domain("partner_id", "=", proposal.partner_id.id)
        return self.search(domain & Domain("check_in_at", ">=", since))

    def _judge_again(self):
        """The fence of past check-ins by the corrected pin, and by its fence if that was widened;
        what was measured then stays.

        It only lifts a doubt: who was at the customer's old address was there.
        """
        for visit in self:
            pin = visit.partner_id._field_position()
            if not pin or not (visit.check_in_lat or visit.check_in_lng):
                continue
            distance = haversine_m(visit.check_in_lat, visit.check_in_lng, *pin)
            cap = (visit.policy_snapshot or {}).get("fence_accuracy_cap", 0)
            radius = max(visit.check_in_radius_m, visit.partner_id.sudo().field_fence_radius)
            verdict = fence_verdict(distance, visit.check_in_accuracy, radius, cap)
            if verdict == "outside" and (visit.fence_now or visit.check_in_verdict) in _FINE:
                continue
            visit._with_evidence().write({"fence_now_m": distance, "fence_now": verdict})

    # ---------------------------------------------------------------- the first one

    def _propose_first_pin(self, position):
        """A customer without a pin: the place of the check-in is proposed as its first one.

        A leader decides, unless the policy lets everything through. Nothing competes with a
        proposal that is open already: from then on many check-ins have to agree.
        """
        self.ensure_one()
        if self.channel != "on_site" or self.partner_id._field_position():
            return
        position = position or {}
        exact = 0 < (position.get("accuracy") or 0.0) <= MOST_ACCURACY_M
        if not exact or (position.get("fix_age") or 0.0) > FRESH_S:
            return
        Proposal = self.env["field.pin.proposal"].sudo()
        company = self.partner_id.company_id or self.user_id.company_id
        domain = [("partner_id", "=", self.partner_id.id), ("company_id", "=", company.id)]
        if Proposal.search_count([*domain, ("state", "=", "open")], limit=1):
            return
        proposal = Proposal._report(self.partner_id, self.user_id, position, self.ids)
        if proposal.state == "open" and self.policy_id.sudo().customer_change == "none":
            proposal._do_accept()

    def _withdraw_first_pin(self):
        """A visit that was begun by mistake says nothing about where the customer is."""
        Proposal = self.env["field.pin.proposal"].sudo()
        domain = [("partner_id", "in", self.partner_id.ids), ("state", "=", "open")]
        drawn = Proposal.search([*domain, ("had_pin", "=", False), ("reported_by_id", "!=", False)])
        drawn.filtered(lambda one: set(one.basis or ()) & set(self.ids))._judge("superseded")

    def _do_cancel(self, reason=None, reason_id=None):
        result = super()._do_cancel(reason, reason_id)
        if self.check_in_at:
            self._withdraw_first_pin()
        return result
