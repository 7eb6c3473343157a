import numpy as np

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import export
from ..tools.day import make_track

GROUP = "field_tracking.field_tracking_group_export"
MOST_DAYS = 100


class FieldTrackDay(models.Model):
    """Taking tracks out of the system: a right of its own, and noted each time."""

    _inherit = "field.track.day"

    def _check_can_export(self):
        """:raises AccessError: without the right, or for days the caller may not see"""
        self.check_access("read")
        if not self.env.user.has_group(GROUP):
            raise AccessError(
                self.env._("Exporting tracks is a right of its own; an administrator grants it.")
            )
        if len(self) > MOST_DAYS:
            raise UserError(self.env._("Export at most %(most)s days at once.", most=MOST_DAYS))

    def action_export(self):
        """Ask for the format, and for a reason where the policy wants one."""
        self._check_can_export()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export tracks"),
            "res_model": "field.track.export",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_day_ids": self.ids},
        }

    def _export(self, kind, reason=None):
        """The days as a file.

        :param str kind: ``gpx`` ``geojson`` ``csv``
        :returns: ``(text, MIME type)``
        :raises FieldRejected: ``reason_required`` by the policy of one of the people
        """
        days = self.sorted(lambda day: (day.user_id.id, day.date))
        write, mimetype = export.FORMATS[kind]
        return write(days._get_export_tracks(reason)), mimetype

    def _get_export_tracks(self, reason=None):
        """The days' tracks, in the order of the days; each opening is noted.

        :returns: list of tools.export.Track
        :raises FieldRejected: as :meth:`_export`
        """
        self._check_can_export()
        Log, days = self.env["field.access.log"], self.sudo()
        Log._check_reason(days.user_id, "export", reason)
        Log._log(days.user_id, "export", reason, days)
        return [day._get_export_track() for day in days]

    def _get_export_track(self):
        good = make_track(**self._read_working_fixes()).good()
        return export.Track(
            person=self.user_id.name,
            date=str(self.date),
            distance_m=self.distance_m,
            pieces=[_rows(good, part) for part in self._unbroken_parts(good)],
            places=[
                export.Place(
                    _seconds(stay.start),
                    _seconds(stay.end),
                    stay.lat,
                    stay.lng,
                    stay.partner_id.display_name or f"{stay.number}",
                )
                for stay in self.stay_ids.sorted("start")
            ],
        )

    def _unbroken_parts(self, good):
        """Indices of the believable fixes between the gaps."""
        gaps = [_seconds(gap.start) for gap in self.gap_ids.sorted("start")]
        cuts = np.searchsorted(good.t, gaps, side="right")
        return [part for part in np.split(np.arange(len(good.t)), cuts) if len(part)]


def _rows(good, part):
    columns = (good.t, good.lat, good.lon, good.accuracy, good.speed)
    return list(zip(*(column[part].tolist() for column in columns), strict=True))


def _seconds(moment):
    return int((moment - fields.Datetime.to_datetime("1970-01-01")).total_seconds())
