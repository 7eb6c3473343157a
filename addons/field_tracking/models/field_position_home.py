from dataclasses import replace

from odoo import api, models


class FieldPosition(models.Model):
    _inherit = "field.position"

    @api.model
    def _store(self, device, fixes, source):
        """What lies in the person's home area becomes one coarse point, for good."""
        area = self.env["field.home"]._get_area(device.user_id)
        if area:
            lat, lng = area.blurred()
            at_home = {"lat": lat, "lon": lng, "speed": None, "course": None, "altitude": None}
            fixes = [replace(f, **at_home) if area.covers(f.lat, f.lon) else f for f in fixes]
        return super()._store(device, fixes, source)
