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

    def _do_move(self, day, reason=None, reason_id=None):
        """Go there on another day; a time that was agreed is to be agreed again.

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
        return self._move_to(day, why, chosen)

    def _move_to(self, day, why, chosen):
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
                "plan_time": 0.0,
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
