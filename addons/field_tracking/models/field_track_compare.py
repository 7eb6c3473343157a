"""A day beside its plan: visits and photos in the playback, the table of a team's day."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.texts import local_clock


class FieldTrackDay(models.Model):
    _inherit = "field.track.day"

    # --- playback ------------------------------------------------------------------------------

    def get_playback(self, reason=None):
        """Adds ``visits`` and ``plan`` (both empty without field_visit), and ``flags``."""
        data = super().get_playback(reason)
        start, _end = self._bounds()
        visits = self._get_plan_visits()
        photos = self._get_photos(visits)
        data["visits"] = [self._playback_visit(visit, start, photos) for visit in visits]
        data["plan"] = self._compare_with_plan(visits)
        data["flags"] = self.flag_count
        return data

    def _get_plan_visits(self):
        """Those of the day that the caller may see; soft look-up."""
        if "field.visit" not in self.env or not self.env["field.visit"].has_access("read"):
            return []
        domain = Domain("user_id", "=", self.user_id.id) & Domain("plan_date", "=", self.date)
        visits = self.env["field.visit"].search(domain, order="check_in_at, plan_time, id")
        return visits.filtered(lambda visit: visit.state != "cancelled")

    def _playback_visit(self, visit, origin, photos):
        partner = visit.partner_id
        at, until = visit.check_in_at, visit.check_out_at
        here = (visit.check_in_lat, visit.check_in_lng)
        place = here if any(here) else (partner.partner_latitude, partner.partner_longitude)
        return {
            "id": visit.id,
            "partner": partner.display_name,
            "state": visit.state,
            "planned": not visit.is_unplanned,
            "start": int((at - origin).total_seconds()) if at else False,
            "end": int((until - origin).total_seconds()) if until else False,
            "lat": place[0],
            "lng": place[1],
            "verdict": visit.check_in_verdict or False,
            "distance_m": round(visit.check_in_distance_m),
            "photos": photos.get(visit.id, []),
        }

    def _get_photos(self, visits):
        """``{visit id: [attachment ids]}``, in one query."""
        if "field.visit.photo" not in self.env or not visits:
            return {}
        photos = self.env["field.visit.photo"].search(
            [("visit_id", "in", visits.ids), ("attachment_id", "!=", False)]
        )
        return {
            visit.id: own.attachment_id.ids for visit, own in photos.grouped("visit_id").items()
        }

    def _compare_with_plan(self, visits):
        """``{planned, done, unplanned, missed, in_order}``; empty when nothing was planned and
        nothing visited. ``in_order``: how many of the visits that were made followed the planned
        order."""
        if not visits:
            return {}
        planned = [visit for visit in visits if not visit.is_unplanned]
        done = [visit for visit in visits if visit.state in ("done", "in_progress")]
        made = [visit for visit in done if visit.check_in_at and not visit.is_unplanned]
        return {
            "planned": len(planned),
            "done": len([visit for visit in done if not visit.is_unplanned]),
            "unplanned": len([visit for visit in done if visit.is_unplanned]),
            "missed": len([visit for visit in planned if visit.state in ("missed", "planned")]),
            "in_order": _longest_ordered([(visit.plan_time, visit.id) for visit in made]),
        }

    # --- team day ------------------------------------------------------------------------------

    @api.model
    def get_team_day(self, date=None):
        """One row per person the caller leads, for one local date; who has nothing has a row too.

        :param str date: ISO, default today
        :returns: dict of ``date`` and ``rows``: dict(user_id, name, day_id, open, start, end,
            first, last, distance_m, stay_count, customer_min, gap_min, planned, done, flags);
            times are local ``HH:MM`` or False
        """
        date = fields.Date.to_date(date) or fields.Date.context_today(self)
        users = self._get_team()
        own = Domain("user_id", "in", users.ids) & Domain("date", "=", date)
        days = self.search(own).grouped("user_id")
        workdays = self.env["field.workday"].search(own).grouped("user_id")
        plans = self._count_visits(users, date)
        none, unopened = self.browse(), self.env["field.workday"]
        rows = [
            self._team_row(
                user, days.get(user, none), workdays.get(user, unopened)[:1], plans.get(user.id)
            )
            for user in users
        ]
        return {"date": str(date), "rows": rows}

    @api.model
    def _get_team(self):
        """The representatives whose tracks the caller may look at, himself last."""
        user = self.env.user
        group = self.env.ref("field_base.field_base_group_rep")
        domain = Domain("all_group_ids", "in", group.ids)
        domain &= Domain("company_ids", "in", self.env.companies.ids) & Domain("id", "!=", user.id)
        if not user.has_groups(
            "field_base.field_base_group_admin,field_base.field_base_group_auditor"
        ):
            domain &= Domain("field_track_viewer_ids", "in", user.ids)
        return self.env["res.users"].sudo().search(domain, order="name, id", limit=2000)

    @api.model
    def _team_row(self, user, day, workday, plan):
        tz = user._field_tz()
        planned, done = plan or (0, 0)
        at_customers = day.stay_ids.filtered("partner_id") if day else day.stay_ids
        return {
            "user_id": user.id,
            "name": user.name,
            "day_id": day.id,
            "open": bool(workday) and workday.state == "open",
            "start": _clock(workday.open_at, tz),
            "end": _clock(workday.close_at, tz),
            "first": _clock(day.first_fix, tz),
            "last": _clock(day.last_fix, tz),
            "distance_m": day.distance_m,
            "stay_count": day.stay_count,
            "customer_min": sum(at_customers.mapped("minutes")),
            "gap_min": day.gap_min,
            "planned": planned,
            "done": done,
            "flags": day.flag_count if day else 0,
        }

    @api.model
    def _count_visits(self, users, date):
        if "field.visit" not in self.env or not self.env["field.visit"].has_access("read"):
            return {}
        domain = Domain("user_id", "in", users.ids) & Domain("plan_date", "=", date)
        domain &= Domain("state", "!=", "cancelled")
        found = {}
        for user, state, count in self.env["field.visit"]._read_group(
            domain, ["user_id", "state"], ["__count"]
        ):
            planned, done = found.get(user.id, (0, 0))
            found[user.id] = (planned + count, done + count * (state == "done"))
        return found


def _clock(moment, tz):
    if not moment:
        return False
    return local_clock(moment, tz)


def _longest_ordered(keys):
    """Length of the longest sub-sequence in rising order: visits that kept the planned order."""
    best = []
    for key in keys:
        place = next((i for i, value in enumerate(best) if value >= key), len(best))
        best[place : place + 1] = [key]
    return len(best)
