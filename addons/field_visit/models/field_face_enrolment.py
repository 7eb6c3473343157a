"""Who has set up the face match. Nothing of the face itself is here or elsewhere on the server."""

from odoo import api, fields, models

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import require_payload

TOPIC = "face"
MODEL_LENGTH = 60


class FieldFaceEnrolment(models.Model):
    """Since when, and on which phone, a person's portrait can be compared; until when it could."""

    _name = "field.face.enrolment"
    _description = "Face match set up"
    _inherit = ["field.append.mixin", "field.scope.mixin"]
    _order = "enrolled_at desc, id desc"

    device_id = fields.Many2one("field.device", "Phone", readonly=True, ondelete="set null")
    enrolled_at = fields.Datetime("Set up", required=True, readonly=True)
    ended_at = fields.Datetime("Deleted", readonly=True)
    face_model = fields.Char("Model", readonly=True)
    consent_id = fields.Many2one(
        "field.consent", required=True, readonly=True, index=True, ondelete="restrict"
    )

    _device_uniq = models.UniqueIndex(
        "(user_id, device_id) WHERE ended_at IS NULL", "One portrait per person and phone."
    )
    _period = models.Constraint("CHECK(ended_at >= enrolled_at)", "Nothing ends before it began.")

    @api.depends("user_id", "enrolled_at")
    def _compute_display_name(self):
        for row in self:
            date = fields.Date.to_string(row.enrolled_at) or ""
            row.display_name = f"{row.user_id.sudo().name or ''} {date}".strip()

    @api.model
    def _enrol(self, event, model):
        """The phone of the event has a portrait of its person; it takes the place of an older one.

        :raises FieldRejected: ``face_off``, ``face_consent``
        """
        user = event.user_id
        consent = self._require(user)
        self._end(event)
        vals = {
            "user_id": user.id,
            "company_id": event.company_id.id,
            "device_id": event.device_id.id,
            "enrolled_at": event.happened_at,
            "face_model": model[:MODEL_LENGTH],
            "consent_id": consent.id,
        }
        return self.sudo().create(vals).with_env(self.env)

    @api.model
    def _end(self, event):
        """The phone of the event has no portrait any more."""
        domain = [("user_id", "=", event.user_id.id), ("device_id", "=", event.device_id.id)]
        rows = self.sudo().search([*domain, ("ended_at", "=", False)])
        for row in rows:
            row._opened().ended_at = max(event.happened_at, row.enrolled_at)
        rows.flush_recordset()  # the index counts those that are in use
        return rows.with_env(self.env)

    @api.model
    def _require(self, user):
        """The consent that a face match of this person stands on.

        :raises FieldRejected: ``face_off`` where the policy has none, ``face_consent`` without one
        """
        policy = self.env["field.policy"]._get_for_users(user)[user.id]
        if not policy._has_face_match():
            message = self.env._("Your company's policy has no face match. Use another proof.")
            raise FieldRejected("face_off", message)
        Consent = self.env["field.consent"]
        if not Consent._get_states(user, TOPIC)[user.id]["valid"]:
            message = self.env._(
                "There is no consent to the face match, or it was withdrawn. Use another proof, or "
                "read the text and agree."
            )
            raise FieldRejected("face_consent", message)
        return Consent.sudo().search(
            [("user_id", "=", user.id), ("topic", "=", TOPIC), ("state", "=", "valid")], limit=1
        )


class FieldConsent(models.Model):
    _inherit = "field.consent"

    topic = fields.Selection(selection_add=[(TOPIC, "Face match")], ondelete={TOPIC: "cascade"})

    def _describe_withdrawal(self):
        if self.topic != TOPIC:
            return super()._describe_withdrawal()
        return self.env._(
            "The portrait is deleted from the phone; visits are proved in other ways."
        )

    def _get_title(self):
        return self.env._("Consent to face match") if self.topic == TOPIC else super()._get_title()


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {
            "face.enrol": self.env._("Face match set up"),
            "face.erase": self.env._("Portrait deleted from the phone"),
        }

    def _apply_face_enrol(self, payload):
        """face.enrol {model}: a portrait is on this phone, and stays there"""
        values = require_payload(payload, {"model": str})
        return self.env["field.face.enrolment"]._enrol(self, values["model"])

    def _apply_face_erase(self, payload):
        """face.erase {}: it is gone"""
        require_payload(payload, {})
        return self.env["field.face.enrolment"]._end(self)


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _me_values(self, user):
        """Whether the face match is offered, and whether the person agrees to it."""
        values = super()._me_values(user)
        policy = self.env["field.policy"]._get_for_users(user)[user.id]
        if not policy._has_face_match():
            return values
        state = self.env["field.consent"]._get_states(user, TOPIC)[user.id]
        face = {
            "valid": state["valid"],
            "version": state["version"],
            "sections": policy._get_consent_sections(user, user.lang or "en_US", TOPIC),
        }
        return values | {"face": face}
