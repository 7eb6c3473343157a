from odoo import api, fields, models

from ..tools.errors import FieldRejected
from ..tools.times import local_date, parse_instant


class FieldPolicy(models.Model):
    """Recordings of talks with customers: never without the policy, never without the customer's
    knowledge. A voice says more of a person than a photo, so it is off until somebody decides."""

    _inherit = "field.policy"

    audio_allowed = fields.Boolean(
        "Recordings of talks",
        help="Off: the app offers no recording, and the server keeps none that arrives.",
    )
    audio_minutes = fields.Integer(
        "Longest recording (min)",
        required=True,
        default=15,
        help="The app ends a recording by itself after so many minutes.",
    )
    audio_notice = fields.Char(
        "What the customer is told",
        help="The representative confirms that he said this before he can record. Empty takes the "
        "usual words in his language.",
    )

    _audio_range = models.Constraint(
        "CHECK(audio_minutes BETWEEN 1 AND 60)",
        "A recording can last from 1 to 60 minutes.",
    )
    _audio_kept_for_a_time = models.Constraint(
        "CHECK(audio_allowed IS NOT TRUE OR retention_audio_days > 0)",
        "Recordings need a number of days after which they are erased.",
    )

    def _get_consent_facts(self):
        facts = super()._get_consent_facts()
        return facts | ({"audio": True} if self.audio_allowed else {})

    def _consent_what(self):
        lines = super()._consent_what()
        if self.audio_allowed:
            lines.append(
                self.env._(
                    "Talks with customers that you record yourself, after telling them. The app "
                    "shows it in red while it records; nothing else switches the microphone on."
                )
            )
        return lines

    @api.model
    def _check_audio(self, device, captured_at):
        """Whether this person was allowed to record on the day of the recording.

        :param str captured_at: what the phone says, ISO 8601; else today counts
        :raises FieldRejected: ``audio_off``
        """
        try:
            moment = parse_instant(captured_at)
        except ValueError:
            moment = fields.Datetime.now()
        user = device.user_id
        Policy = self.sudo().with_company(device.company_id)
        day = local_date(moment, user._field_tz())
        policy = Policy._get_for_users(user, day)[user.id]
        if not policy.audio_allowed:
            raise FieldRejected(
                "audio_off",
                self.env._(
                    "Your company does not allow recordings of talks. Delete it from the phone."
                ),
            )
