"""Steps of a visit that arrive from a phone. Each handler reads the payload and calls the same
method as the button; ``self`` is the journal row, acting as the representative."""

from odoo import models

from odoo.addons.field_base.tools.errors import FieldConflict, FieldRejected, FieldWaiting
from odoo.addons.field_base.tools.payload import (
    is_uuid,
    read_position,
    read_uuid,
    require_payload,
)


class FieldEvent(models.Model):
    _inherit = "field.event"

    def _apply_visit_check_in(self, payload):
        """visit.check_in {visit_uuid, visit_id?|partner_id?, position?, reason?, exception?,
        close_previous?}"""
        values = require_payload(
            payload,
            {},
            {
                "visit_id": int,
                "partner_id": int,
                "reason": str,
                "exception": bool,
                "close_previous": bool,
            },
        )
        position = read_position(payload.get("position"))
        visit = self._find_visit_to_begin(read_uuid(payload, "visit_uuid"), values)
        return visit._do_check_in(
            position,
            at=self.happened_at,
            source="app",
            reason=values["reason"],
            exception=bool(values["exception"]),
            close_previous=bool(values["close_previous"]),
            event=self,
        )

    def _apply_visit_check_out(self, payload):
        """visit.check_out {visit_uuid, position?, note?}"""
        values = require_payload(payload, {}, {"note": str})
        position = read_position(payload.get("position"))
        visit = self._find_visit_begun(read_uuid(payload, "visit_uuid"))
        return visit._do_check_out(
            position, at=self.happened_at, source="app", note=values["note"], event=self
        )

    def _apply_visit_step_done(self, payload):
        """visit.step_done {visit_uuid, step_key|step_id, blobs?: [uuid], value?, note?}"""
        values = require_payload(payload, {}, {"blobs": list, "note": str, "value": str})
        blobs = values["blobs"] or []
        if not all(is_uuid(blob) for blob in blobs):
            raise FieldRejected(
                "bad_payload", self.env._("“%(field)s” must be a list of UUIDs.", field="blobs")
            )
        step = self._find_step(payload)
        return step._do_done(
            blobs=[blob.lower() for blob in blobs],
            value=values["value"],
            note=values["note"],
            at=self.happened_at,
            event=self,
        )

    def _apply_visit_step_cannot(self, payload):
        """visit.step_cannot {visit_uuid, step_key|step_id, reason}"""
        values = require_payload(payload, {"reason": str})
        step = self._find_step(payload)
        return step._do_cannot(values["reason"], at=self.happened_at, event=self)

    def _apply_visit_cancel(self, payload):
        """visit.cancel {visit_uuid|visit_id, reason}"""
        values = require_payload(payload, {"reason": str}, {"visit_id": int})
        uuid = read_uuid(payload, "visit_uuid", required=not values["visit_id"])
        visit = self._find_visit(uuid) if uuid else self._browse_own_visit(values["visit_id"])
        if not visit:
            raise FieldWaiting(uuid)
        return visit._do_cancel(values["reason"])

    # ---------------------------------------------------------------- look-ups

    def _find_visit(self, uuid):
        """The representative's visit of that uuid, or nothing.

        :raise FieldRejected: forbidden, when the uuid is somebody else's
        """
        visit = self.env["field.visit"].sudo().search([("uuid", "=", uuid)])
        if visit and visit.user_id != self.env.user:
            raise FieldRejected("forbidden", self.env._("This is the visit of somebody else."))
        return visit.with_env(self.env)

    def _find_visit_begun(self, uuid):
        """:raise FieldWaiting: when the check-in has not arrived yet"""
        visit = self._find_visit(uuid)
        if not visit or (not visit.check_in_at and visit.state in ("planned", "missed")):
            raise FieldWaiting(uuid)
        return visit

    def _browse_own_visit(self, visit_id):
        visit = self.env["field.visit"].search(
            [("id", "=", visit_id), ("user_id", "=", self.env.uid)]
        )
        if not visit:
            raise FieldRejected("not_found", self.env._("This visit does not exist any more."))
        return visit

    def _find_visit_to_begin(self, uuid, values):
        """The visit a phone checks in to: known by uuid, planned here, or made on the spot."""
        visit = self._find_visit(uuid)
        if visit:
            return visit
        if values["visit_id"]:
            return self._adopt(self._browse_own_visit(values["visit_id"]), uuid)
        if not values["partner_id"]:
            raise FieldRejected(
                "bad_payload", self.env._("“%(field)s” is missing.", field="partner_id")
            )
        partner = self.env["res.partner"].search([("id", "=", values["partner_id"])])
        if not partner:
            raise FieldRejected("not_found", self.env._("This customer does not exist any more."))
        visit = self.env["field.visit"].with_company(self.company_id)
        return self._adopt(visit._find_or_create_today(partner, self.happened_at), uuid)

    def _adopt(self, visit, uuid):
        """Let the phone's uuid name the visit from now on.

        :raise FieldConflict: when the visit has already begun under another uuid
        """
        if visit.uuid == uuid:
            return visit
        if visit.check_in_at:
            raise FieldConflict(
                {"visit_id": visit.id, "visit_uuid": visit.uuid, "state": visit.state},
                self.env._("This visit has already begun on another device."),
            )
        visit._with_evidence().uuid = uuid
        return visit

    def _find_step(self, payload):
        """:raise FieldRejected: not_found, when the visit has no such step"""
        visit = self._find_visit_begun(read_uuid(payload, "visit_uuid"))
        key, step_id = payload.get("step_key"), payload.get("step_id")
        step = visit.step_ids.filtered(lambda step: step.key == key if key else step.id == step_id)
        if not step:
            raise FieldRejected("not_found", self.env._("This visit has no such step."))
        return step
