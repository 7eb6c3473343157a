import logging

import requests

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.routing import matrix, providers

_logger = logging.getLogger(__name__)
_TIMEOUT = 10  # seconds, of each request


class FieldMatrixProvider(models.Model):
    """Who says how long the way from customer to customer takes. Without one: straight lines."""

    _name = "field.matrix.provider"
    _description = "Road service"
    _inherit = ["field.service.mixin"]

    kind = fields.Selection(
        [
            ("straight", "Straight lines"),
            ("osrm", "OSRM"),
            ("valhalla", "Valhalla"),
            ("amap", "Amap"),
            ("baidu", "Baidu Maps"),
        ],
        required=True,
        default="straight",
    )
    url = fields.Char(help="Of your own server. Empty takes the usual address of the service.")
    detour = fields.Float(
        "Detour factor",
        default=matrix.DETOUR,
        help="Roads are so much longer than the straight line. Also used when the service does not "
        "answer.",
    )
    speed = fields.Float("Speed (km/h)", default=matrix.SPEED)

    _range = models.Constraint(
        "CHECK(detour BETWEEN 1 AND 5 AND speed BETWEEN 1 AND 200)",
        "The detour factor lies between 1 and 5, the speed between 1 and 200 km/h.",
    )

    def _get_matrix(self, points):
        """How far everything is from everything; straight lines when the service does not answer.

        :param list points: ``(lat, lng)`` in WGS-84
        :returns: ``(seconds, metres, source)``; source is the kind, ``straight`` when it was asked
            for, ``failed`` when straight lines stand in
        """
        if self and self.kind != "straight" and len(points) > 1:
            try:
                return (*self._ask(points), self.kind)
            except (providers.ProviderError, requests.RequestException, ValueError) as error:
                # the address may hold the key: only the kind of the error is written down
                _logger.info("road service %s: %s", self.id, type(error).__name__)
                return (*self._get_straight(points), "failed")
        return (*self._get_straight(points), "straight")

    def _get_straight(self, points):
        if not self:
            return matrix.straight(points)
        return matrix.straight(points, self.detour, self.speed)

    def _ask(self, points):
        seconds = [[0] * len(points) for _point in points]
        metres = [[0] * len(points) for _point in points]
        for request in providers.pieces(self.kind, self.url, self.key, points):
            answer = self._send(request)
            for origin, destination, duration, distance in providers.read(
                self.kind, answer, request
            ):
                if origin != destination:
                    seconds[origin][destination] = duration
                    metres[origin][destination] = distance
        return seconds, metres

    def _send(self, request):
        """:raises requests.RequestException: no answer in time, or none that is JSON"""
        if request.json is None:
            response = requests.get(request.url, params=request.params, timeout=_TIMEOUT)
        else:
            response = requests.post(request.url, json=request.json, timeout=_TIMEOUT)
        return response.json()

    def action_try(self):
        """Ask for one way and say what came back.

        :raises UserError: with the words of the service
        """
        self.ensure_one()
        self.check_access("write")
        points = [(31.2304, 121.4737), (31.2450, 121.5060)]
        try:
            seconds, metres = (
                self._get_straight(points) if self.kind == "straight" else self._ask(points)
            )
        except (providers.ProviderError, ValueError) as error:
            raise UserError(self.env._("The service says: %(error)s", error=error)) from error
        except requests.RequestException as error:
            raise UserError(
                self.env._("The service does not answer (%(kind)s).", kind=type(error).__name__)
            ) from error
        text = self.env._(
            "%(metres)s m, %(minutes)s min",
            metres=metres[0][1],
            minutes=round(seconds[0][1] / 60),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"title": self.name, "message": text, "type": "success"},
        }
