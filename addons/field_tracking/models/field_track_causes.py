from odoo import models
from odoo.tools import SQL

from ..tools.causes import Entry, Silence, find_cause, heartbeats
from .field_track_rebuild import interval, moment, places, seconds


class FieldTrackCauses(models.Model):
    """Why the day has gaps, as far as the phone said."""

    _inherit = "field.track.day"

    def _prepare_gap_vals(self, result):
        journal = self._read_journal() if result.gaps else []
        ends = self._read_ends(result.gaps)
        vals = []
        for number, gap in enumerate(result.gaps, 1):
            silence = Silence(gap.start, gap.end, gap.unusable, **ends.get(gap.start, {}))
            vals.append(
                {
                    **interval(number, gap),
                    **places(gap),
                    "distance_m": gap.distance_m,
                    "cause": find_cause(silence, journal),
                    "heartbeats": len(heartbeats(silence, journal)),
                }
            )
        return vals

    def _read_journal(self):
        """What the person's devices said of themselves on this day."""
        start, end = self._bounds()
        domain = [("user_id", "=", self.user_id.id), ("at", ">=", start), ("at", "<", end)]
        rows = self.env["field.device.journal"].sudo().search(domain, order="at, id")
        entries = [
            Entry(seconds(r.at), r.kind, seconds(r.received_at), r.battery or None) for r in rows
        ]
        devices = self.env["field.device"].sudo().search([("user_id", "=", self.user_id.id)])
        changed = [at for at in devices.mapped("clock_set_at") if at and start <= at < end]
        return entries + [Entry(seconds(at), "clock", seconds(at)) for at in changed]

    def _read_ends(self, gaps):
        """``{start of a gap: battery, charging and speed of the last fix before it}``."""
        if not gaps:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT extract(epoch FROM ts)::bigint, min(battery), bool_or(charging),
                          max(speed)
                     FROM field_position
                    WHERE device_id = ANY(ARRAY(SELECT id FROM field_device WHERE user_id = %s))
                      AND user_id = %s AND ts IN %s GROUP BY ts""",
                self.user_id.id,
                self.user_id.id,
                tuple(moment(gap.start) for gap in gaps),
            )
        )
        return {
            ts: {"battery": battery, "charging": bool(charging), "speed": speed}
            for ts, battery, charging, speed in rows
        }
