from odoo import models


class FieldWorkday(models.Model):
    _name = "field.workday"
    _inherit = ["field.workday", "field.evidence.subject"]
