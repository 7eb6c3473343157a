from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    field_fence_radius = fields.Integer(
        "Fence radius (m)",
        help="How far from this customer a check-in still counts as there, in metres. "
        "0 takes the radius of the policy.",
    )

    field_place_hint = fields.Char(
        "Floor and shop number",
        help="What finds the customer in a mall, a market or an office tower, and tells two "
        "branches there from each other.",
    )

    _field_fence_radius_range = models.Constraint(
        "CHECK(field_fence_radius BETWEEN 0 AND 20000)",
        "The fence radius must be between 0 and 20,000 m.",
    )
    # the widest of all is asked for with every day that is looked at
    _field_fence_radius_idx = models.Index("(field_fence_radius) WHERE field_fence_radius > 0")

    def _field_position(self):
        """Where the customer is: ``(lat, lng)`` in WGS-84, or ``None`` when unknown.

        0/0 is what Odoo stores for "not geocoded"; no customer lives in the Gulf of Guinea.
        """
        self.ensure_one()
        if not self.partner_latitude and not self.partner_longitude:
            return None
        return self.partner_latitude, self.partner_longitude
