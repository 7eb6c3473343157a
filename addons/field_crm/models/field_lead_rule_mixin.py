from odoo import api, models
from odoo.tools import ormcache


class FieldLeadRuleMixin(models.AbstractModel):
    """Rules that every new or changed lead is held against. A company that has none pays nothing:
    whether there are any is remembered."""

    _name = "field.lead.rule.mixin"
    _description = "Rule for leads"

    @api.model
    @ormcache()
    def _is_used(self):
        """Whether there is any such rule, in whatever company."""
        return bool(self.sudo().search_count([], limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
