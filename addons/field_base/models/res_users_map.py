from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    field_navigation_app = fields.Selection(
        [
            ("amap", "Amap"),
            ("baidu", "Baidu Maps"),
            ("tencent", "Tencent Maps"),
            ("google", "Google Maps"),
            ("apple", "Apple Maps"),
            ("waze", "Waze"),
            ("geo", "Any map app"),
        ],
        "Navigation app",
        help="The app that “Navigate” opens. Empty for the one that suits the place.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "field_navigation_app"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "field_navigation_app"]
