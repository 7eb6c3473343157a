"""The day's order as a person makes it on the phone; the routes themselves are `field.route`'s."""

from odoo import api, models

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import require_payload


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {
            "route.optimise": self.env._("Route optimised"),
            "route.order": self.env._("Route put in order by hand"),
        }

    def _apply_route_optimise(self, payload):
        """route.optimise {date}: the best order of what is still to do; pinned stops stay"""
        route = self._find_route(require_payload(payload, {"date": str})["date"])
        route.action_optimise()
        return route

    def _apply_route_order(self, payload):
        """route.order {date, visit_ids, pinned_ids?}: in this order, and these keep their place"""
        values = require_payload(payload, {"date": str, "visit_ids": list}, {"pinned_ids": list})
        visit_ids, pinned_ids = (
            [one for one in values[name] or [] if type(one) is int]  # True is not 1
            for name in ("visit_ids", "pinned_ids")
        )
        route = self._find_route(values["date"])
        if not route._do_order(visit_ids, pinned_ids):
            raise FieldRejected(
                "not_found", self.env._("None of these visits is planned on this day any more.")
            )
        return route

    def _find_route(self, text):
        """The person's route of that day, made with the first wish for it.

        :raise FieldRejected: bad_payload
        """
        company = self.company_id
        Route = self.env["field.route"].with_company(company)
        return Route._get_or_create(self.env.user, self._read_day(text), company)
