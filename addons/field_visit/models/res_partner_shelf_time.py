"""The photos of one shelf over the last 90 days, side by side."""

from odoo import api, fields, models
from odoo.fields import Domain

_DAYS = 90
_MOST = 500


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_field_shelf_time(self):
        """Open the page."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id("field_visit.field_visit_action_shelf")
        return {**action, "context": {"active_id": self.id, "active_model": self._name}}

    @api.readonly
    def get_field_shelf_time(self):
        """What the page shows, as far as the reader may see it.

        :returns: dict of ``name``, ``days`` and ``shelves``: list of ``{"key", "name", "photos"}``
            in the order of the steps, the photos of each from the oldest to the newest:
            ``{"id", "attachment_id", "visit_id", "taken_at" (UTC), "person", "score" (%, or False),
            "rating", "is_reference"}``
        """
        self.ensure_one()
        self.check_access("read")
        shelves = self._field_shelf_photos().grouped(lambda photo: photo._get_reference_key())
        newest = {key: photos[-1].step_id for key, photos in shelves.items()}
        order = sorted(shelves, key=lambda key: (newest[key].sequence, key or ""))
        return {
            "name": self.display_name,
            "days": _DAYS,
            "shelves": [
                {
                    "key": key or "",
                    "name": newest[key].name or "",
                    "photos": [photo._as_shelf_values() for photo in shelves[key]],
                }
                for key in order
            ],
        }

    def _field_shelf_photos(self):
        """Pictures of the step of a visit, oldest first; of very many the newest."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=_DAYS)
        domain = Domain("visit_id.partner_id", "child_of", self.ids)
        domain &= Domain("attachment_id", "!=", False) & Domain("taken_at", ">=", since)
        domain &= Domain("is_of_place", "=", True)
        Photo = self.env["field.visit.photo"]
        return Photo.search(domain, order="taken_at desc, id desc", limit=_MOST)[::-1]


class FieldVisitPhoto(models.Model):
    _inherit = "field.visit.photo"

    def _as_shelf_values(self):
        self.ensure_one()
        return {
            "id": self.id,
            "attachment_id": self.attachment_id.id,
            "visit_id": self.visit_id.id,
            "taken_at": fields.Datetime.to_string(self.taken_at),
            "person": self.user_id.sudo().name or "",
            "score": self._get_shelf_score(),
            "rating": int(self.rating or 0),
            "is_reference": self.is_reference,
        }

    def _get_shelf_score(self):
        """Of the shelf that was counted in that visit; without a count there is none."""
        counts = self.visit_id.step_ids.filtered(
            lambda step: step.kind == "stock" and step.state == "done"
        )
        own = counts & self.step_id
        return (own or counts)[-1:].shelf_score if counts else False
