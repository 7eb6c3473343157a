"""Face match: one of several ways to prove a visit, off by default, never the only one."""

from odoo import fields, models

from ..tools.proofs import PROOF_STEPS
from odoo.addons.field_base.tools.canonical import canonical

# Raised when the wording changes its meaning: everybody is asked again.
_TEXT_VERSION = 1
#: What a person can always do instead; the place is not in his hand.
_OTHERS = tuple(kind for kind in PROOF_STEPS if kind != "face")


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    proof_by_face = fields.Boolean(
        "Face match counts",
        help="The phone compares a selfie with a portrait that never leaves it. Each person agrees "
        "to it on his own, and may always prove a visit in another way.",
    )
    face_provider = fields.Selection(
        [("phone", "The person's phone")],
        "Faces are compared by",
        required=True,
        default="phone",
    )
    face_limit = fields.Float(
        "Largest distance of two faces",
        required=True,
        default=0.5,
        digits=(4, 2),
        help="0 is the same picture. The model was made so that one person's pictures lie within "
        "0.6; 0.5 is stricter, since it has been measured with other people than yours.",
    )
    face_sample = fields.Integer(
        "Selfies looked at anyway (%)",
        required=True,
        default=5,
        help="So many of the visits with a face match stand in the leader's queue by chance.",
    )

    _face_never_alone = models.Constraint(
        # columns that came later are empty in older rows
        "CHECK(proof_by_face IS NOT TRUE OR GREATEST(proof_count, 1) <= "
        + " + ".join(f"COALESCE(proof_by_{kind}, false)::int" for kind in _OTHERS)
        + ")",
        "A face match can never be the only way: let as many other proofs count (selfie, code, "
        "word, signature, storefront) as a visit needs.",
    )
    _face_range = models.Constraint(
        "CHECK(face_limit BETWEEN 0.3 AND 0.7 AND face_sample BETWEEN 0 AND 100)",
        "The distance of two faces lies between 0.3 and 0.7, the share that is looked at between 0 "
        "and 100 %.",
    )
    _face_kept_for_a_time = models.Constraint(
        "CHECK(proof_by_face IS NOT TRUE OR retention_photo_days > 0)",
        "Face match needs a number of days after which photos are erased.",
    )

    def _has_face_match(self):
        return "face" in self._get_counting_proofs()

    # --- the consent to it ---------------------------------------------------------------------

    def _get_consent_version(self, topic="work"):
        if topic != "face":
            return super()._get_consent_version(topic)
        self.ensure_one()
        facts = {
            "text": _TEXT_VERSION,
            "topic": topic,
            "company": self.company_id.id,
            "by": self.face_provider,
            "photos": self.retention_photo_days,
            "sample": bool(self.face_sample),
        }
        return self._hash_consent(canonical(facts))[:16]

    def _get_consent_sections(self, user, lang, topic="work"):
        if topic != "face":
            return super()._get_consent_sections(user, lang, topic)
        self.ensure_one()
        policy = self.sudo().with_context(lang=lang)
        return [
            {"key": key, "title": title, "lines": lines}
            for key, title, lines in (
                ("purpose", policy.env._("What for"), policy._face_purpose()),
                ("what", policy.env._("What happens on your phone"), policy._face_on_phone()),
                ("sent", policy.env._("What the company gets"), policy._face_sent()),
                ("keep", policy.env._("How long it is kept"), policy._face_keep()),
                ("rights", policy.env._("Your rights"), policy._face_rights()),
            )
        ]

    def _face_purpose(self):
        return [
            self.env._(
                "%(company)s offers you to prove a visit with your face: the phone compares a "
                "selfie with a portrait of you.",
                company=self.company_id.name,
            ),
            self.env._(
                "It is one way among others. If you do not want it, prove your visits in another "
                "way; you have no disadvantage."
            ),
        ]

    def _face_on_phone(self):
        return [
            self.env._(
                "Out of your portrait the phone makes 128 numbers. They say how your face looks to "
                "a machine, and are sensitive personal data."
            ),
            self.env._(
                "The numbers stay on this phone, encrypted. They are never sent, to nobody. The "
                "portrait itself is not kept."
            ),
        ]

    def _face_sent(self):
        lines = [
            self.env._("That you have set up the face match: since when, and on which phone."),
            self.env._(
                "With each proof: the selfie as a photo of the visit, how far it was from your "
                "portrait (one number), and the version of the model."
            ),
        ]
        if self.face_sample:
            lines.append(
                self.env._(
                    "Your leader looks at some of the selfies, chosen by chance, and at those "
                    "that did not match."
                )
            )
        return lines

    def _face_keep(self):
        return [
            self.env._(
                "The numbers: until you withdraw your consent, leave the app, or the phone is "
                "wiped."
            ),
            self.env._(
                "Selfies and distances: %(days)s days, as other photos.",
                days=self.retention_photo_days,
            ),
        ]

    def _face_rights(self):
        return [
            self.env._(
                "Agreeing is voluntary. You may withdraw at any time: the numbers are deleted from "
                "your phone at once."
            ),
            self.env._(
                "You may see and download all that is stored about you, have it corrected, object "
                "to it, and complain to the authority for data protection."
            ),
        ]
