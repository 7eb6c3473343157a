from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..tools.proofs import PICTURES, PROOF_STEPS, PROOFS
from odoo.addons.field_base.models.field_policy_trial import TrialHit
from odoo.addons.field_base.tools.geo import fence_verdict

_lt = LazyTranslate(__name__)

#: A fix this poor says little about where somebody was (metres).
POOR_FIX = 100


class FieldPolicy(models.Model):
    _inherit = "field.policy"

    fence_warn = fields.Integer(
        "Warn beyond (m)",
        required=True,
        default=0,
        help="Inside the fence but further away than this is marked, and the person is asked "
        "whether the pin is right. 0 never asks.",
    )
    fence_photo = fields.Selection(
        [
            ("none", "Not asked for"),
            ("exception", "When somebody insists"),
            ("outside", "Whenever outside the fence"),
        ],
        "Photo at the check-in",
        required=True,
        default="none",
        help="From the live camera, shown to the leader with the reason.",
    )
    fence_one_tap = fields.Boolean(
        "Check in with one tap",
        help="Inside the fence with an exact position, the tap on Check in is the check-in. Where "
        "something is asked or has to be told, the phone still opens the sheet.",
    )
    visit_block_check_out = fields.Boolean(
        "Required steps before check-out",
        help="A representative can end a visit only after every required step is done "
        "or has a reason why it could not be done.",
    )
    proof_mode = fields.Selection(
        [
            ("none", "Not asked for"),
            ("mark", "Missing proofs are marked"),
            ("block", "No check-out without them"),
        ],
        "Proofs of a visit",
        required=True,
        default="none",
    )
    proof_position = fields.Boolean(
        "Position at check-in",
        help="Without a position the check-in asks for a reason; where proofs are a must, it is "
        "an exception the leader sees.",
    )
    proof_photos = fields.Integer("Photos of a visit", required=True, default=0)
    proof_count = fields.Integer(
        "Proofs needed",
        required=True,
        default=0,
        help="So many of the proofs that count; 0 asks for none of them. Leave more than one way.",
    )
    proof_by_place = fields.Boolean("Place counts", help="Inside the fence, or the track says so.")
    proof_by_selfie = fields.Boolean("Selfie counts", help="From the live camera, kept as a photo.")
    proof_by_code = fields.Boolean(
        "Code of the customer counts", help="Printed for each customer, scanned at his place."
    )
    proof_by_word = fields.Boolean(
        "Word of the customer counts",
        help="He gets a code and a link by mail, tells the code or confirms by the link.",
    )
    proof_by_signature = fields.Boolean("Signature counts")
    proof_by_storefront = fields.Boolean(
        "Storefront counts", help="A photo that looks like the reference of the customer."
    )
    truth_hours = fields.Integer(
        "Hours to explain first",
        required=True,
        default=2,
        help="So long after a visit only the representative sees its truth score, and may explain "
        "it or add proofs.",
    )
    report_digest = fields.Selection(
        [
            ("none", "No digest"),
            ("day", "Every day, week and month"),
            ("week", "Every week and month"),
            ("month", "Every month"),
        ],
        "Digest of work reports",
        required=True,
        default="none",
        help="What a leader with this policy gets about his people, in the morning after.",
    )
    prospect_days = fields.Integer(
        "Days a find is protected",
        required=True,
        default=30,
        help="So long a prospect stays with who has found it; 0 protects nothing.",
    )
    customer_change = fields.Selection(
        [
            ("none", "Apply at once"),
            ("identity", "Name, tax number and closing need approval"),
            ("all", "All need approval"),
        ],
        "Proposed changes of customers",
        required=True,
        default="all",
    )

    customer_same = fields.Selection(
        [
            ("note", "Taken, and noted on the card"),
            ("ask", "Refused until the representative has said that it is another one"),
        ],
        "New customers who may be there already",
        required=True,
        default="note",
        help="Only customers whom the representative may see are compared.",
    )

    _truth_hours_range = models.Constraint(
        "CHECK(truth_hours BETWEEN 0 AND 72)", "Between 0 and 72 hours to explain a visit."
    )
    _prospect_days_range = models.Constraint(
        "CHECK(COALESCE(prospect_days, 0) BETWEEN 0 AND 365)",
        "A find is protected for up to 365 days.",
    )
    _proof_count_range = models.Constraint(
        # columns that came later are empty in older rows
        "CHECK(proof_count BETWEEN 0 AND "
        + " + ".join(f"COALESCE(proof_by_{kind}, false)::int" for kind in PROOFS)
        + ")",
        "Not more proofs can be asked for than there are that count.",
    )
    _fence_warn_range = models.Constraint(
        "CHECK(fence_warn BETWEEN 0 AND 20000)", "The warn radius must be between 0 and 20,000 m."
    )
    _proof_range = models.Constraint(
        "CHECK(proof_photos BETWEEN 0 AND 20)", "A visit can ask for up to 20 photos."
    )

    def _get_counting_proofs(self):
        """Kinds of proofs that count here, when any are asked for."""
        if self.proof_mode in (False, "none") or not self.proof_count:
            return []
        return [kind for kind in PROOFS if self[f"proof_by_{kind}"]]

    def _get_proof_steps(self):
        """Kinds of steps a visit gets for them."""
        return [kind for kind in self._get_counting_proofs() if kind in PROOF_STEPS]

    def _get_missing_steps(self, kinds):
        """Those of them that are not among ``kinds``, the steps a visit has; and one for the photos
        that every visit needs, where none of its steps takes any."""
        missing = [kind for kind in self._get_proof_steps() if kind not in kinds]
        wants_photos = self.proof_photos and self.proof_mode not in (False, "none")
        has_pictures = not kinds.isdisjoint(PICTURES) or not set(missing).isdisjoint(PICTURES)
        return ["photo", *missing] if wants_photos and not has_pictures else missing

    @api.model
    def _trial_checks(self):
        return super()._trial_checks() | {
            "fence": _lt("Check-ins outside the fence"),
            "short": _lt("Visits that are too short"),
            "proof": _lt("Visits with missing proofs"),
        }

    def _search_trial_visits(self, users, first, last, domain):
        domain = Domain(domain) & Domain("user_id", "in", users.ids)
        domain &= Domain("plan_date", ">=", first) & Domain("plan_date", "<=", last)
        domain &= Domain("channel", "=", "on_site") & Domain("company_id", "=", self.company_id.id)
        return self.env["field.visit"].search(domain & Domain("check_in_at", "!=", False))

    def _trial_fence(self, users, first, last):
        """Check-ins that a changed fence would ask a reason for, or refuse."""
        # a customer's own radius may be smaller than the policy's: all distances are looked at
        visits = self._search_trial_visits(users, first, last, [("check_in_distance_m", ">", 0)])
        hits = []
        for visit in visits:
            fence = self.env["field.fence.rule"]._resolve(visit.partner_id, self, self.company_id)
            verdict = fence_verdict(
                visit.check_in_distance_m,
                visit.check_in_accuracy,
                fence["radius"],
                self.fence_accuracy_cap,
            )
            if verdict == "outside" and fence["mode"] != "none":
                hits.append(self._make_fence_hit(visit, fence))
        return hits

    def _make_fence_hit(self, visit, fence):
        metres = {"distance": round(visit.check_in_distance_m), "radius": fence["radius"]}
        if fence["mode"] == "hard":
            note = self.env._("%(distance)s m away, %(radius)s m allowed: refused.", **metres)
        else:
            note = self.env._("%(distance)s m away, %(radius)s m allowed: a reason.", **metres)
        doubt = ""
        if visit.presence_state == "verified":
            doubt = self.env._("The track confirms the visit.")
        elif visit.check_in_accuracy > POOR_FIX:
            doubt = self.env._("The position was poor.")
        known = visit.check_in_verdict == "outside" and self._has_same(visit, "fence_mode")
        return TrialHit(visit, visit.plan_date, note, known, doubt)

    def _trial_short(self, users, first, last):
        domain = [("duration_min", "<", self.min_visit_minutes), ("state", "=", "done")]
        hits = []
        for visit in self._search_trial_visits(users, first, last, domain):
            note = self.env._(
                "%(minutes)s of %(wanted)s minutes.",
                minutes=round(visit.duration_min, 1),
                wanted=self.min_visit_minutes,
            )
            required = visit.step_ids.filtered("required")
            answered = required and all(step.state == "done" for step in required)
            doubt = self.env._("All required steps were done.") if answered else ""
            hits.append(TrialHit(visit, visit.plan_date, note, visit.is_short, doubt))
        return hits

    def _trial_proof(self, users, first, last):
        if self.proof_mode == "none":
            return []
        visits = self._search_trial_visits(users, first, last, [("state", "=", "done")])
        missing = visits._get_missing_proofs(self)
        return [
            TrialHit(
                visit,
                visit.plan_date,
                ", ".join(missing[visit.id]),
                known=visit.proof_missing and self._has_same(visit, "proof_mode"),
            )
            for visit in visits
            if missing[visit.id]
        ]
