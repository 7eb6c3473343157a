from odoo import fields, models

from .field_fence_rule import FENCE_MODES
from .res_partner import FIELD_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    field_fence_mode = fields.Selection(
        FENCE_MODES,
        "Check-in away from here",
        copy=False,
        groups=FIELD_GROUPS,
        help="Empty: as the fence of his kind of customers or the policy says.",
    )
    field_fence_warn = fields.Integer(
        "Warn beyond (m)",
        copy=False,
        groups=FIELD_GROUPS,
        help="Inside the fence but further away than this is marked. 0: as the fence of his kind "
        "of customers or the policy says.",
    )

    _field_fence_warn_range = models.Constraint(
        "CHECK(field_fence_warn BETWEEN 0 AND 20000)",
        "The warn radius must be between 0 and 20,000 m.",
    )
