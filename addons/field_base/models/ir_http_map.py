from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Which map to draw, so that a map needs no question of its own."""
        info = super().session_info()
        if self.env.user._is_internal():
            info["field_map"] = self.env["field.map.provider"]._get_client_config()
        return info
