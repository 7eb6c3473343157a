"""The watermark as people in the office see it: drawn on a copy, from what the server knows.

The phone shows the representative the same while he takes the picture, but sends the picture as
the camera gave it. Nothing of the text comes from the phone.
"""

import base64
import logging
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from ..tools import stamp
from odoo.addons.field_base.tools import watermark
from odoo.addons.field_base.tools.geo import haversine_m
from odoo.addons.field_base.tools.pictures import UNREADABLE
from odoo.addons.field_base.tools.times import parse_instant

_logger = logging.getLogger(__name__)


class FieldVisitPhoto(models.Model):
    _inherit = "field.visit.photo"

    stamped = fields.Binary(
        "With watermark", attachment=True, readonly=True, copy=False, help="What people are shown."
    )

    def write(self, vals):
        """When the time of a file is over, its copies go with it."""
        if "attachment_id" in vals and not vals["attachment_id"]:
            vals = {**vals, "stamped": False}
        return super().write(vals)

    def _wants_stamp(self):
        self.ensure_one()
        return not self.is_signature and self.visit_id.policy_id.sudo().photo_watermark

    def _get_shown(self):
        """The picture (bytes) as people are shown it: with the watermark where there is to be
        one. Until it was kept, it is drawn for each who looks."""
        self.ensure_one()
        photo = self.sudo()
        if photo.stamped:
            return base64.b64decode(photo.with_context(bin_size=False).stamped)
        raw = photo.attachment_id.raw or b""
        return photo._draw_stamp(raw) if photo._wants_stamp() else raw

    def _open_small(self):
        """``{photo: small picture}`` with watermark. It is noted like the opening of the picture:
        it lies with the reader from now on."""
        self.check_access("read")
        subjects = self.sudo().step_id._field_evidence_subjects()
        self.env["field.access.log"]._log(subjects.user_id, "photo", None, subjects)
        return {photo: photo.sudo()._make_small(photo._get_shown()) for photo in self}

    def _draw_stamp(self, raw):
        blob = self._get_blob()
        link = blob._verify_url() if blob.code else None
        try:
            return watermark.stamp(raw, self._get_stamp_lines(blob), link)
        except UNREADABLE:
            _logger.warning("photo %s cannot be drawn on", self.id)
            return raw

    def _get_blob(self):
        """The upload it is; a picture that was sent by the form has none."""
        return self.env["field.blob"].sudo().search([("uuid", "=", self.blob_uuid)], limit=1)

    @api.model
    def _get_stamp_words(self):
        return {
            "clock": self.env._("phone's clock %(time)s", time="%(time)s"),
            "nowhere": self.env._("Place unknown"),
            "away": self.env._("%(distance)s from the customer", distance="%(distance)s"),
            "received": self.env._("arrived %(time)s", time="%(time)s"),
        }

    def _get_stamp_lines(self, blob):
        """Four lines of text, in the language of the person who took it."""
        visit = self.visit_id.sudo()
        words = self.with_context(lang=visit.user_id.lang)._get_stamp_words()
        taken = self._get_taken(blob)
        number = (visit.uuid or str(visit.id))[-6:]
        return [
            stamp.time_line(taken, words),
            visit.partner_id.display_name,
            stamp.place_line(taken, words),
            stamp.person_line(visit.user_id.name, number, taken, words),
        ]

    def _get_taken(self, blob):
        """When and where, by the server's clock and the customer's pin."""
        meta, error = blob.meta or {}, self.step_id.event_id.clock_error_s
        zone = ZoneInfo(self.user_id.sudo().tz or "UTC")
        moment = self.taken_at or self.create_date
        try:
            clock = parse_instant(meta["captured_at"])
            moment = min(fields.Datetime.subtract(clock, seconds=error), blob.create_date)
        except (KeyError, ValueError):
            error = 0  # the phone said no time that could be held against ours

        def local(utc):
            return utc.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).replace(microsecond=0)

        offset = local(moment).strftime("%z")
        return stamp.Taken(
            at=local(moment),
            zone=f"{offset[:3]}:{offset[3:]}",
            clock_error_s=error,
            received=blob and local(blob.create_date),
            **self._get_taken_place(meta.get("position")),
        )

    def _get_taken_place(self, position):
        """Where the phone was; without a fix of its own, where the check-in was."""
        visit = self.visit_id
        if not position and (visit.check_in_lat or visit.check_in_lng):
            position = {
                "lat": visit.check_in_lat,
                "lng": visit.check_in_lng,
                "accuracy": visit.check_in_accuracy,
            }
        if not position:
            return {}
        lat, lng = position["lat"], position["lng"]
        pin = visit.partner_id.sudo()._field_position()
        away = haversine_m(lat, lng, *pin) if pin else None
        return {"lat": lat, "lng": lng, "accuracy": position.get("accuracy"), "away": away}

    def _get_stamped_file(self):
        """The attachment (sudo) of the copy that was kept, if it was."""
        domain = [("res_model", "=", self._name), ("res_field", "=", "stamped")]
        return (
            self.env["ir.attachment"].sudo().search([*domain, ("res_id", "in", self.ids)], limit=1)
        )

    def _keep_stamped(self):
        """Draw the watermark once and for all: what it says later is what it said first."""
        for photo in self.filtered(lambda photo: photo._wants_stamp() and not photo.stamped):
            photo._get_blob()._ensure_codes()
            shown = photo._get_shown()
            if shown != photo.attachment_id.raw:  # else it cannot be drawn on, nor be kept again
                photo.stamped = base64.b64encode(shown)
