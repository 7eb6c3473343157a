from odoo import fields, models


class FieldApiKey(models.TransientModel):
    """Shows a new key once. Nothing of it is stored: the fields live in the open form only."""

    _name = "field.api.key"
    _description = "New key"

    owner_name = fields.Char("Key of", store=False, readonly=True)
    key = fields.Char(store=False, readonly=True)
