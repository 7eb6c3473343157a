"""Steps that prove a visit: selfie, code of the customer, his word, his storefront.

Where the policy asks for "N of" such proofs, a visit gets the steps its procedure does not have.
"""

import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.proofs import LATER_PROOFS, PROOF_STEPS, WITNESSES
from .field_sop import STEP_KINDS
from odoo.addons.field_base.tools.errors import FieldRejected

_FIRST = 900


class FieldVisitStep(models.Model):
    _inherit = "field.visit.step"

    reference_photo_id = fields.Many2one(
        "field.visit.photo", "How it looked", compute="_compute_reference_photo_id"
    )
    reference_thumb = fields.Binary("Reference", compute="_compute_reference_photo_id")

    def _compute_reference_photo_id(self):
        """The picture to hold the new one beside, for those who may see that picture."""
        found = self.env["field.visit.photo"].search(
            [("partner_id", "in", self.visit_id.partner_id.ids), ("is_reference", "=", True)]
        )
        by_key = {(photo.partner_id, photo.reference_key): photo for photo in found}
        for step in self:
            key = "storefront" if step.kind == "storefront" else step.key
            photo = by_key.get((step.visit_id.partner_id, key), found.browse())
            step.reference_photo_id = photo
            step.reference_thumb = photo.thumb

    @api.model
    def _copy_from_procedure(self, visit):
        steps = super()._copy_from_procedure(visit)
        policy = visit.policy_id.sudo()
        missing = []
        if visit.channel == "on_site":
            missing = policy._get_missing_steps(set(steps.mapped("kind")))
        if not missing:
            return steps
        made = (
            self.sudo()
            ._with_evidence()
            .create(
                [
                    {
                        "visit_id": visit.id,
                        "key": f"proof-{kind}",
                        "name": kind,
                        "kind": kind,
                        "sequence": _FIRST + LATER_PROOFS.index(kind),
                        "min_photos": policy.proof_photos if kind == "photo" else 1,
                    }
                    for kind in missing
                ]
            )
        )
        made._name_after_kind()
        visit.invalidate_recordset(["step_ids"], flush=False)
        return steps | made.with_env(self.env)

    def _name_after_kind(self):
        """The name of the kind, in every language that is installed."""
        self.flush_recordset()
        words = {}
        for code, _name in self.env["res.lang"].get_installed():
            labels = self._fields["kind"]._description_selection(self.with_context(lang=code).env)
            words[code] = dict(labels)
        english = dict(STEP_KINDS)
        for step in self:
            names = {"en_US": english[step.kind]}
            names |= {code: labels[step.kind] for code, labels in words.items()}
            self.env.cr.execute(
                SQL(
                    "UPDATE field_visit_step SET name = %s::jsonb WHERE id = %s",
                    json.dumps(names),
                    step.id,
                )
            )
        self.invalidate_recordset(["name"], flush=False)

    def _do_done(self, *args, value=None, **kwargs):
        """:raise FieldRejected: code_wrong, word_wrong"""
        if self.kind not in WITNESSES or self.state == "done":
            return super()._do_done(*args, value=value, **kwargs)
        self._check_can_answer(kwargs.get("at") or fields.Datetime.now())
        self._check_order()
        given = value if value is not None else self.value
        if self.kind == "code":
            self._check_customer_code(given)
        else:
            self.env["field.visit.word"]._check_code(self.visit_id, given)
        # neither is kept: a code that is written down could be used again
        result = super()._do_done(*args, value=False, **kwargs)
        self.visit_id._with_evidence().is_witnessed = True
        return result

    def _check_customer_code(self, text):
        partner = self.env["res.partner"].sudo()._find_by_field_code(text)
        if not partner or partner != self.visit_id.partner_id.sudo():
            raise FieldRejected(
                "code_wrong",
                self.env._(
                    "This is no valid code of %(customer)s.",
                    customer=self.visit_id.partner_id.display_name,
                ),
            )

    def _is_proof(self, by_phone=False):
        """A storefront proves nothing where it does not look like the reference, a face only where
        it looks like the portrait; and no picture does that never came.

        :param by_phone: as the phone sees it, that holds no storefronts beside each other; twin of
            ``isProof``
        """
        photos = self.photo_ids
        if photos and all(photo.is_lost for photo in photos):
            return False
        if self.kind == "face":
            return self.face_match == "same"
        if self.kind != "storefront" or by_phone:
            return True
        # without a reference nobody can say
        return bool(photos) and not any(photo.match == "different" for photo in photos)

    def action_ask_word(self):
        """Mail a code and a link to the customer of the visit.

        :raise FieldRejected: no_email, not_checked_in, forbidden
        """
        self.ensure_one()
        self._check_can_answer(fields.Datetime.now())
        self.env["field.visit.word"]._ask(self.visit_id)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The customer has been sent a code."),
            },
        }


class FieldVisit(models.Model):
    _inherit = "field.visit"

    is_witnessed = fields.Boolean(
        "Confirmed at the customer's",
        readonly=True,
        copy=False,
        help="The code of the customer was scanned there, or he confirmed the visit himself.",
    )
    word_ids = fields.One2many("field.visit.word", "visit_id", "Word of the customer")
    is_denied = fields.Boolean(
        "Denied by the customer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The customer says that this visit did not take place.",
    )

    def _take_word(self, word):
        """The customer has answered by the link, during the visit or after it."""
        self.ensure_one()
        visit = self.sudo()._with_evidence()
        if word.state == "denied":
            visit.is_denied = True
            return
        visit.write({"is_witnessed": True, "is_denied": False})
        steps = visit.step_ids.filtered(lambda step: step.kind == "word" and step.state == "todo")
        steps._with_evidence().write({"state": "done", "answered_at": word.answered_at})
        visit._look_at_proofs_again()

    def _get_given_proofs(self, by_phone=False):
        """Kinds of proofs this visit has; what is on its way from the phone counts.

        :param by_phone: see the step's ``_is_proof``
        """
        self.ensure_one()
        steps = self.sudo().step_ids.filtered(
            lambda step: step.state == "done" and step.kind in PROOF_STEPS
        )
        given = {step.kind for step in steps if step._is_proof(by_phone)}
        fence = self.fence_now or self.check_in_verdict
        if fence in ("inside", "maybe") or self.presence_state == "verified":
            given.add("place")
        if self.word_ids.filtered(lambda word: word.state == "confirmed"):
            given.add("word")
        return given

    def _look_at_proofs_again(self):
        """Something has arrived after the check-out: is a proof still missing?"""
        for visit in self.sudo().filtered(lambda v: v.state == "done" and v.policy_id):
            policy = visit.policy_id
            if policy.proof_mode in ("mark", "block"):
                missing = bool(visit._get_missing_proofs(policy)[visit.id])
                if visit.proof_missing != missing:
                    visit._with_evidence().proof_missing = missing
