from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..tools.clocks import warning_at
from .field_lead_recycle_pool import CLOCKS

WARNINGS = (50, 90)  # percent of the time that have passed


class CrmLead(models.Model):
    """The clocks of a held lead. They hang on the change of owner itself, so every way to an owner
    starts them: button, list edit, import, workflow, transfer, merge, API."""

    _inherit = "crm.lead"

    field_clock_start = fields.Datetime("Held since", readonly=True, copy=False)
    field_contact_at = fields.Datetime("First Contact", readonly=True, copy=False)
    field_followup_at = fields.Datetime("Last Follow-up", readonly=True, copy=False)
    field_contact_deadline = fields.Datetime("Contact until", readonly=True, copy=False)
    field_followup_deadline = fields.Datetime("Follow-up until", readonly=True, copy=False)
    field_convert_deadline = fields.Datetime("Opportunity until", readonly=True, copy=False)
    field_recycle_at = fields.Datetime("Goes Back at", readonly=True, copy=False)
    field_warn_at = fields.Datetime("Next Warning", readonly=True, copy=False)
    field_warned = fields.Integer("Warned at Percent", readonly=True, copy=False)
    field_extensions = fields.Integer("Extensions", readonly=True, copy=False)
    field_clock = fields.Selection(
        [("contact", "First contact"), ("followup", "Follow-up"), ("convert", "Opportunity")],
        "Clock That Runs out First",
        compute="_compute_field_clock",
    )

    # Only what can be taken back: the sweep reads from the front of these.
    _field_recycle_idx = models.Index(
        "(field_recycle_at) WHERE field_recycle_at IS NOT NULL AND user_id IS NOT NULL "
        "AND active AND won_status = 'pending'"
    )
    _field_warn_idx = models.Index(
        "(field_warn_at) WHERE field_warn_at IS NOT NULL AND user_id IS NOT NULL "
        "AND active AND won_status = 'pending'"
    )

    @api.depends("field_recycle_at")
    def _compute_field_clock(self):
        for lead in self:
            running = [
                (lead[f"field_{clock}_deadline"], clock)
                for clock in CLOCKS
                if lead[f"field_{clock}_deadline"]
            ]
            lead.field_clock = min(running)[1] if running else False

    @api.model
    def _clock_domain(self):
        """Held leads whose clocks run."""
        return Domain(
            [
                ("field_recycle_at", "!=", False),
                ("user_id", "!=", False),
                ("active", "=", True),
                ("won_status", "=", "pending"),
            ]
        )

    # --- start and stop ------------------------------------------------------------------------

    def _after_owner_change(self):
        """The clocks of these leads (sudo) begin anew for their new owner, or stop."""
        held = self.filtered(lambda lead: lead.field_pool_id and lead.user_id)
        now = fields.Datetime.now()
        for pool, leads in held.grouped("field_pool_id").items():
            found = pool._get_deadlines(leads, fresh=now)
            # One write for all that share their deadlines, as the leads of one claim do.
            for deadlines, same in leads.grouped(lambda le, f=found: (*f[le.id].items(),)).items():
                same._write_clocks(same._prepare_fresh_clocks(now, dict(deadlines)))
        (self - held)._stop_clocks()

    @api.model
    def _prepare_fresh_clocks(self, now, deadlines):
        ends = {f"field_{clock}_deadline": at or False for clock, at in deadlines.items()}
        first = min(filter(None, ends.values()), default=False)
        return {
            **ends,
            "field_clock_start": now,
            "field_contact_at": False,
            "field_followup_at": False,
            "field_extensions": 0,
            "field_recycle_at": first,
            **self._prepare_warning_vals(first, now),
        }

    def _write_clocks(self, vals):
        # Nobody follows the clocks in the messages: nothing to compare before and after.
        self.with_context(tracking_disable=True).write(vals)

    def _stop_clocks(self):
        fields_ = ("clock_start", "contact_at", "followup_at", "recycle_at", "warn_at")
        vals = dict.fromkeys((f"field_{name}" for name in fields_), False)
        vals |= dict.fromkeys((f"field_{clock}_deadline" for clock in CLOCKS), False)
        running = self.filtered("field_clock_start")
        if running:
            running._write_clocks({**vals, "field_warned": 0, "field_extensions": 0})

    def _ensure_clock_start(self):
        """Leads held since before the pool had clocks count from their assignment."""
        for lead in self.filtered(lambda lead: not lead.field_clock_start):
            lead.field_clock_start = lead.date_open or lead.create_date or fields.Datetime.now()

    def _is_converted_for_pool(self):
        """Whether the lead has become the opportunity its pool asks for: its clocks are done."""
        stage = self.field_pool_id.convert_stage_id
        if stage:
            return self.type == "opportunity" and self.stage_id.sequence >= stage.sequence
        return self.type == "opportunity" and bool(self.date_conversion)

    def _can_convert_for_pool(self):
        """An opportunity from the start has no conversion to wait for."""
        return bool(self.field_pool_id.convert_stage_id) or self.type == "lead"

    def _refresh_deadlines(self, keep_later=True):
        """Compute the deadlines anew (sudo).

        :param keep_later: a deadline that stands later stays: time once given is not taken back
        """
        for pool, leads in self.grouped("field_pool_id").items():
            leads._ensure_clock_start()
            found = pool._get_deadlines(leads)
            if keep_later:
                for lead in leads:
                    found[lead.id] = lead._keep_later(found[lead.id])
            leads._store_deadlines(found)

    def _keep_later(self, found):
        kept = {}
        for clock, new in found.items():
            old = self[f"field_{clock}_deadline"]
            kept[clock] = max(old, new) if old and new else new
        return kept

    def _store_deadlines(self, found):
        """:param found: ``{lead.id: {clock: datetime or None}}``"""
        for lead in self:
            deadlines = {
                f"field_{clock}_deadline": at or False for clock, at in found[lead.id].items()
            }
            running = [at for at in deadlines.values() if at]
            vals = {**deadlines, "field_recycle_at": min(running, default=False)}
            if vals["field_recycle_at"] != lead.field_recycle_at:
                start = lead._get_warning_start(vals["field_recycle_at"])
                vals |= lead._prepare_warning_vals(vals["field_recycle_at"], start)
            if any(lead[name] != value for name, value in vals.items()):
                lead._write_clocks(vals)

    def _get_warning_start(self, deadline):
        if deadline == self.field_followup_deadline and self.field_followup_at:
            return self.field_followup_at
        return self.field_clock_start

    @api.model
    def _prepare_warning_vals(self, deadline, start):
        """The next warning of a deadline that has moved."""
        if not deadline:
            return {"field_warn_at": False, "field_warned": 0}
        now = fields.Datetime.now()
        for percent in WARNINGS:
            at = warning_at(start, deadline, percent)
            if at > now:
                before = [p for p in WARNINGS if p < percent]
                return {"field_warn_at": at, "field_warned": before[-1] if before else 0}
        return {"field_warn_at": now, "field_warned": WARNINGS[-2]}

    # --- what the owner has done ---------------------------------------------------------------

    def _count_touches(self):
        """Look what the owners have done since the clocks started (sudo).

        :returns: the leads of which something was new
        """
        held = self.filtered(lambda lead: lead.field_clock_start and lead.user_id)
        rules = self.env["field.lead.touch.rule"].sudo().search([("active", "=", True)])
        changed = self.browse()
        for company, leads in held.grouped(lambda le: le.field_pool_id.company_id).items():
            own = rules.filtered(lambda r, c=company: not r.company_id or r.company_id == c)
            periods = [(le.id, le.user_id.id, le.field_clock_start, None) for le in leads]
            for index, touches in own._collect(periods).items():
                changed |= leads[index]._note_touches(touches)
        return changed

    def _note_touches(self, touches):
        contact = min((at for at, is_contact, _f in touches if is_contact), default=False)
        followup = max((at for at, _c, is_followup in touches if is_followup), default=False)
        vals = {}
        if contact and not self.field_contact_at:
            vals["field_contact_at"] = contact
        if followup and (not self.field_followup_at or followup > self.field_followup_at):
            vals["field_followup_at"] = followup
        if vals:
            self.write(vals)
        return self if vals else self.browse()

    def _look_at_touches(self):
        """Something was done with these leads that may count: move their deadlines."""
        held = self.sudo().filtered(lambda lead: lead.field_recycle_at and lead.user_id)
        if held:
            held._count_touches()._refresh_deadlines()

    # --- changes of state ----------------------------------------------------------------------

    def write(self, vals):
        """A conversion ends the clocks; who reopens a lead has the grace time at least."""
        watched = vals.keys() & {"type", "stage_id", "date_conversion", "active", "probability"}
        if not watched:
            return super().write(vals)
        closed = self.sudo().filtered(lambda le: le.field_clock_start and not le._clocks_may_run())
        result = super().write(vals)
        held = self.sudo().filtered(lambda lead: lead.field_pool_id and lead.user_id)
        if held:
            reopened = (held & closed).filtered(lambda lead: lead._clocks_may_run())
            (held - reopened).filtered("field_recycle_at")._refresh_deadlines()
            reopened._grant_grace()
        return result

    def _clocks_may_run(self):
        return self.active and self.won_status == "pending"

    def _grant_grace(self):
        for lead in self:
            pool, now = lead.field_pool_id, fields.Datetime.now()
            floor = now + timedelta(hours=pool.grace_hours)
            found = pool._get_deadlines(lead)[lead.id]
            later = {clock: max(at, floor) if at else None for clock, at in found.items()}
            lead._store_deadlines({lead.id: later})

    def message_post(self, **kwargs):
        # After the post, not in its hook: who was notified is known only then.
        message = super().message_post(**kwargs)
        self.filtered("field_pool_id")._look_at_touches()
        return message

    def _get_warning_at(self, percent):
        start = self.field_clock_start
        if self.field_clock == "followup" and self.field_followup_at:
            start = self.field_followup_at
        return warning_at(start, self.field_recycle_at, percent)

    def _format_deadline(self, env):
        return format_datetime(env, self.field_recycle_at, dt_format="short")
