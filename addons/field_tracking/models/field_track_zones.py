from odoo import models
from odoo.tools import SQL

from ..tools.zones import Fence, find_presences
from .field_track_rebuild import floats_literal, interval, moment
from odoo.addons.field_base.tools import spans

#: A customer's fence is left after this long outside it.
CUSTOMER_TOLERANCE_S = 120.0
#: Nearest customers of a stay whose fences are looked at; a shopping street has hundreds.
CUSTOMERS_PER_STAY = 8
METRES_PER_DEGREE = 111_000


class FieldTrackZones(models.Model):
    """The day and the places with a fence: customers and zones."""

    _inherit = "field.track.day"

    def _find_partners(self, stays):
        """Customers whose own radius, or the policy's, reaches the middle of a stay.

        People of the company itself are no customers. One query for all stays.

        :returns: ``{number of the stay: [(partner id, metres, radius, lat, lng)]}``, nearest first
        """
        found = {number: [] for number in range(1, len(stays) + 1)}
        if not stays:
            return found
        radius = self._get_policy_radius()
        self.env["res.partner"].flush_model()
        rows = self.env.execute_query(
            SQL(
                _NEAR,
                floats_literal(found),
                floats_literal(stay.lat for stay in stays),
                floats_literal(stay.lon for stay in stays),
                *(radius, METRES_PER_DEGREE, radius),
                self.company_id.id,
                CUSTOMERS_PER_STAY,
            )
        )
        for number, *rest in rows:
            found[number].append(tuple(rest))
        return found

    def _get_policy_radius(self):
        return self._get_policy().fence_radius

    # --- times inside --------------------------------------------------------------------------

    def _prepare_presence_vals(self, track, result, partners, visits):
        """Rows of ``field.zone.presence``: the zones of this person and the customers he was at.

        :param partners: as :meth:`_find_partners` gives them
        :param visits: as :meth:`_get_visits` gives them
        """
        good = track.good()
        columns = good.t, good.lat, good.lon, good.accuracy
        stays = [(stay.start, stay.end, stay.lat, stay.lon) for stay in result.stays]
        vals = []
        for zone_id, fence, has_hours in self._get_zones_near(good):
            watched = self._get_watched_times(zone_id) if has_hours else None
            for one in find_presences(fence, *columns, stays):
                vals.append(self._presence_vals(one, zone_id, False, watched))
        for partner_id, fence in self._get_customer_fences(partners, visits).items():
            for one in find_presences(fence, *columns, stays):
                if not one.passing:
                    vals.append(self._presence_vals(one, False, partner_id))
        vals.sort(key=lambda row: (row["start"], row["zone_id"], row["partner_id"]))
        return [{**row, "number": number} for number, row in enumerate(vals, 1)]

    def _get_zones_near(self, good):
        """(zone id, Fence, has watched hours) of this person's zones that the track comes near."""
        if not len(good.t):
            return []
        low_lat, high_lat = float(good.lat.min()), float(good.lat.max())
        low_lon, high_lon = float(good.lon.min()), float(good.lon.max())
        near = []
        fences = self.env["field.zone"]._get_fences(self.company_id.id)
        for zone_id, fence, reach, people, has_hours in fences:
            if people and self.user_id.id not in people:
                continue
            wide = reach / METRES_PER_DEGREE
            if low_lat - wide <= fence.lat <= high_lat + wide:
                wide *= 2 if abs(fence.lat) < 60 else 10  # degrees of longitude are shorter
                if low_lon - wide <= fence.lon <= high_lon + wide:
                    near.append((zone_id, fence, has_hours))
        return near

    def _get_customer_fences(self, partners, visits):
        fences = {
            partner_id: Fence(lat, lng, float(radius), tolerance_s=CUSTOMER_TOLERANCE_S)
            for rows in partners.values()
            for partner_id, _metres, radius, lat, lng in rows
        }
        for visit in visits:
            partner, place = visit.partner_id, visit.partner_id._field_position()
            if place and partner.id not in fences:
                radius = partner.field_fence_radius or self._get_policy_radius()
                fences[partner.id] = Fence(*place, float(radius), tolerance_s=CUSTOMER_TOLERANCE_S)
        return fences

    def _get_visits(self):
        """The person's visits of this day (soft look-up), or nothing."""
        if "field.visit" not in self.env:
            return ()
        domain = [
            ("user_id", "=", self.user_id.id),
            ("plan_date", "=", self.date),
            ("channel", "=", "on_site"),
            ("state", "!=", "cancelled"),
        ]
        return self.env["field.visit"].sudo().search(domain, order="plan_time, id")

    def _get_watched_times(self, zone_id):
        """When the zone is watched on this day."""
        zone = self.env["field.zone"].sudo().browse(zone_id)
        return zone._get_watched_times(*self._bounds(), self.tz)

    def _presence_vals(self, one, zone_id, partner_id, watched=None):
        row = interval(0, one)
        minutes = row["minutes"]
        if watched is not None:
            inside = spans.intersect([(row["start"], row["end"])], watched)
            minutes = round(spans.minutes(inside))
        limits = (one.after, one.start), (one.end, one.before)
        return {
            **row,
            "zone_id": zone_id,
            "partner_id": partner_id,
            "duty_min": 0 if one.passing else minutes,
            "start_after": moment(one.after),
            "end_before": moment(one.before),
            "is_passing": one.passing,
            "is_vague": any(None not in pair and pair[1] - pair[0] > 300 for pair in limits),
            "fixes": one.fixes,
        }


# The box lets the index on coordinates do the work, the distance decides. partner_share leaves out
# the people of the company itself.
_NEAR = """
    SELECT near.n::int, near.id, near.metres, near.radius, near.lat, near.lng
      FROM (SELECT ranked.*, row_number() OVER (PARTITION BY n ORDER BY metres, id) AS rank
              FROM (SELECT s.n, p.id, p.radius, p.lat, p.lng,
                   12742017.6 * asin(sqrt(least(1,
                       sin(radians(p.lat - s.lat) / 2) ^ 2
                       + cos(radians(s.lat)) * cos(radians(p.lat))
                       * sin(radians(p.lng - s.lng) / 2) ^ 2))) AS metres
              FROM unnest(%s, %s, %s) AS s (n, lat, lng)
              CROSS JOIN (SELECT GREATEST(max(field_fence_radius), %s) / %s::float8 AS wide
                            FROM res_partner WHERE field_fence_radius > 0) widest
              CROSS JOIN LATERAL (
                    SELECT id, partner_latitude::float8 AS lat, partner_longitude::float8 AS lng,
                           COALESCE(NULLIF(field_fence_radius, 0), %s) AS radius
                      FROM res_partner
                     WHERE partner_latitude <> 0 AND active
                       AND partner_latitude BETWEEN s.lat - wide AND s.lat + wide
                       AND partner_longitude BETWEEN s.lng - wide / cos(radians(s.lat))
                                                 AND s.lng + wide / cos(radians(s.lat))
                       AND (company_id IS NULL OR company_id = %s)
                       AND partner_share) p) ranked
             WHERE metres <= radius) near
     WHERE near.rank <= %s
     ORDER BY near.n, near.metres, near.id
"""
