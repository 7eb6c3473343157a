from odoo import api, fields, models

from odoo.addons.field_base.tools import times

METHODS = [
    ("none", "No movement"),
    ("doppler", "Satellite speed"),
    ("chord", "Filtered positions"),
    ("mixed", "Mixed"),
    ("estimated", "Mostly estimated"),
]


class FieldTrackDay(models.Model):
    """One person's local day as the positions tell it; made again whenever positions arrive."""

    _name = "field.track.day"
    _description = "Tracked day"
    _inherit = ["field.scope.mixin"]
    _order = "date desc, user_id"

    date = fields.Date(required=True, readonly=True, index=True)
    tz = fields.Char("Time zone", required=True, readonly=True)
    state = fields.Selection(
        [("new", "Waiting"), ("built", "Up to date")],
        required=True,
        readonly=True,
        default="new",
    )
    built_at = fields.Datetime("Calculated at", readonly=True)
    # --- distance
    distance_m = fields.Float(
        "Distance (m)",
        digits=(10, 1),
        readonly=True,
        help="Way outside stays, estimated parts included.",
    )
    measured_m = fields.Float(
        "Measured (m)", digits=(10, 1), readonly=True, help="Backed by positions all along."
    )
    estimated_m = fields.Float(
        "Estimated (m)",
        digits=(10, 1),
        readonly=True,
        help="Straight lines across gaps and drop-outs, counted once.",
    )
    distance_km = fields.Float(
        "Distance (km)", digits=(10, 1), compute="_compute_distance_km", store=True
    )
    distance_method = fields.Selection(METHODS, "Distance from", readonly=True, default="none")
    # --- times
    first_fix = fields.Datetime("First position", readonly=True)
    last_fix = fields.Datetime("Last position", readonly=True)
    stay_count = fields.Integer("Stays", readonly=True)
    stay_min = fields.Integer("Staying (min)", readonly=True)
    trip_count = fields.Integer("Trips", readonly=True)
    trip_min = fields.Integer("On the way (min)", readonly=True)
    gap_count = fields.Integer("Gaps", readonly=True)
    gap_min = fields.Integer("Gaps (min)", readonly=True)
    # --- quality
    fix_count = fields.Integer("Positions", readonly=True)
    used_count = fields.Integer("Positions used", readonly=True)
    coarse_count = fields.Integer("Too imprecise", readonly=True)
    spike_count = fields.Integer("Stray positions", readonly=True)
    interval_s = fields.Integer("Usual interval (s)", readonly=True, aggregator="avg")

    stay_ids = fields.One2many("field.stay", "day_id", "Stay list")
    trip_ids = fields.One2many("field.trip", "day_id", "Trip list")
    gap_ids = fields.One2many("field.gap", "day_id", "Gap list")
    presence_ids = fields.One2many("field.zone.presence", "day_id", "Times inside")

    _user_date_uniq = models.Constraint(
        "UNIQUE(user_id, date)", "There is already a day for this person and date."
    )

    @api.depends("distance_m")
    def _compute_distance_km(self):
        for day in self:
            day.distance_km = day.distance_m / 1000

    @api.depends("user_id", "date")
    def _compute_display_name(self):
        for day in self:
            date = fields.Date.to_string(day.date) or ""
            day.display_name = f"{day.user_id.sudo().name or ''} {date}".strip()

    def _bounds(self):
        """Start and end of the local day as naive UTC datetimes."""
        self.ensure_one()
        start = times.local_hour(self.date, 0, self.tz)
        return start, times.local_hour(self.date, 24, self.tz)

    # --- buttons -------------------------------------------------------------------------------
    def action_playback(self):
        """Open the day on the map."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "field_tracking.field_track_playback_action"
        )
        return action | {
            "name": self.display_name,
            "params": {"day_id": self.id},
            "context": {"active_id": self.id, "active_model": self._name},
        }

    def action_rebuild(self):
        """Calculate the days again from their positions now, without waiting for the job."""
        self.check_access("read")
        self.sudo()._rebuild()
        return True

    def action_positions(self):
        """The raw positions of the day."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("field_tracking.field_position_action")
        start, end = self._bounds()
        domain = [("user_id", "=", self.user_id.id), ("ts", ">=", start), ("ts", "<", end)]
        return action | {"domain": domain, "context": {}}
