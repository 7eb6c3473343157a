from odoo import api, fields, models


class FieldGap(models.Model):
    """A silence of more than five minutes that no stay explains; made by the rebuild of the day."""

    _name = "field.gap"
    _description = "Gap in the track"
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
    distance_m = fields.Float(
        "Straight line (m)",
        digits=(10, 1),
        readonly=True,
        help="Counted once in the distance of the day, as estimated.",
    )
    cause = fields.Selection(
        [
            ("unknown", "Unknown"),
            ("imprecise", "Positions too imprecise"),
            ("offline", "Offline, but alive"),
            ("no_place", "Alive, without a place"),
            ("hidden", "App in the background"),
            ("permission", "Location not permitted"),
            ("stopped", "Tracking stopped on the phone"),
            ("battery", "Battery empty"),
            ("killed", "Ended on the way, as by the phone's system"),
            ("clock", "Clock changed"),
            ("private", "Private part"),
        ],
        required=True,
        readonly=True,
        default="unknown",
        help="Unknown is an honest answer and never a reproach: phones lose reception, and their "
        "makers switch trackers off.",
    )

    heartbeats = fields.Integer(
        "Signs of life", readonly=True, help="How often the phone was heard without a position."
    )

    @api.depends("number")
    def _compute_display_name(self):
        for gap in self:
            gap.display_name = self.env._("Gap %(number)s", number=gap.number)
