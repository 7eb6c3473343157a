from odoo import api, fields, models


class FieldTrip(models.Model):
    """A way between stays; made by the rebuild of the day."""

    _name = "field.trip"
    _description = "Trip"
    _inherit = ["field.track.part.mixin"]
    _order = "start, id"

    day_id = fields.Many2one(
        "field.track.day", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="day_id.user_id", string="Person")
    company_id = fields.Many2one(related="day_id.company_id")
    number = fields.Integer("No.", readonly=True)
    start = fields.Datetime("From", required=True, readonly=True)
    end = fields.Datetime("To", required=True, readonly=True)
    minutes = fields.Integer(readonly=True)
    from_lat = fields.Float("Start latitude", digits=(10, 7), readonly=True)
    from_lng = fields.Float("Start longitude", digits=(10, 7), readonly=True)
    to_lat = fields.Float("End latitude", digits=(10, 7), readonly=True)
    to_lng = fields.Float("End longitude", digits=(10, 7), readonly=True)
    distance_m = fields.Float("Distance (m)", digits=(10, 1), readonly=True)
    estimated_m = fields.Float(
        "Of which estimated (m)",
        digits=(10, 1),
        readonly=True,
        help="Straight lines over legs that no position describes.",
    )
    fixes = fields.Integer("Positions", readonly=True)

    @api.depends("number")
    def _compute_display_name(self):
        for trip in self:
            trip.display_name = self.env._("Trip %(number)s", number=trip.number)
