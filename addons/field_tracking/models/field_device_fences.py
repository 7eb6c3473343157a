import hashlib
import json
from datetime import timedelta

from odoo import fields, models, tools

from odoo.addons.field_base.tools.times import local_date

#: An iPhone watches at most twenty regions of one app.
MOST_FENCES = 20
#: What the key of a fence on the phone counts from; any number of seconds since 1970.
KEY_BASE = 1_600_000_000
DAYS_AHEAD = 1


class FieldDevice(models.Model):
    """The fences a phone watches by itself, sent in the answer to what it uploads.

    A phone at rest is woken up by its system when it leaves or enters one, so that arrivals and
    departures are recorded at once, at no cost of battery. OwnTracks can; others have no such
    thing.
    """

    _inherit = "field.device"

    has_fences = fields.Boolean(
        "Fences on the phone",
        default=True,
        help="OwnTracks is told the customers of the next visits and the zones of this person, so "
        "that the phone wakes up when it comes or goes.",
    )
    fences_digest = fields.Char(copy=False, readonly=True)
    fences_sent = fields.Json(copy=False, readonly=True)

    def _get_owntracks_commands(self, android):
        """What to tell OwnTracks in the answer: nothing most of the time.

        Sent again each day, because an answer may have been lost on the way.

        :param bool android: iOS keeps what it is told, so what is gone is deleted one by one
        :returns: list of OwnTracks messages
        """
        self.ensure_one()
        if not (self.has_fences or self.fences_sent):
            return []
        today = fields.Date.today()
        fences = list(self._cached_fences(self.id, _quarter())) if self.has_fences else []
        digest = hashlib.sha256(f"{today} {json.dumps(fences)}".encode()).hexdigest()[:16]
        if digest == self.fences_digest:
            return []
        gone = [name for name in self.fences_sent or [] if name not in {f["desc"] for f in fences}]
        self.write({"fences_digest": digest, "fences_sent": [f["desc"] for f in fences]})
        if not fences and not gone:
            return [_command("status")] if android else []
        if android:
            return [_command("clearWaypoints"), _set_waypoints(fences), _command("status")]
        deleted = [
            {"_type": "waypoint", "desc": name, "lat": -1000, "lon": -1000, "tst": KEY_BASE}
            for name in gone
        ]
        return [_set_waypoints([*fences, *deleted])]

    @tools.ormcache("device_id", "quarter")
    def _cached_fences(self, device_id, quarter):
        """Looking them up costs some queries; once in a quarter of an hour is enough."""
        return tuple(self.browse(device_id).sudo()._get_fences_to_watch())

    def _get_fences_to_watch(self):
        """Waypoints as OwnTracks takes them: customers of the next visits, then zones."""
        places = self._get_customers_to_watch() + self._get_zones_to_watch()
        found, names = [], set()
        for key, name, lat, lng, radius in places[:MOST_FENCES]:
            desc = name if name not in names else f"{name} ({key})"
            names.add(desc)
            found.append(
                {
                    "_type": "waypoint",
                    "desc": desc,
                    "lat": round(lat, 6),
                    "lon": round(lng, 6),
                    "rad": int(radius),
                    "tst": KEY_BASE + key,
                    "rid": f"{key:06x}",
                }
            )
        return found

    def _get_zones_to_watch(self):
        rows = self.env["field.zone"]._get_fences(self.company_id.id)
        mine = {
            zone_id: reach
            for zone_id, _fence, reach, who, _hours in rows
            if not who or self.user_id.id in who
        }
        return [
            (2 * zone.id + 1, zone.name, zone.lat, zone.lng, max(mine[zone.id], 100))
            for zone in self.env["field.zone"].browse(mine)
        ]

    def _get_customers_to_watch(self):
        if "field.visit" not in self.env:
            return []
        today = local_date(fields.Datetime.now(), self.user_id._field_tz())
        domain = [
            ("user_id", "=", self.user_id.id),
            ("plan_date", ">=", today),
            ("plan_date", "<=", today + timedelta(days=DAYS_AHEAD)),
            ("channel", "=", "on_site"),
            ("state", "in", ("planned", "in_progress")),
        ]
        visits = self.env["field.visit"].search(domain, order="plan_date, plan_time, id")
        Policy = self.env["field.policy"].with_company(self.company_id)
        radius = Policy._get_for_users(self.user_id)[self.user_id.id].fence_radius
        return [
            (2 * partner.id, partner.name, *place, partner.field_fence_radius or radius)
            for partner in visits.partner_id
            for place in (partner._field_position(),)
            if place
        ]


def _command(action):
    return {"_type": "cmd", "action": action}


def _set_waypoints(fences):
    waypoints = {"_type": "waypoints", "waypoints": fences}
    return {"_type": "cmd", "action": "setWaypoints", "waypoints": waypoints}


def _quarter():
    now = fields.Datetime.now()
    return now.replace(minute=now.minute // 15 * 15, second=0)
