"""A face match: the phone has compared, the rules here decide, people look at some of it."""

import secrets

from odoo import api, fields, models
from odoo.fields import Domain

from .field_face_enrolment import MODEL_LENGTH
from odoo.addons.field_base.tools.erased import erased
from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import is_number

#: Descriptors of the model have length 1 at most: nothing lies farther away.
_FARTHEST = 2.0


class FieldFaceProvider(models.AbstractModel):
    """Who compares faces. Built in: the person's own phone, which sends what it has measured.

    Another one adds its kind to ``field.policy.face_provider`` and a method ``_measure_<kind>``. It
    gets the selfie of the step, never a template: those stay on the phone.
    """

    _name = "field.face.provider"
    _description = "Comparison of faces"

    @api.model
    def _measure(self, step, sent):
        """How far the face of the selfie is from the person's portrait.

        :param dict sent: what came from the phone, unchecked
        :returns: ``{"distance": float, "model": str}``
        :raises FieldRejected: ``face_missing``, ``bad_payload``
        """
        kind = step.visit_id.policy_id.sudo().face_provider or "phone"
        return getattr(self, f"_measure_{kind}")(step, sent)

    @api.model
    def _measure_phone(self, step, sent):
        if not sent:
            raise FieldRejected(
                "face_missing",
                self.env._("A face is compared by the field app on the phone."),
            )
        distance, model = sent.get("distance"), sent.get("model")
        if not (is_number(distance) and 0 <= distance <= _FARTHEST):
            message = self.env._("“%(field)s” must be a number.", field="distance")
            raise FieldRejected("bad_payload", message)
        if not (isinstance(model, str) and 0 < len(model) <= MODEL_LENGTH):
            raise FieldRejected("bad_payload", self.env._("“%(field)s” is missing.", field="model"))
        return {"distance": float(distance), "model": model}


class FieldVisitStep(models.Model):
    _inherit = "field.visit.step"

    face_match = fields.Selection(
        [("same", "The same person"), ("different", "Not alike enough")],
        "Face",
        readonly=True,
        copy=False,
    )
    face_distance = fields.Float(
        "Distance of the faces", digits=(4, 3), readonly=True, copy=False, aggregator="avg"
    )
    face_limit = fields.Float("Largest allowed", digits=(4, 2), readonly=True, copy=False)
    face_model = fields.Char("Compared by", readonly=True, copy=False)

    def _do_done(self, *args, face=None, **kwargs):
        """A face match is done with a selfie and what it was measured with.

        :param dict face: ``{"distance": 0.41, "model": "face-api 1.7.15"}``
        :raise FieldRejected: face_off, face_consent, face_missing, bad_payload
        """
        if self.kind != "face" or self.state == "done":
            return super()._do_done(*args, **kwargs)
        self._check_can_answer(kwargs.get("at") or fields.Datetime.now())
        visit = self.visit_id
        self.env["field.face.enrolment"]._require(visit.user_id)
        measured = self.env["field.face.provider"]._measure(self, face)
        result = super()._do_done(*args, **kwargs)
        self._judge_face(measured)
        return result

    def _judge_face(self, measured):
        """The server decides, by the rules the visit began with."""
        policy = self.visit_id.policy_id.sudo()
        match = "same" if measured["distance"] <= policy.face_limit else "different"
        self._with_evidence().write(
            {
                "face_match": match,
                "face_distance": measured["distance"],
                "face_limit": policy.face_limit,
                "face_model": measured["model"],
            }
        )
        # a picture that does not match proves nothing in the truth score either
        self.photo_ids.sudo().match = match
        self.visit_id._note_face(match, policy.face_sample)

    def _get_report_answer(self):
        parts = [super()._get_report_answer()]
        if self.face_match:
            parts.append(
                dict(self._fields["face_match"]._description_selection(self.env))[self.face_match]
            )
        return "\n".join(filter(None, parts))


class FieldVisit(models.Model):
    _inherit = "field.visit"

    face_review = fields.Selection(
        [
            ("different", "The face does not match"),
            ("sample", "Selfie to look at, chosen by chance"),
        ],
        "Look at the face",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    def _note_face(self, match, share):
        """What did not match is looked at, and a share of the rest."""
        self.ensure_one()
        if match == "different":
            self._with_evidence().face_review = "different"
        elif not self.face_review and secrets.randbelow(100) < share:
            self._with_evidence().face_review = "sample"


class FieldRetention(models.AbstractModel):
    _inherit = "field.retention"

    @api.model
    def _erase_photo(self, company, users, cutoff, limit):
        """What was measured goes with the selfies; whether it matched stays with the visit."""
        domain = Domain("visit_id.company_id", "=", company.id)
        domain &= Domain("visit_id.user_id", "in", users.ids) & Domain("face_match", "!=", False)
        domain &= Domain("answered_at", "<", cutoff) & Domain("face_model", "!=", False)
        steps = self.env["field.visit.step"].search(domain, order="id", limit=limit)
        facts = [(s.answered_at, f"{s.id} {s.face_distance} {s.face_model}") for s in steps]
        what = erased(steps._name, facts)
        steps._with_evidence().write({"face_distance": 0, "face_model": False})
        steps.flush_recordset()
        return [*super()._erase_photo(company, users, cutoff, limit), what]
