from odoo import api, models

from .field_track_export import MOST_DAYS
from odoo.addons.field_base.tools.resource import Resource


class FieldOpenApi(models.AbstractModel):
    """Tracks go out by the API as they do by a file: with the right of its own, and noted."""

    _inherit = "field.open.api"

    @api.model
    def _resources(self):
        return [
            *super()._resources(),
            Resource(
                name="tracks",
                model="field.track.day",
                most=MOST_DAYS,
                domain=(("state", "=", "built"),),
                fields={
                    "id": "id",
                    "person": "user_id.login",
                    "date": "date",
                    "tz": "tz",
                    "distance_m": "distance_m",
                    "measured_m": "measured_m",
                    "estimated_m": "estimated_m",
                    "method": "distance_method",
                    "first_at": "first_fix",
                    "last_at": "last_fix",
                    "stays": "stay_count",
                    "stay_minutes": "stay_min",
                    "trips": "trip_count",
                    "trip_minutes": "trip_min",
                    "gaps": "gap_count",
                    "gap_minutes": "gap_min",
                },
            ),
        ]

    @api.model
    def _rows(self, resource, records, client):
        """Days of tracks come with their way, in unbroken pieces of ``[time, lat, lng]``."""
        rows = super()._rows(resource, records, client)
        if resource.name != "tracks":
            return rows
        return [
            row | {"pieces": [[point[:3] for point in piece] for piece in track.pieces]}
            for row, track in zip(rows, records._get_export_tracks(client.purpose), strict=True)
        ]
