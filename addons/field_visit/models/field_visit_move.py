"""A visit that goes to another day, and why."""

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import require_payload
from odoo.addons.field_base.tools.times import local_date

#: As far ahead as rules and lines plan.
MOST_DAYS = 92


class FieldVisit(models.Model):
    _inherit = "field.visit"

    moved_from = fields.Date("Planned at first for", readonly=True, copy=False)
    move_reason_id = fields.Many2one(
        "field.visit.reason",
        "Moved because",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    asks_why = fields.Boolean("Moves with a reason", compute="_compute_asks_why")

    @api.depends("user_id", "state")
    @api.depends_context("uid")
    def _compute_asks_why(self):
        """Who moves a visit of his own says why; who leads others plans as he likes."""
        leads = self.env.user.has_group("field_base.field_base_group_leader")
        for visit in self:
            own = visit.user_id == self.env.user
            visit.asks_why = own and visit.state == "planned" and not leads

    def write(self, vals):
        """However a visit comes to another day, the first one stays known; brought back to it, it
        was not moved at all. Machines that plan anew move nothing anybody counted on."""
        day = fields.Date.to_date(vals.get("plan_date"))
        by_machine = self._is_planner() and not self.env.context.get("field_visit_event")
        if day and not by_machine and "moved_from" not in vals:
            self._note_first_day(day)
        return super().write(vals)

    def _note_first_day(self, day):
        back = self.filtered(lambda visit: visit.moved_from == day)
        moved = self.filtered(lambda visit: not visit.moved_from and visit.plan_date != day)
        if back:
            back._with_evidence().write({"moved_from": False, "move_reason_id": False})
        for before, visits in moved.grouped("plan_date").items():
            visits._with_evidence().write({"moved_from": before})

    def action_open_move(self, date=None, time=0.0):
        """Ask for the day and the reason, then move.

        :param str date: YYYY-MM-DD, the day that is proposed
        :param float time: local hour that goes with it
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move to another day"),
            "res_model": "field.visit.move",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_visit_id": self.id, "default_date": date, "default_time": time},
        }

    def _do_move(self, day, reason=None, reason_id=None, time=0.0):
        """Go there on another day; a time that was agreed is to be agreed again.

        :param float time: local hour that has been agreed for that day
        :raise FieldRejected: wrong_state, bad_day, reason_required
        """
        self.ensure_one()
        if self.state == "planned" and self.plan_date == day:
            return self
        if self.state not in ("planned", "missed"):
            raise FieldRejected("wrong_state", self.env._("This visit has begun or is over."))
        today = local_date(fields.Datetime.now(), self.user_id._field_tz())
        if not today <= day <= today + timedelta(days=MOST_DAYS):
            raise FieldRejected(
                "bad_day",
                self.env._("A visit moves to a day within the next %(days)s days.", days=MOST_DAYS),
            )
        chosen = self._get_reason(reason_id)
        why = (reason or chosen.name or "").strip()
        if not why:
            raise FieldRejected(
                "reason_required", self.env._("Tell in a few words why the visit is moved.")
            )
        return self._move_to(day, why, chosen, time)

    def _move_to(self, day, why, chosen, time):
        said = self.env._(
            "Moved from %(before)s to %(after)s: %(reason)s",
            before=self.plan_date,
            after=day,
            reason=why,
        )
        self._with_evidence().write(
            {
                "state": "planned",
                "plan_date": day,
                "plan_time": time,
                "plan_touched": True,
                "moved_from": self.moved_from or self.plan_date,
                "move_reason_id": chosen.id,
            }
        )
        self.message_post(body=said)
        return self


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {"visit.move": self.env._("Visit moved to another day")}

    def _apply_visit_move(self, payload):
        """visit.move {visit_id, date, reason|reason_id}"""
        values = require_payload(
            payload, {"visit_id": int, "date": str}, {"reason": str, "reason_id": int}
        )
        visit = self._browse_own_visit(values["visit_id"])
        day = self._read_day(values["date"])
        return visit._do_move(day, values["reason"], values["reason_id"])
