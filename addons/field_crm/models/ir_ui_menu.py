from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """A company without any pool finds its CRM menus as they were."""
        blacklist = super()._load_menus_blacklist()
        pools = self.env["field.lead.pool"].sudo().with_context(active_test=False)
        if not pools.search_count([], limit=1):
            blacklist += [
                self.env.ref("field_crm.crm_menu_lead_pool").id,
                self.env.ref("field_crm.crm_menu_lead_claim").id,
            ]
        return blacklist
