from datetime import timedelta

from odoo import api, fields, models


class FieldWorkday(models.Model):
    """What the calendar had planned for the day. Kept with the day: calendars change."""

    _inherit = "field.workday"

    day_kind = fields.Selection(
        [
            ("work", "Working day"),
            ("off", "No working day"),
            ("holiday", "Public holiday"),
            ("leave", "Leave"),
        ],
        "Kind of day",
        readonly=True,
        default="work",
        help="From the working hours, leave and public holidays in Odoo when the day was opened.",
    )
    planned_start = fields.Datetime(readonly=True)
    planned_end = fields.Datetime(readonly=True)
    planned_hours = fields.Float(readonly=True)
    late_min = fields.Integer(
        "Late (min)",
        compute="_compute_late_min",
        store=True,
        aggregator="avg",
        help="Minutes after the planned start, when more than the grace of the policy.",
    )

    @api.model
    def _prepare_plan_vals(self, user, date, policy):
        planned = policy._get_planned_days(user, [date], {(user.id, date): policy})[user.id, date]
        fixed = planned.spans and not planned.flexible
        return {
            "day_kind": planned.kind,
            "planned_start": planned.spans[0][0] if fixed else False,
            "planned_end": planned.spans[-1][1] if fixed else False,
            "planned_hours": planned.hours if fixed else 0.0,
        }

    @api.depends("open_at", "planned_start", "policy_snapshot")
    def _compute_late_min(self):
        for day in self:
            day.late_min = 0
            if not day.planned_start or not day.open_at:
                continue
            grace = (day.policy_snapshot or {}).get("grace_start_min") or 0
            late = day.open_at - day.planned_start
            if late > timedelta(minutes=grace):
                day.late_min = late.total_seconds() // 60
