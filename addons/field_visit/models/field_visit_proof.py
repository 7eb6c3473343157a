from odoo import fields, models

from ..tools.proofs import PROOFS
from odoo.addons.field_base.tools.errors import FieldRejected


class FieldVisit(models.Model):
    """Proofs the policy asks of every visit, whatever its procedure."""

    _inherit = "field.visit"

    proof_missing = fields.Boolean(
        "Proof missing", readonly=True, copy=False, help="The policy had asked for more."
    )

    def _get_missing_proofs(self, policy):
        """What each visit lacks under a policy, in words; photos count that are on their way.

        :returns: ``{visit.id: [text]}``
        """
        groups = self.env["field.visit.photo"]._read_group(
            [("visit_id", "in", self.ids), ("is_lost", "=", False)], ["visit_id"], ["__count"]
        )
        photos = {visit.id: count for visit, count in groups}
        return {
            visit.id: visit._list_missing_proofs(policy, photos.get(visit.id, 0)) for visit in self
        }

    def _list_missing_proofs(self, policy, photos):
        if self.channel != "on_site":
            return []
        missing = []
        if policy.proof_position and not (self.check_in_lat or self.check_in_lng):
            missing.append(self.env._("Position of the check-in"))
        if photos < policy.proof_photos:
            missing.append(
                self.env._("%(have)s of %(wanted)s photos", have=photos, wanted=policy.proof_photos)
            )
        counting = set(policy._get_counting_proofs())
        given = self._get_given_proofs() & counting if counting else set()
        if len(given) < policy.proof_count and counting:
            missing.append(self._describe_missing_proofs(len(given), policy, counting - given))
        return missing

    def _describe_missing_proofs(self, have, policy, ways):
        """How many are missing, and in which ways they can still be given."""
        words = dict(self.env["field.visit.step"]._fields["kind"]._description_selection(self.env))
        words["place"] = self.env._("Place")
        names = [words[kind] for kind in PROOFS if kind in ways]
        return self.env._(
            "%(have)s of %(wanted)s proofs (possible: %(ways)s)",
            have=have,
            wanted=policy.proof_count,
            ways=", ".join(names),
        )

    def _check_proofs(self, end_source):
        """Values of a check-out under the policy's proofs.

        An end the system assumes is marked, never refused. A position that is missing since the
        check-in had its reason there and cannot be mended now.

        :raise FieldRejected: proof_missing
        """
        policy = self.policy_id.sudo()
        if policy.proof_mode in (False, "none"):
            return {}
        domain = [("visit_id", "=", self.id), ("is_lost", "=", False)]
        photos = self.env["field.visit.photo"].sudo().search_count(domain)
        if policy.proof_mode == "block" and end_source == "user":
            self._check_proof_photos(policy, photos)
            self._check_proof_count(policy)
        return {"proof_missing": bool(self._list_missing_proofs(policy, photos))}

    def _check_proof_photos(self, policy, photos):
        """:raise FieldRejected: proof_missing"""
        if self.channel == "on_site" and photos < policy.proof_photos:
            raise FieldRejected(
                "proof_missing",
                self.env._(
                    "%(customer)s: %(have)s of %(wanted)s photos are there. Take the others, then "
                    "check out.",
                    customer=self.partner_id.display_name,
                    have=photos,
                    wanted=policy.proof_photos,
                ),
            )

    def _check_proof_count(self, policy):
        """:raise FieldRejected: proof_missing"""
        counting = set(policy._get_counting_proofs()) if self.channel == "on_site" else set()
        given = self._get_given_proofs(by_phone=True) & counting if counting else set()
        if counting and len(given) < policy.proof_count:
            raise FieldRejected(
                "proof_missing",
                self.env._(
                    "%(customer)s: %(missing)s. Add them, then check out.",
                    customer=self.partner_id.display_name,
                    missing=self._describe_missing_proofs(len(given), policy, counting - given),
                ),
            )
