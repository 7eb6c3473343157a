import hashlib
from datetime import datetime, timedelta, timezone

import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.day import day_of_track, make_track
from .field_position import DEGREE
from odoo.addons.field_base.tools import times

#: A day is made again this long after its first new position, so a backlog costs one rebuild.
DEBOUNCE = timedelta(seconds=45)
USERS_PER_RUN = 50
#: First key of the advisory lock of one person's days.
REBUILD_LOCK = 741902
#: Another number here, and every day is made again when it is next looked at.
SOURCES_VERSION = b"1"
#: PostgreSQL counts microseconds from there.
YEAR_2000 = 946_684_800


class FieldTrackRebuild(models.Model):
    _inherit = "field.track.day"

    source_print = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)

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
                """SELECT id, ts_min, ts_max, company_id, is_firm FROM field_track_mark
                    WHERE user_id = %s ORDER BY id FOR UPDATE SKIP LOCKED""",
                user.id,
            )
        )
        if marks:
            days = self._days_of(user, marks)
            is_firm = any(mark[-1] for mark in marks)
            days.with_context(field_skip_unchanged=not is_firm)._rebuild()
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
                "is_firm": True,
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
                    WHERE p.device_id = ANY(ARRAY(SELECT id FROM field_device WHERE user_id = %s))
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
        for _id, low, high, *_rest in marks:
            first, last = times.local_date(low, tz), times.local_date(high, tz)
            dates.update(first + timedelta(days=n) for n in range((last - first).days + 1))
        return dates

    # --- rebuild -------------------------------------------------------------------------------
    def _rebuild(self):
        """Make these days again from their raw positions.

        Idempotent: the same positions give the same rows, and rows that do not change keep their
        ids. Whoever wants to check presence (field_visit) is told the stays and the silences.

        The job leaves a day alone whose sources are those it was made of (``source_print``): every
        sign of life marks the day, and a gap might have got its cause, but most days have none.
        Whoever presses the button gets all of it made again.
        """
        skip = self.env.context.get("field_skip_unchanged")
        for day in self.sudo():
            day._fetch_all()
            day = day.with_context(field_day_policy=(day.id, day._get_policy().id))
            fixes, visits = day._read_working_fixes(), day._get_visits()
            source_print = day._make_source_print(fixes, visits)
            if skip and day.source_print == source_print:
                continue
            day._rebuild_from(fixes, visits)
            # With gaps the day has more sources than it had: what the phones said of themselves.
            if day.gap_count:
                source_print = day._make_source_print(fixes, visits)
            day._write_changed({"source_print": source_print})

    def _rebuild_from(self, fixes, visits):
        track = make_track(**fixes)
        result = day_of_track(track)
        matched = self._match_ways(track, result)
        plan = self._prepare_plan_vals(track.good(), visits)
        self._write_changed({**self._prepare_day_vals(result, matched), **plan})
        partners = self._find_partners(result.stays)
        stays = self._sync_children("stay_ids", self._prepare_stay_vals(result, partners))
        self._sync_children("trip_ids", self._prepare_trip_vals(result, matched))
        self._sync_children("gap_ids", self._prepare_gap_vals(result))
        presences = self._prepare_presence_vals(track, result, partners, visits)
        self._sync_children("presence_ids", presences)
        self._keep_way(track, result)
        self._tell_visits(result, stays)

    def _fetch_all(self):
        """All columns of the day in one query, its way too."""
        self.fetch([*(name for name, field in self._fields.items() if field.prefetch), "way"])

    def _make_source_print(self, fixes, visits):
        """SHA-256 of everything the day is made of but the customers around it.

        :param fixes: arrays, as :meth:`_read_working_fixes` gives them
        """
        digest = hashlib.sha256(SOURCES_VERSION)
        order = np.lexsort((fixes["ts"], fixes["device"]))  # as they came is as they came
        for name in sorted(fixes):
            digest.update(fixes[name][order].tobytes())
        # The phones' journal explains gaps and nothing else.
        journal = sorted(map(repr, self._read_journal())) if self.gap_count else []
        rows = [(row.id, row.write_date) for row in (*visits, *self.label_ids)]
        zones = self.env["field.zone"]._get_fences(self.company_id.id)
        said = (*self._describe_sources(), rows, zones, journal)
        digest.update(repr(said).encode())
        return digest.hexdigest()

    def _describe_sources(self):
        """Hook: what else this day depends on, as values whose ``repr`` tells them apart."""
        return self.tz, self._get_policy_radius()

    def _match_ways(self, track, result):
        """Hook: metres on roads of each trip, None where they cannot be told; nothing when nobody
        looks for them."""
        return []

    def _read_working_fixes(self):
        """Those of the fixes that lie in the person's working time, where his policy asks that.

        The intake keeps nothing else; this also hides what came before such a policy, or before a
        workday's real end was known.
        """
        fixes = self._read_fixes()
        moments = fixes["ts"]
        Policy = self.env["field.policy"].with_company(self.company_id)
        if not len(moments) or not Policy._has_working_time_lock(self.company_id.id):
            return fixes
        start, end = self._bounds()
        times = Policy._get_working_times(self.user_id, start, end)[self.user_id.id]
        if times == [(start, end)]:
            return fixes
        kept = np.zeros(len(moments), dtype=bool)
        for low, high in times:
            kept |= (moments >= seconds(low)) & (moments <= seconds(high))
        return {name: column[kept] for name, column in fixes.items()}

    def _read_fixes(self):
        """Arrays of the day's raw positions, ready for ``make_track``.

        One row of packed columns comes back instead of one row per position: building 15,000
        Python values, or their digits, would take longer than the whole algorithm.
        """
        self.ensure_one()
        start, end = self._bounds()
        [(ts, lat, lng, accuracy, speed, device)] = self.env.execute_query(
            SQL(
                """SELECT string_agg(timestamp_send(ts), ''::bytea),
                          string_agg(int4send(lat), ''::bytea),
                          string_agg(int4send(lng), ''::bytea),
                          string_agg(float4send(COALESCE(accuracy, 'nan')), ''::bytea),
                          string_agg(float4send(COALESCE(speed, 'nan')), ''::bytea),
                          string_agg(int4send(device_id), ''::bytea)
                     FROM field_position
                    WHERE device_id = ANY(ARRAY(SELECT id FROM field_device WHERE user_id = %s))
                      AND user_id = %s AND ts >= %s AND ts < %s""",
                self.user_id.id,
                self.user_id.id,
                start,
                end,
            )
        )
        return {
            "ts": _unpacked(ts, ">i8") / 1e6 + YEAR_2000,
            "lat": _unpacked(lat, ">i4") / DEGREE,
            "lon": _unpacked(lng, ">i4") / DEGREE,
            # single precision: 8.1 comes as 8.100000381
            "accuracy": np.round(_unpacked(accuracy, ">f4"), 3),
            "speed": np.round(_unpacked(speed, ">f4"), 3),
            "device": _unpacked(device, ">i4"),
        }

    def _prepare_day_vals(self, result, matched=()):
        """:param matched: metres on roads of each trip, see :meth:`_match_ways`"""
        quality = result.quality
        return {
            "state": "built",
            "built_at": fields.Datetime.now(),
            "distance_m": round(result.distance_m, 1),
            "measured_m": round(result.measured_m, 1),
            "estimated_m": round(result.estimated_m, 1),
            "distance_method": result.method,
            "first_fix": moment(result.first_ts),
            "last_fix": moment(result.last_ts),
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

    def _prepare_stay_vals(self, result, partners):
        """:param partners: customers near each stay, see :meth:`_find_partners`"""
        return [
            {
                **interval(number, stay),
                "lat": stay.lat,
                "lng": stay.lon,
                "radius": stay.radius_m,
                "fixes": stay.fixes,
                "silent_min": round(stay.silent_s / 60),
                "partner_id": partners[number][0][0] if partners[number] else False,
                "partner_distance": round(partners[number][0][1], 1) if partners[number] else 0.0,
            }
            for number, stay in enumerate(result.stays, 1)
        ]

    def _prepare_trip_vals(self, result, matched=()):
        return [
            {
                **interval(number, trip),
                **places(trip),
                "distance_m": trip.distance_m,
                "estimated_m": trip.estimated_m,
                "fixes": trip.fixes,
            }
            for number, trip in enumerate(result.trips, 1)
        ]

    def _tell_visits(self, result, rows):
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
            for stay in rows.sorted("start")
        ]
        silences = self._silences(result, start, end)
        self.env["field.visit"]._verify_presence(self.user_id, start, end, stays, silences)

    def _silences(self, result, start, end):
        """Times of the day nothing is known about, before the first and after the last too."""
        gaps = [{"start": moment(gap.start), "end": moment(gap.end)} for gap in result.gaps]
        if result.first_ts is None:
            return [{"start": start, "end": end}]
        first, last = moment(result.first_ts), moment(result.last_ts)
        gaps.insert(0, {"start": start, "end": first})
        gaps.append({"start": last, "end": end})
        return [gap for gap in gaps if gap["start"] < gap["end"]]

    # --- writing only what changed -------------------------------------------------------------
    def _write_changed(self, vals):
        self.ensure_one()
        _write_difference(self, vals)

    def _read_parts(self, field_name):
        """The rows of a one2many in one query instead of two."""
        rows = self.env[self._fields[field_name].comodel_name]
        return rows.search_fetch([("day_id", "=", self.id)])

    def _sync_children(self, field_name, wanted):
        """Make the child rows equal to ``wanted``; a row with the same start (and, inside a fence,
        of the same fence) is the same row.

        :returns: the rows the day has now
        """
        rows = self._read_parts(field_name)
        existing = {_row_key(row): row for row in rows}
        keep = {_vals_key(vals) for vals in wanted}
        obsolete = rows.filtered(lambda row: _row_key(row) not in keep)
        new = []
        for vals in wanted:
            row = existing.get(_vals_key(vals))
            if row is None and obsolete:
                row, obsolete = _most_alike(obsolete, vals)
            if row:
                _write_difference(row, vals)
            else:
                new.append({**vals, "day_id": self.id})
        if obsolete or new:
            rows = rows - obsolete | rows.create(new)
            obsolete.unlink()
            self.invalidate_recordset([field_name])
        return rows


