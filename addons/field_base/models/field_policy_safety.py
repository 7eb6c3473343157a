from odoo import fields, models


class FieldPolicy(models.Model):
    """Safety on the road: a call for help, and who hears it. Off until somebody decides."""

    _inherit = "field.policy"

    safety_sos = fields.Boolean(
        "SOS button",
        help="On every screen of the app. Held down, it tells the leader at once, with the place.",
    )
    safety_escalate_min = fields.Integer(
        "Next leader after (min)",
        required=True,
        default=5,
        help="When nobody has taken care of an alarm for so long, the leader above is told too, "
        "and after the last one the administrators.",
    )

    _safety_range = models.Constraint(
        "CHECK(safety_escalate_min BETWEEN 1 AND 240)",
        "The next leader is told after 1 to 240 minutes.",
    )

    def _get_consent_facts(self):
        facts = super()._get_consent_facts()
        return facts | ({"sos": True} if self.safety_sos else {})

    def _consent_what(self):
        lines = super()._consent_what()
        if self.safety_sos:
            lines.append(
                self.env._(
                    "When you call for help with the SOS button: your place at that moment, for "
                    "the leaders above you and the administrators."
                )
            )
        return lines
