import json

import numpy as np

from odoo import fields, models
from odoo.tools import SQL

from ..tools.day import make_track
from ..tools.thin import pack, thin, unpack
from .field_track_rebuild import seconds

#: More points than a screen has pixels to tell apart only make the phone warm.
MAX_POINTS = 2000


class FieldTrackPlayback(models.Model):
    _inherit = "field.track.day"

    # no role reads it as a field: opening a track goes through get_playback, which notes it
    # (JSON as text: a value of thousands of numbers is compared and handed on without copies)
    way = fields.Text(readonly=True, prefetch=False, copy=False, groups=fields.NO_ACCESS)

    def get_playback(self, reason=None):
        """Everything the playback of this day shows, in one call.

        Times are seconds since the start of the local day, places WGS-84. ``track`` holds one entry
        per unbroken piece between two gaps: ``{"t": […], "lat": […], "lng": […], "kmh": […]}``.

        :returns: dict with ``day``, ``track``, ``items`` (stays, trips, gaps in time order),
            ``previous_id`` and ``next_id`` of the same person
        :raises AccessError: for a day the caller may not see
        :raises FieldRejected: ``reason_required`` by the person's policy
        """
        self.ensure_one()
        day = self.sudo()
        day._fetch_all()
        neighbours = self._playback_neighbours()
        self._note_playback(reason)
        start, end = day._bounds()
        return {
            "day": day._playback_head(int((end - start).total_seconds())),
            "track": day._get_way(),
            "items": day._playback_items(start),
            **neighbours,
        }

    def _get_way(self):
        """The believable way as a screen can show it, see :meth:`get_playback`.

        The rebuild has left it with the day. Where a policy keeps positions in working time only,
        it is made anew: what may be shown can have changed since.
        """
        Policy = self.env["field.policy"]
        if self.way and not Policy._has_working_time_lock(self.company_id.id):
            return [unpack(piece) for piece in json.loads(self.way)]
        track = make_track(**self._read_working_fixes())
        return self._make_way(track, [seconds(gap.start) for gap in self.gap_ids.sorted("start")])

    def _make_way(self, track, gaps):
        """:param gaps: when they begin, seconds since 1970"""
        origin = int(seconds(self._bounds()[0]))
        return _pieces(track.good(), origin, [int(gap - origin) for gap in gaps])

    def _keep_way(self, track, result):
        """Leave the way with the day, for whoever plays it."""
        pieces = [pack(piece) for piece in self._make_way(track, [g.start for g in result.gaps])]
        way = json.dumps(pieces, separators=(",", ":")) if pieces else False
        if way != self.way:
            self.way = way

    def _note_playback(self, reason):
        day, Log = self.sudo(), self.env["field.access.log"]
        Log._check_reason(day.user_id, "track", reason)
        Log._log(day.user_id, "track", reason, day)

    def _playback_head(self, length):
        return {
            "id": self.id,
            "user_id": self.user_id.id,
            "user": self._get_person_name(),
            "date": str(self.date),
            "tz": self.tz,
            "length": length,
            "state": self.state,
            "distance_m": self.distance_m,
            "estimated_m": self.estimated_m,
            "method": self.distance_method,
            "stay_count": self.stay_count,
            "stay_min": self.stay_min,
            "trip_min": self.trip_min,
            "gap_count": self.gap_count,
            "gap_min": self.gap_min,
            "fix_count": self.fix_count,
        }

    def _get_person_name(self):
        """Without the dozens of other columns that a person and his address have."""
        self.user_id.fetch(["partner_id"])
        self.user_id.partner_id.fetch(["name"])
        return self.user_id.partner_id.name

    def _playback_items(self, origin):
        stays = self._read_parts("stay_ids")
        words = stays.with_context(lang=self.env.lang or self.env.user.lang)._get_words()
        items = [
            {
                **_item("stay", stay, origin),
                "lat": stay.lat,
                "lng": stay.lng,
                "radius": stay.radius,
                "silent_min": stay.silent_min,
                "partner": stay.partner_id.display_name or False,
                "label": words.get(stay.id, False),
                "partner_distance": stay.partner_distance,
            }
            for stay in stays
        ]
        items += [
            {**_item("trip", trip, origin), "distance_m": trip.distance_m, **_ends(trip)}
            for trip in self._read_parts("trip_ids")
        ]
        items += [
            {
                **_item("gap", gap, origin),
                "distance_m": gap.distance_m,
                "cause": gap.cause,
                **_ends(gap),
            }
            for gap in self._read_parts("gap_ids")
        ]
        return sorted(items, key=lambda item: (item["start"], item["end"]))

    def _playback_neighbours(self):
        """The days before and after of the same person, as far as the caller may see them.

        :raises AccessError: when he may not see this one; one query decides about all three
        """
        own = self._search([("user_id", "=", self.sudo().user_id.id)])
        rows = self.env.execute_query(
            SQL(
                """SELECT previous_id, next_id
                     FROM (SELECT id, lag(id) OVER turn AS previous_id,
                                  lead(id) OVER turn AS next_id
                             FROM field_track_day
                            WHERE id IN %s WINDOW turn AS (ORDER BY date)) AS shown
                    WHERE id = %s""",
                own.subselect(),
                self.id,
            )
        )
        if not rows:
            self.check_access("read")
        [(previous_id, next_id)] = rows or [(None, None)]
        return {"previous_id": previous_id or False, "next_id": next_id or False}


def _pieces(good, origin, gaps):
    """The believable fixes, cut at the gaps and thinned to what a screen can show."""
    t = good.t - origin
    cuts = np.searchsorted(t, gaps, side="right")
    share = MAX_POINTS / max(len(t), 1)
    pieces = []
    for part in np.split(np.arange(len(t)), cuts):
        if not len(part):
            continue
        part = part[thin(t[part], good.x[part], good.y[part], max(int(len(part) * share), 2))]
        kmh = np.nan_to_num(good.speed[part] * 3.6, nan=-1)
        pieces.append(
            {
                "t": t[part].astype(int).tolist(),
                "lat": good.lat[part].tolist(),
                "lng": good.lon[part].tolist(),
                "kmh": np.round(kmh).astype(int).tolist(),
            }
        )
    return pieces


def _seconds(moment, origin):
    return int((moment - origin).total_seconds())


def _item(kind, row, origin):
    return {
        "kind": kind,
        "id": row.id,
        "key": f"{kind}{row.id}",
        "number": row.number,
        "start": _seconds(row.start, origin),
        "end": _seconds(row.end, origin),
        "minutes": row.minutes,
    }


def _ends(row):
    return {"from": [row.from_lat, row.from_lng], "to": [row.to_lat, row.to_lng]}
