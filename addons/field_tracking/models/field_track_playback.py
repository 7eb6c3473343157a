from datetime import timezone

import numpy as np

from odoo import models

from ..tools.day import make_track
from ..tools.thin import thin

#: More points than a screen has pixels to tell apart only make the phone warm.
MAX_POINTS = 2000


class FieldTrackPlayback(models.Model):
    _inherit = "field.track.day"

    def get_playback(self):
        """Everything the playback of this day shows, in one call.

        Times are seconds since the start of the local day, places WGS-84. ``track`` holds one entry
        per unbroken piece between two gaps: ``{"t": […], "lat": […], "lng": […], "kmh": […]}``.

        :returns: dict with ``day``, ``track``, ``items`` (stays, trips, gaps in time order),
            ``previous_id`` and ``next_id`` of the same person
        :raises AccessError: for a day the caller may not see
        """
        self.ensure_one()
        self.check_access("read")
        day = self.sudo()
        start, end = day._bounds()
        origin = int(start.replace(tzinfo=timezone.utc).timestamp())
        good = make_track(**day._read_fixes()).good()
        gaps = [_seconds(gap.start, start) for gap in day.gap_ids.sorted("start")]
        return {
            "day": day._playback_head(int((end - start).total_seconds())),
            "track": _pieces(good, origin, gaps),
            "items": day._playback_items(start),
            **self._playback_neighbours(),
        }

    def _playback_head(self, length):
        return {
            "id": self.id,
            "user_id": self.user_id.id,
            "user": self.user_id.name,
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

    def _playback_items(self, origin):
        items = [
            {
                **_item("stay", stay, origin),
                "lat": stay.lat,
                "lng": stay.lng,
                "radius": stay.radius,
                "silent_min": stay.silent_min,
                "partner": stay.partner_id.display_name or False,
                "partner_distance": stay.partner_distance,
            }
            for stay in self.stay_ids
        ]
        items += [
            {**_item("trip", trip, origin), "distance_m": trip.distance_m, **_ends(trip)}
            for trip in self.trip_ids
        ]
        items += [
            {
                **_item("gap", gap, origin),
                "distance_m": gap.distance_m,
                "cause": gap.cause,
                **_ends(gap),
            }
            for gap in self.gap_ids
        ]
        return sorted(items, key=lambda item: (item["start"], item["end"]))

    def _playback_neighbours(self):
        """The days before and after of the same person, as far as the caller may see them."""
        own = [("user_id", "=", self.user_id.id)]
        before = self.search([*own, ("date", "<", self.date)], order="date desc", limit=1)
        after = self.search([*own, ("date", ">", self.date)], order="date", limit=1)
        return {"previous_id": before.id, "next_id": after.id}


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
