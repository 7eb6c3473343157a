from odoo import fields, models


class FieldPolicy(models.Model):
    """Some visits, drawn by chance, are looked at by a second person."""

    _inherit = "field.policy"

    second_look_share = fields.Integer(
        "Second looks (%)",
        required=True,
        default=0,
        help="So many of a hundred finished visits are drawn by chance for a second person; 0 for "
        "none.",
    )
    second_look_by = fields.Selection(
        [("leader", "Another leader"), ("colleague", "A colleague of the same leader")],
        "Looked at by",
        required=True,
        default="leader",
        help="Another leader: somebody above the person, not the direct leader if there is "
        "anybody else. Never the person himself, nor who was with him.",
    )
    second_visit_share = fields.Integer(
        "Of them visited again (%)",
        required=True,
        default=0,
        help="So many of a hundred drawn visits also get a second visit by a colleague, planned "
        "within a week.",
    )

    _second_look_range = models.Constraint(
        "CHECK(COALESCE(second_look_share, 0) BETWEEN 0 AND 100"
        " AND COALESCE(second_visit_share, 0) BETWEEN 0 AND 100)",
        "A share lies between 0 and 100 percent.",
    )

    def _get_consent_facts(self):
        """Only where it happens: else nobody has to read and sign anew."""
        facts = super()._get_consent_facts()
        if self.second_look_share:
            facts["second_look"] = self.second_look_by
        return facts

    def _consent_who(self):
        lines = super()._consent_who()
        if not self.second_look_share:
            return lines
        who = {
            "leader": self.env._("another leader above you"),
            "colleague": self.env._("a colleague of the same leader"),
        }
        return [
            *lines,
            self.env._(
                "%(share)s of 100 finished visits, drawn by chance: %(who)s sees the customer, "
                "what you entered and the photos, not where you were, and says whether it fits.",
                share=self.second_look_share,
                who=who[self.second_look_by],
            ),
        ]
