from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # A rebuilt day asks for the customers around its stays.
    _field_tracking_place = models.Index(
        "(partner_latitude, partner_longitude) WHERE partner_latitude <> 0"
    )
