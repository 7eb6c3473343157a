from datetime import timedelta

import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.day import day_of_track, make_track
from odoo.addons.field_base.tools import times

#: A day is made again this long after its first new position, so a backlog costs one rebuild.
DEBOUNCE = timedelta(seconds=45)
USERS_PER_RUN = 50
#: First key of the advisory lock of one person's days.
REBUILD_LOCK = 741902


class FieldTrackRebuild(models.Model):
    _inherit = "field.track.day"

    # --- job -----------------------------------------------------------------------------------
    @api.model
    def _cron_rebuild(self):
        """Each minute: make the days again that got new positions.

        May run twice at once: a person is claimed by an advisory lock of the transaction, his
        marks with SKIP LOCKED. What arrives meanwhile keeps its own mark.
        """
        progress = self.env["ir.cron"]._commit_progress
        users = self._users_to_rebuild()
        progress(remaining=len(users))
        for user in users:
            self._rebuild_user(user)
            if not progress(1):
                break

    @api.model
    def _users_to_rebuild(self, debounce=DEBOUNCE):
        query = SQL(
            """SELECT user_id FROM field_track_mark GROUP BY user_id
               HAVING min(marked_at) <= %s ORDER BY min(id) LIMIT %s""",
            fields.Datetime.now() - debounce,
            USERS_PER_RUN,
        )
        return self.env["res.users"].browse([row[0] for row in self.env.execute_query(query)])

    @api.model
    def _rebuild_user(self, user):
        """Claim the marks of one person, rebuild the days they name and drop them.

        :returns: the days
        """
        days = self.browse()
        cr = self.env.cr
        cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [REBUILD_LOCK, user.id])
        if not cr.fetchone()[0]:
            return days
        marks = self.env.execute_query(
            SQL(
                """SELECT id, ts_min, ts_max, company_id FROM field_track_mark
                    WHERE user_id = %s ORDER BY id FOR UPDATE SKIP LOCKED""",
                user.id,
            )
        )
        if marks:
            days = self._days_of(user, marks)
            days._rebuild()
            cr.execute(
                "DELETE FROM field_track_mark WHERE id = ANY(%s)", [[mark[0] for mark in marks]]
            )
        return days

    @api.model
    def _mark_day(self, user, at):
        """Have the local day of this moment made again by the job.

        For whoever changes what a day is compared with (a visit entered late, for instance).

        :param user: res.users
        :param at: naive UTC datetime
        """
        self.env["field.track.mark"].sudo().create(
            {
                "user_id": user.id,
                "company_id": user.sudo().company_id.id,
                "marked_at": fields.Datetime.now(),
                "ts_min": at,
                "ts_max": at,
            }
        )

    @api.model
    def _days_of(self, user, marks):
        """The days the marks touch, as far as they have positions; created where missing."""
        tz = user._field_tz()
        touched = self._touched_dates(marks, tz)
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (1) 
                          (p.ts AT TIME ZONE 'UTC' AT TIME ZONE %s)::date, p.company_id
                     FROM field_position p
                    WHERE p.device_id IN (SELECT id FROM field_device WHERE user_id = %s)
                      AND p.user_id = %s AND p.ts >= %s AND p.ts < %s ORDER BY 1, 2""",
                tz,
                user.id,
                user.id,
                times.local_hour(min(touched), 0, tz),
                times.local_hour(max(touched), 24, tz),
            )
        )
        company_of = {date: company_id for date, company_id in rows if date in touched}
        days = self.search([("user_id", "=", user.id), ("date", "in", list(company_of))])
        have = set(days.mapped("date"))
        return days | self.create(
            [
                {"user_id": user.id, "company_id": company_id, "date": date, "tz": tz}
                for date, company_id in company_of.items()
                if date not in have
            ]
        )

    @api.model
    def _touched_dates(self, marks, tz):
        dates = set()
        for _id, low, high, _company in marks:
            first, last = times.local_date(low, tz), times.local_date(high, tz)
            dates.update(first + timedelta(days=n) for n in range((last - first).days + 1))
        return dates

    # --- rebuild -------------------------------------------------------------------------------
    def _rebuild(self):
        """Make these days again from their raw positions.

        Idempotent: the same positions give the same rows, and rows that do not change keep their
        ids. Whoever wants to check presence (field_visit) is told the stays and the silences.
        """
        for day in self.sudo():
            track = make_track(**day._read_fixes())
            result = day_of_track(track)
            day._write_changed(day._prepare_day_vals(result))
            day._sync_children("stay_ids", day._prepare_stay_vals(result))
            day._sync_children("trip_ids", day._prepare_trip_vals(result))
            day._sync_children("gap_ids", day._prepare_gap_vals(result))
            day._tell_visits(result)

    def _read_fixes(self):
        """Arrays of the day's raw positions, ready for ``make_track``.

        One row of text comes back instead of one row per position: building 15,000 Python values
        would take longer than the whole algorithm.
        """
        self.ensure_one()
        start, end = self._bounds()
        [(ts, lat, lng, accuracy, speed, device)] = self.env.execute_query(
            SQL(
                """SELECT string_agg(extract(epoch FROM ts)::bigint::text, ','),
                          string_agg(lat::text, ','),
                          string_agg(lng::text, ','),
                          string_agg(COALESCE(accuracy, 'nan')::text, ','),
                          string_agg(COALESCE(speed, 'nan')::text, ','),
                          string_agg(device_id::text, ',')
                     FROM field_position
                    WHERE device_id IN (SELECT id FROM field_device WHERE user_id = %s)
                      AND user_id = %s AND ts >= %s AND ts < %s""",
                self.user_id.id,
                self.user_id.id,
                start,
                end,
            )
        )
        columns = {
            "ts": ts,
            "lat": lat,
            "lon": lng,
            "accuracy": accuracy,
            "speed": speed,
            "device": device,
        }
        return {name: _floats(text) for name, text in columns.items()}

    def _prepare_day_vals(self, result):
        quality = result.quality
        return {
            "state": "built",
            "built_at": fields.Datetime.now(),
            "distance_m": round(result.distance_m, 1),
            "measured_m": round(result.measured_m, 1),
            "estimated_m": round(result.estimated_m, 1),
            "distance_method": result.method,
            "first_fix": _moment(result.first_ts),
            "last_fix": _moment(result.last_ts),
            "stay_count": len(result.stays),
            "stay_min": _minutes(result.stays),
            "trip_count": len(result.trips),
            "trip_min": _minutes(result.trips),
            "gap_count": len(result.gaps),
            "gap_min": _minutes(result.gaps),
            "fix_count": quality.fixes,
            "used_count": quality.used,
            "coarse_count": quality.coarse,
            "spike_count": quality.spikes,
            "interval_s": round(quality.interval_s),
        }

    def _prepare_stay_vals(self, result):
        partners = self._match_partners(result.stays)
        return [
            {
                **_interval(number, stay),
                "lat": stay.lat,
                "lng": stay.lon,
                "radius": stay.radius_m,
                "fixes": stay.fixes,
                "silent_min": round(stay.silent_s / 60),
                "partner_id": partners[number][0],
                "partner_distance": partners[number][1],
            }
            for number, stay in enumerate(result.stays, 1)
        ]

    def _prepare_trip_vals(self, result):
        return [
            {
                **_interval(number, trip),
                **_places(trip),
                "distance_m": trip.distance_m,
                "estimated_m": trip.estimated_m,
                "fixes": trip.fixes,
            }
            for number, trip in enumerate(result.trips, 1)
        ]

    def _prepare_gap_vals(self, result):
        return [
            {
                **_interval(number, gap),
                **_places(gap),
                "distance_m": gap.distance_m,
                "cause": "imprecise" if gap.unusable else "unknown",
            }
            for number, gap in enumerate(result.gaps, 1)
        ]

    def _match_partners(self, stays):
        """``{number of the stay: (partner id or False, metres)}``, one query for all stays.

        The nearest customer whose own radius, or the policy's, reaches the middle of the stay.
        People of the company itself are no customers.
        """
        matches = {number: (False, 0.0) for number in range(1, len(stays) + 1)}
        if not stays:
            return matches
        Policy = self.env["field.policy"].with_company(self.company_id)
        policy = Policy._get_for_users(self.user_id, self.date)[self.user_id.id]
        Partner = self.env["res.partner"]
        Partner.flush_model()
        widest = max(self._widest_radius(), policy.fence_radius) / 111_000
        rows = self.env.execute_query(
            SQL(
                _NEAREST,
                _floats_literal(range(1, len(stays) + 1)),
                _floats_literal(stay.lat for stay in stays),
                _floats_literal(stay.lon for stay in stays),
                policy.fence_radius,
                *(widest, widest, widest, widest),
                self.company_id.id,
            )
        )
        matches.update({number: (partner, round(metres, 1)) for number, partner, metres in rows})
        return matches

    @api.model
    def _widest_radius(self):
        """The largest radius any customer has of his own (metres)."""
        query = SQL("SELECT max(field_fence_radius) FROM res_partner WHERE partner_latitude <> 0")
        return self.env.execute_query(query)[0][0] or 0

    def _tell_visits(self, result):
        """Soft look-up: presence of visits is checked when field_visit is installed."""
        if "field.visit" not in self.env:
            return
        start, end = self._bounds()
        stays = [
            {
                "start": stay.start,
                "end": stay.end,
                "lat": stay.lat,
                "lng": stay.lng,
                "radius": stay.radius,
                "ref": f"field.stay,{stay.id}",
            }
            for stay in self.stay_ids.sorted("start")
        ]
        silences = self._silences(result, start, end)
        self.env["field.visit"]._verify_presence(self.user_id, start, end, stays, silences)

    def _silences(self, result, start, end):
        """Times of the day nothing is known about, before the first and after the last too."""
        gaps = [{"start": _moment(gap.start), "end": _moment(gap.end)} for gap in result.gaps]
        if result.first_ts is None:
            return [{"start": start, "end": end}]
        first, last = _moment(result.first_ts), _moment(result.last_ts)
        gaps.insert(0, {"start": start, "end": first})
        gaps.append({"start": last, "end": end})
        return [gap for gap in gaps if gap["start"] < gap["end"]]

    # --- writing only what changed -------------------------------------------------------------
    def _write_changed(self, vals):
        self.ensure_one()
        _write_difference(self, vals)

    def _sync_children(self, field_name, wanted):
        """Make the child rows equal to ``wanted``; a row with the same start is the same row."""
        existing = {row.start: row for row in self[field_name]}
        keep = {vals["start"] for vals in wanted}
        obsolete = self[field_name].filtered(lambda row: row.start not in keep)
        new = []
        for vals in wanted:
            row = existing.get(vals["start"])
            if row is None and obsolete:
                row, obsolete = _most_alike(obsolete, vals)
            if row:
                _write_difference(row, vals)
            else:
                new.append({**vals, "day_id": self.id})
        obsolete.unlink()
        self[field_name].create(new)
        self.invalidate_recordset([field_name])


# The box lets the index on coordinates do the work, the distance decides. partner_share leaves out
# the people of the company itself.
_NEAREST = """
    SELECT DISTINCT ON (near.n) near.n::int, near.id, near.metres
      FROM (SELECT s.n, p.id, p.radius,
                   12742017.6 * asin(sqrt(least(1,
                       sin(radians(p.lat - s.lat) / 2) ^ 2
                       + cos(radians(s.lat)) * cos(radians(p.lat))
                       * sin(radians(p.lng - s.lng) / 2) ^ 2))) AS metres
              FROM unnest(%s, %s, %s) AS s (n, lat, lng)
              CROSS JOIN LATERAL (
                    SELECT id, partner_latitude::float8 AS lat, partner_longitude::float8 AS lng,
                           COALESCE(NULLIF(field_fence_radius, 0), %s) AS radius
                      FROM res_partner
                     WHERE partner_latitude <> 0 AND active
                       AND partner_latitude BETWEEN s.lat - %s AND s.lat + %s
                       AND partner_longitude BETWEEN s.lng - %s / cos(radians(s.lat))
                                                 AND s.lng + %s / cos(radians(s.lat))
                       AND (company_id IS NULL OR company_id = %s)
                       AND partner_share) p) near
     WHERE near.metres <= near.radius
     ORDER BY near.n, near.metres, near.id
