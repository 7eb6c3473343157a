import logging
from datetime import timedelta

import requests

from odoo import api, fields, models
from odoo.exceptions import ValidationError

_logger = logging.getLogger(__name__)

#: Roads are this much longer than the straight line on average; companies in mountains set more.
DETOUR = 1.3
TIMEOUT_S = 5
PER_RUN = 100
LOOK_BACK = timedelta(days=7)


class ResCompany(models.Model):
    _inherit = "res.company"

    field_detour_factor = fields.Float(
        "Roads are longer by",
        default=DETOUR,
        digits=(4, 2),
        help="Straight line times this is the way across a gap, where no road server is asked.",
    )
    field_road_url = fields.Char(
        "Road server",
        help="Address of an OSRM server, such as https://osrm.example.com. It is asked for the way "
        "across gaps, and so learns where they began and ended. Empty: nobody is asked.",
    )

    @api.constrains("field_detour_factor")
    def _check_field_detour_factor(self):
        for company in self:
            if not 1 <= company.field_detour_factor <= 3:
                raise ValidationError(self.env._("Roads are between 1 and 3 times as long."))


class FieldGap(models.Model):
    """How long the road across a gap may have been: shown beside the straight line, never mixed
    into what was measured."""

    _inherit = "field.gap"

    road_m = fields.Float("Road estimate (m)", digits=(10, 1), readonly=True)
    road_source = fields.Selection(
        [("factor", "Straight line, lengthened"), ("osrm", "Road server")],
        "Estimate from",
        readonly=True,
    )
    road_for_m = fields.Float(digits=(10, 1), readonly=True, aggregator=None)

    def _estimate_offline(self):
        """The estimate that needs nobody; a gap that did not change keeps its better one."""
        for gap in self:
            if gap.road_source and gap.road_for_m == gap.distance_m:
                continue
            factor = gap.company_id.sudo().field_detour_factor or DETOUR
            gap.write(
                {
                    "road_m": round(gap.distance_m * factor, 1),
                    "road_source": "factor",
                    "road_for_m": gap.distance_m,
                }
            )

    @api.model
    def _cron_ask_roads(self):
        """Hourly: ask the road server of companies that have one about gaps of the last days."""
        domain = [
            ("road_source", "=", "factor"),
            ("distance_m", ">", 300),
            ("end", ">", fields.Datetime.now() - LOOK_BACK),
            ("day_id.company_id.field_road_url", "!=", False),
        ]
        gaps = self.search(domain, limit=PER_RUN, order="end desc")
        for gap in gaps.try_lock_for_update():
            if not gap._ask_road():
                return

    def _ask_road(self):
        """Whether the server answered at all; what it says is only taken when it can be true."""
        self.ensure_one()
        base = self.company_id.sudo().field_road_url.rstrip("/")
        ends = f"{self.from_lng:.6f},{self.from_lat:.6f};{self.to_lng:.6f},{self.to_lat:.6f}"
        try:
            answer = requests.get(
                f"{base}/route/v1/driving/{ends}", params={"overview": "false"}, timeout=TIMEOUT_S
            )
            said = answer.json()
        except (requests.RequestException, ValueError) as error:
            _logger.info("The road server did not answer: %s", type(error).__name__)
            return False
        metres = _route_metres(said)
        if metres is not None and 0.95 * self.distance_m <= metres <= 3 * self.distance_m + 2000:
            self.write({"road_m": round(metres, 1), "road_source": "osrm"})
        return True


class FieldTrackDay(models.Model):
    _inherit = "field.track.day"

    with_roads_m = fields.Float(
        "With road estimates (m)",
        digits=(10, 1),
        compute="_compute_with_roads_m",
        store=True,
        help="As the distance, with road estimates in place of straight lines across gaps.",
    )

    @api.depends("distance_m", "gap_ids.road_m", "gap_ids.distance_m")
    def _compute_with_roads_m(self):
        for day in self:
            gaps = day.gap_ids
            day.with_roads_m = (
                day.distance_m - sum(gaps.mapped("distance_m")) + sum(gaps.mapped("road_m"))
            )

    def _rebuild(self):
        super()._rebuild()
        self.sudo().filtered("gap_count").gap_ids._estimate_offline()


def _route_metres(said):
    """Metres of OSRM's best route, None when it has none."""
    routes = said.get("routes") if isinstance(said, dict) and said.get("code") == "Ok" else None
    distance = routes[0].get("distance") if isinstance(routes, list) and routes else None
    return float(distance) if isinstance(distance, (int, float)) else None
