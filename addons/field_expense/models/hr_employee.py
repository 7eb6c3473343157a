from odoo import fields, models

from .field_mileage_rate import VEHICLE_KINDS


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    # Kept by HR, not by the rep: it decides what he is paid per kilometre.
    field_vehicle_kind = fields.Selection(
        VEHICLE_KINDS,
        string="Vehicle",
        groups="hr.group_hr_user",
        tracking=True,
        help="What this person drives on customer visits. Decides the mileage rate.",
    )
