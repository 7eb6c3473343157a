from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import presence
from .field_visit_flow import PROVISIONAL_ENDS


class FieldVisit(models.Model):
    _inherit = "field.visit"

    assumed_end_at = fields.Datetime("First taken to end at", readonly=True, copy=False)
    assumed_end_source = fields.Char("First ended by", readonly=True, copy=False)

    def _ask_for_comparison(self, at):
        """Have the track of that day look at this visit, also when the day was done before."""
        self.ensure_one()
        if self.channel == "on_site" and "field.track.day" in self.env:
            self.env["field.track.day"].sudo()._mark_day(self.user_id, at)

    @api.model
    def _verify_presence(self, user, day_start, day_end, stays, gaps):
        """Compare the visits a person made between two moments with the track of that time.

        Called by every rebuild of the day, with all its stays and gaps; the same call again
        changes nothing, and less or more data gives what it would have given at first.

        :param user: res.users
        :param day_start: naive UTC datetime; so is ``day_end``
        :param list stays: dicts of start, end, lat, lng, radius (m), ref ("field.stay,12")
        :param list gaps: dicts of start, end
        :returns: the visits compared
        """
        visits = self.sudo().search(
            Domain("user_id", "=", user.id)
            & Domain("state", "in", ("in_progress", "done"))
            & Domain("channel", "=", "on_site")
            & Domain("check_in_at", ">=", day_start)
            & Domain("check_in_at", "<", day_end)
        )
        following = visits._find_next_check_ins()
        for visit in visits:
            limit = min(day_end, following.get(visit.id, day_end))
            visit._apply_presence(visit._judge_presence(limit, stays, gaps))
        return visits

    def _judge_presence(self, limit, stays, gaps):
        """:param limit: when the day ends, or the next check-in was: the visit lasted no longer"""
        self.ensure_one()
        if not (self.lat or self.lng):
            return presence.Presence()
        return presence.judge(
            self.check_in_at,
            min(self.assumed_end_at or self.check_out_at or limit, limit),
            self.lat,
            self.lng,
            self.check_in_radius_m,
            stays,
            gaps,
            end_is_known=bool(self.check_out_at) and self.end_source not in PROVISIONAL_ENDS,
        )

    def _apply_presence(self, found):
        """Write the outcome only where it differs, so that a rebuild leaves no trace."""
        self.ensure_one()
        vals = {
            "presence_state": found.state,
            "presence_start": found.start and found.start.replace(microsecond=0),
            "presence_end": found.end and found.end.replace(microsecond=0),
            "presence_min": round(found.minutes, 1),
            "presence_ref": found.ref,
        }
        changed = {
            name: value for name, value in vals.items() if (self[name] or None) != (value or None)
        }
        changed |= self._settle_end(found)
        if changed:
            self._with_evidence().write(changed)

    def _settle_end(self, found):
        """A forgotten check-out happened when the track left the customer.

        What the clock had assumed first is kept, so that a day that is rebuilt with other data
        gives what it would have given at first.
        """
        if self.state != "done" or self.end_source not in PROVISIONAL_ENDS:
            return {}
        end, source = self.check_out_at, self.end_source
        if source == "fence":
            end, source = self.assumed_end_at, self.assumed_end_source
        left = found.state in ("verified", "partial") and found.end.replace(microsecond=0)
        if left and self.check_in_at <= left < end:
            new = (left, "fence", end, source)
        else:
            new = (end, source, False, False)
        names = ("check_out_at", "end_source", "assumed_end_at", "assumed_end_source")
        return {name: value for name, value in zip(names, new, strict=True) if self[name] != value}
