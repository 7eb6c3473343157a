from odoo import models

from odoo.addons.field_base.tools.data_part import DataPart


class FieldPrivacy(models.AbstractModel):
    _inherit = "field.privacy"

    def _get_data_parts(self):
        return [
            *super()._get_data_parts(),
            DataPart(
                "track_days",
                "field.track.day",
                ("date", "distance_km", "stay_count", "trip_count", "gap_count", "fix_count"),
                self.env._("Tracked days"),
                retention="retention_track_days",
            ),
            *self._get_track_parts(),
            DataPart(
                "track_labels",
                "field.track.label",
                ("kind", "start", "end", "note"),
                self.env._("Labels"),
                owner="day_id.user_id",
                retention="retention_track_days",
            ),
            DataPart(
                "positions",
                "field.position",
                ("ts", "lat", "lng", "accuracy", "speed", "course", "battery", "source"),
                self.env._("Positions"),
                retention="retention_position_days",
                order="ts desc",
            ),
            DataPart(
                "last_position",
                "field.position.last",
                ("ts", "lat", "lng", "accuracy", "battery"),
                self.env._("Last position"),
                retention="retention_position_days",
            ),
            DataPart(
                "device_journal",
                "field.device.journal",
                ("at", "kind", "battery", "charging"),
                self.env._("Device journal"),
                retention="retention_position_days",
                order="at desc",
            ),
            DataPart(
                "unusable_positions",
                "field.position.reject",
                ("received_at", "reason", "raw"),
                self.env._("Unusable messages"),
            ),
        ]

    def _get_track_parts(self):
        ends = ("from_lat", "from_lng", "to_lat", "to_lng")
        return [
            self._track_part("stays", "field.stay", self.env._("Stays"), "lat", "lng"),
            self._track_part("trips", "field.trip", self.env._("Trips"), "distance_m", *ends),
            self._track_part("gaps", "field.gap", self.env._("Gaps"), "cause", *ends),
            self._track_part(
                "presences",
                "field.zone.presence",
                self.env._("Times inside zones"),
                "zone_id",
                "partner_id",
            ),
        ]

    def _track_part(self, key, model, label, *names):
        return DataPart(
            key,
            model,
            ("start", "end", "minutes", *names),
            label,
            owner="day_id.user_id",
            retention="retention_track_days",
        )