def _unpacked(column, kind):
    """Floats of a column in PostgreSQL's binary form (network order)."""
    return np.frombuffer(column or b"", dtype=kind).astype(np.float64)


def floats_literal(values):
    return SQL("%s::float8[]", "{" + ",".join(repr(float(value)) for value in values) + "}")


def seconds(moment):
    return moment.replace(tzinfo=timezone.utc).timestamp()


def moment(ts):
    """Naive UTC of seconds since 1970, False of nothing."""
    return datetime(1970, 1, 1) + timedelta(seconds=ts) if ts else False


def _minutes(items):
    """The sum of the rows as people see them, so that lists add up."""
    return sum(round((item.end - item.start) / 60) for item in items)


def interval(number, item):
    return {
        "number": number,
        "start": moment(item.start),
        "end": moment(item.end),
        "minutes": round((item.end - item.start) / 60),
    }


def places(item):
    return {
        "from_lat": item.from_lat,
        "from_lng": item.from_lon,
        "to_lat": item.to_lat,
        "to_lng": item.to_lon,
    }


def _row_key(row):
    if "zone_id" in row._fields:
        return row.start, row.zone_id.id or False, row.partner_id.id or False
    return row.start, False, False


def _vals_key(vals):
    fence = "zone_id" in vals
    return vals["start"], fence and vals["zone_id"], fence and vals["partner_id"]


def _most_alike(rows, vals):
    """The row that overlaps the wanted interval most, and the others; none overlaps: no row."""

    def overlap(row):
        if _row_key(row)[1:] != _vals_key(vals)[1:]:
            return timedelta(0)
        return min(row.end, vals["end"]) - max(row.start, vals["start"])

    best = max(rows, key=overlap)
    return (best, rows - best) if overlap(best) > timedelta(0) else (None, rows)


def _write_difference(row, vals):
    """Write only what differs: an unchanged day costs no UPDATE and keeps its write date."""
    changed = {name: value for name, value in vals.items() if not _is_same(row, name, value)}
    if changed and set(changed) != {"built_at"}:
        row.write(changed)


def _is_same(row, name, value):
    """Compared as the field gives it back: a record of an id, rounded."""
    field = row._fields[name]
    if not field.relational and row[name] == value:
        return True
    return row[name] == field.convert_to_record(field.convert_to_cache(value, row), row)
