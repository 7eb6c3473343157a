from odoo import api, models

from odoo.addons.field_base.tools.collection import Collection, plain

ROUTE_FIELDS = (
    *("date", "leaves_at", "ends_at", "lunch_at", "km", "travel_min", "waiting_min"),
    *("before_km", "before_min", "late_count", "matrix_source"),
)


class FieldApp(models.AbstractModel):
    """The routes of a person's next days; the stops and their order are the visits themselves."""

    _inherit = "field.app"

    @api.model
    def _collections(self):
        routes = Collection(
            "field.route",
            [("user_id", "=", self.env.uid), ("date", ">=", "-1d"), ("date", "<=", "+14d")],
            ROUTE_FIELDS,
            order="date, id",
            cap=40,
            rows=self._routes,
        )
        return {"routes": routes, **super()._collections()}

    @api.model
    def _routes(self, routes):
        """With the place one leaves from: the line on the map begins there."""
        firsts = {route.company_id.id: route for route in routes}
        starts = {company: route._get_start() for company, route in firsts.items()}
        rows = []
        for values in routes.read(["id", "company_id", *ROUTE_FIELDS], load=None):
            start = starts[values.pop("company_id")]
            row = {name: plain(value) for name, value in values.items()}
            rows.append({**row, "start": start and list(start)})
        return rows