"""


def _floats(text):
    if not text:
        return np.zeros(0)
    return np.fromstring(text, dtype=np.float64, sep=",")


def _floats_literal(values):
    return SQL("%s::float8[]", "{" + ",".join(repr(float(value)) for value in values) + "}")


def _moment(ts):
    return fields.Datetime.to_datetime("1970-01-01") + timedelta(seconds=ts) if ts else False


def _minutes(items):
    """The sum of the rows as people see them, so that lists add up."""
    return sum(round((item.end - item.start) / 60) for item in items)


def _interval(number, item):
    return {
        "number": number,
        "start": _moment(item.start),
        "end": _moment(item.end),
        "minutes": round((item.end - item.start) / 60),
    }


def _places(item):
    return {
        "from_lat": item.from_lat,
        "from_lng": item.from_lon,
        "to_lat": item.to_lat,
        "to_lng": item.to_lon,
    }


def _most_alike(rows, vals):
    """The row that overlaps the wanted interval most, and the others; none overlaps: no row."""

    def overlap(row):
        return min(row.end, vals["end"]) - max(row.start, vals["start"])

    best = max(rows, key=overlap)
    return (best, rows - best) if overlap(best) > timedelta(0) else (None, rows)


def _write_difference(row, vals):
    """Write only what differs: an unchanged day costs no UPDATE and keeps its write date."""
    changed = {
        name: value
        for name, value in vals.items()
        if row._fields[name].convert_to_record(row._fields[name].convert_to_cache(value, row), row)
        != row[name]
    }
    if changed and set(changed) != {"built_at"}:
        row.write(changed)
