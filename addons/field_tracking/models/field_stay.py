from odoo import api, fields, models


class FieldStay(models.Model):
    """A place where somebody was for five minutes or more; made by the rebuild of the day."""

    _name = "field.stay"
    _description = "Stay"
    _inherit = ["field.track.part.mixin"]
    _order = "start, id"
    _rec_name = "partner_id"

    day_id = fields.Many2one(
        "field.track.day", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="day_id.user_id", string="Person")
    company_id = fields.Many2one(related="day_id.company_id")
    number = fields.Integer("No.", readonly=True)
    start = fields.Datetime("From", required=True, readonly=True)
    end = fields.Datetime("To", required=True, readonly=True)
    minutes = fields.Integer(readonly=True)
    lat = fields.Float("Latitude", digits=(10, 7), readonly=True)
    lng = fields.Float("Longitude", digits=(10, 7), readonly=True)
    radius = fields.Float("Radius (m)", digits=(8, 1), readonly=True, aggregator=None)
    fixes = fields.Integer("Positions", readonly=True)
    silent_min = fields.Integer(
        "Silent (min)",
        readonly=True,
        help="Time within the stay during which the phone sent nothing: it was at the same place "
        "before and after.",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="set null"
    )
    partner_distance = fields.Float(
        "Distance to customer (m)", digits=(8, 1), readonly=True, aggregator=None
    )

    @api.depends("partner_id", "number")
    def _compute_display_name(self):
        for stay in self:
            stay.display_name = stay.partner_id.display_name or self.env._(
                "Stay %(number)s", number=stay.number
            )
