from odoo import api, fields, models


class FieldZonePresence(models.Model):
    """A time inside a zone, or inside the fence of a customer; made by the rebuild of the day.

    Its beginning is the arrival, its end the departure, each as far as the phone tells: between two
    positions the moment is reckoned, across a silence both limits are given.
    """

    _name = "field.zone.presence"
    _description = "Time inside a zone"
    _inherit = ["field.track.part.mixin"]
    _order = "start, id"
    _rec_name = "zone_id"

    day_id = fields.Many2one(
        "field.track.day", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="day_id.user_id", string="Person")
    company_id = fields.Many2one(related="day_id.company_id")
    number = fields.Integer("No.", readonly=True)
    zone_id = fields.Many2one("field.zone", readonly=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    start = fields.Datetime("From", required=True, readonly=True)
    end = fields.Datetime("To", required=True, readonly=True)
    minutes = fields.Integer(readonly=True)
    duty_min = fields.Integer(
        "On post (min)", readonly=True, help="Minutes inside in the hours the zone is watched."
    )
    start_after = fields.Datetime(
        "Outside before",
        readonly=True,
        help="The last position outside. Empty: already inside at the first position of the day.",
    )
    end_before = fields.Datetime(
        "Outside after",
        readonly=True,
        help="The first position outside again. Empty: still inside at the last position.",
    )
    is_passing = fields.Boolean(
        "Passed by", readonly=True, help="Through it without stopping for a minute."
    )
    is_vague = fields.Boolean(
        "Vague",
        readonly=True,
        help="Arrival or departure fell into a silence of more than five minutes.",
    )
    fixes = fields.Integer("Positions", readonly=True)

    _one_place = models.Constraint(
        "CHECK(num_nonnulls(zone_id, partner_id) = 1)", "It is a zone or a customer."
    )

    @api.depends("zone_id", "partner_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.zone_id.sudo().name or row.partner_id.display_name
