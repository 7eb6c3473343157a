from odoo import api, fields, models

from ..tools.plan import Stop, compare
from .field_track_rebuild import seconds


class FieldTrackPlan(models.Model):
    """The plan of the day against what was done; figures only where there was a plan."""

    _inherit = "field.track.day"

    plan_count = fields.Integer("Planned visits", readonly=True)
    plan_done = fields.Integer("Planned and done", readonly=True)
    plan_in_order = fields.Integer("In planned order", readonly=True)
    plan_unplanned = fields.Integer(
        "Unplanned visits", readonly=True, help="Apart: who answers a call is not off his plan."
    )
    plan_score = fields.Float(
        "Plan kept", compute="_compute_plan_score", store=True, aggregator="avg", digits=(4, 3)
    )
    off_plan_m = fields.Float(
        "Off the planned way (m)",
        digits=(10, 1),
        readonly=True,
        help="Way more than 1 km beside the line through the planned visits. For information.",
    )

    @api.depends("plan_count", "plan_done")
    def _compute_plan_score(self):
        for day in self:
            day.plan_score = day.plan_done / day.plan_count if day.plan_count else 0.0

    def _prepare_plan_vals(self, good, visits):
        """
        :param good: the believed fixes of the day, see tools.day.Track
        :param visits: as :meth:`_get_visits` gives them
        """
        planned = [visit for visit in visits if not visit.is_unplanned]
        stops = [
            Stop(
                turn,
                seconds(visit.check_in_at) if visit.check_in_at else None,
                visit.partner_id._field_position() or None,
            )
            for turn, visit in enumerate(planned)
        ]
        found = compare(stops, good.lat, good.lon)
        return {
            "plan_count": len(stops),
            "plan_done": found.done,
            "plan_in_order": found.in_order,
            "plan_unplanned": sum(bool(v.is_unplanned and v.check_in_at) for v in visits),
            "off_plan_m": round(found.off_plan_m, 1),
        }
