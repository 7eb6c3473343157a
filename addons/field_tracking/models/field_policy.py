from odoo import api, models


class FieldPolicy(models.Model):
    """The ingest remembers for a minute whether a device may be tracked; a change ends that."""

    _inherit = "field.policy"

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
