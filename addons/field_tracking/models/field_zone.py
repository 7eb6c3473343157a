from datetime import timedelta

import numpy as np

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from ..tools.zones import Fence, reach
from odoo.addons.field_base.tools import spans

MOST_CORNERS = 500


class FieldZone(models.Model):
    """A place that is watched: who is in it, when he came and when he left."""

    _name = "field.zone"
    _description = "Zone"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    shape = fields.Selection(
        [("circle", "Circle"), ("polygon", "Polygon")], required=True, default="circle"
    )
    lat = fields.Float(
        "Latitude", digits=(10, 7), compute="_compute_middle", store=True, readonly=False
    )
    lng = fields.Float(
        "Longitude", digits=(10, 7), compute="_compute_middle", store=True, readonly=False
    )
    radius = fields.Integer(
        "Radius (m)",
        default=100,
        required=True,
        help="Phones know where they are to 10 to 50 m: below 75 m they seem to come and go.",
    )
    corners = fields.Json(help="Of a polygon: [[latitude, longitude], …] in WGS-84, in order.")
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Watched hours",
        check_company=True,
        ondelete="restrict",
        help="Times inside count as on post in these hours. Empty: at any time.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="People",
        groups="field_base.field_base_group_leader,field_base.field_base_group_auditor",
        help="Whose times are noted. Empty: everybody's.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        index=True,
        help="May change the zone, and is told what happens in it.",
    )
    tolerance_min = fields.Integer(
        "Tolerance (min)",
        default=2,
        required=True,
        help="Shorter absences are none: to the bin and back, or a phone that lost its place.",
    )
    margin_m = fields.Integer(
        "Margin (m)",
        help="So far beyond the line one may be without having left. 0: a tenth of the radius, "
        "20 m at least.",
    )
    presence_ids = fields.One2many("field.zone.presence", "zone_id", "Times inside")

    _radius_range = models.Constraint(
        "CHECK(radius BETWEEN 30 AND 100000)", "The radius must be between 30 and 100,000 m."
    )
    _tolerance_range = models.Constraint(
        "CHECK(tolerance_min BETWEEN 1 AND 240 AND COALESCE(margin_m, 0) BETWEEN 0 AND 5000)",
        "The tolerance must be between 1 and 240 minutes, the margin between 0 and 5,000 m.",
    )

    @api.depends("shape", "corners")
    def _compute_middle(self):
        for zone in self:
            if zone.shape == "polygon" and _is_outline(zone.corners):
                lats, lngs = zip(*zone.corners, strict=True)
                zone.lat = (min(lats) + max(lats)) / 2
                zone.lng = (min(lngs) + max(lngs)) / 2

    @api.constrains("shape", "corners", "lat", "lng")
    def _check_outline(self):
        for zone in self:
            if zone.shape == "polygon" and not _is_outline(zone.corners):
                raise ValidationError(
                    self.env._(
                        "A polygon has between 3 and %(most)s corners, each a latitude and a "
                        "longitude.",
                        most=MOST_CORNERS,
                    )
                )
            if abs(zone.lat) > 90 or abs(zone.lng) > 180 or not (zone.lat or zone.lng):
                raise ValidationError(self.env._("Where is the zone? Give it a place on the map."))

    # --- who may ask for whom ------------------------------------------------------------------

    def _check_people(self):
        """A leader watches only people he may look at anyway; everybody's is an administrator's.

        No constraint: those run as the system, and this asks who is asking.
        """
        if self.env.su or self.env.user.has_group("field_base.field_base_group_admin"):
            return
        me = self.env.user
        for zone in self:
            people = zone.sudo().user_ids
            allowed = people.filtered(lambda user: me in user.field_track_viewer_ids) | me
            if not people or people - allowed:
                raise AccessError(
                    self.env._("Name the people of your team this zone is for, and only them.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        zones = super().create(vals_list)
        zones._check_people()
        zones._note_change()
        return zones

    def write(self, vals):
        self._note_change()
        result = super().write(vals)
        self._check_people()
        self._note_change()
        return result

    def unlink(self):
        self._note_change()
        return super().unlink()

    def _note_change(self):
        """Days in progress are made again with the new zones; days that are over stay as told."""
        self.env.registry.clear_cache()
        recent = fields.Datetime.now() - timedelta(days=1)
        for zone in self.sudo():
            query = SQL(
                """INSERT INTO field_track_mark (user_id, company_id, marked_at, ts_min, ts_max)
                   SELECT user_id, company_id, %s, ts, ts FROM field_position_last
                    WHERE company_id = %s AND ts >= %s AND (%s OR user_id = ANY(%s))""",
                fields.Datetime.now(),
                zone.company_id.id,
                recent,
                not zone.user_ids,
                zone.user_ids.ids,
            )
            self.env.cr.execute(query)

    # --- for the day ---------------------------------------------------------------------------

    @api.model
    @tools.ormcache("company_id")
    def _get_fences(self, company_id):
        """``[(zone id, Fence, radius of all of it, ids of the people or nothing for all, whether it
        has watched hours)]``."""
        zones = self.sudo().search([("company_id", "=", company_id)], order="id")
        return tuple(
            (zone.id, fence, reach(fence), frozenset(zone.user_ids.ids), bool(zone.calendar_id))
            for zone in zones
            for fence in (zone._get_fence(),)
        )

    def _get_fence(self):
        """This zone as the algorithm takes it, see :class:`..tools.zones.Fence`."""
        self.ensure_one()
        polygon = self.shape == "polygon"
        return Fence(
            self.lat,
            self.lng,
            0.0 if polygon else float(self.radius),
            tuple((float(lat), float(lng)) for lat, lng in self.corners) if polygon else (),
            margin=float(self.margin_m) if self.margin_m else None,
            tolerance_s=self.tolerance_min * 60.0,
        )

    def _get_watched_times(self, start, end, tz):
        """When this zone is watched between two moments.

        :param start: naive UTC datetime; so is ``end``
        :param str tz: the zone its hours are read in
        :returns: list of (start, end), naive UTC
        """
        self.ensure_one()
        if not self.calendar_id:
            return [(start, end)]
        day = timedelta(days=1)
        hours = self.env["field.policy"]._get_attendance_spans(
            self.sudo().calendar_id, tz, (start - day).date(), (end + 2 * day).date()
        )
        return [(start, end)] if hours is None else spans.intersect(hours, [(start, end)])


def _is_outline(corners):
    if not isinstance(corners, list) or not 3 <= len(corners) <= MOST_CORNERS:
        return False
    try:
        values = np.array(corners, dtype=float)
    except (TypeError, ValueError):
        return False
    return (
        values.shape == (len(corners), 2)
        and bool(np.isfinite(values).all())
        and bool((np.abs(values) <= (90.0, 180.0)).all())
    )
