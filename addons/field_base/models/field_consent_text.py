from datetime import timedelta

from odoo import models
from odoo.tools import format_list

from ..tools.canonical import canonical, sha256_hex
from .field_policy_privacy import RETENTION_FIELDS

# Raised when the wording changes its meaning: everybody is asked again.
TEXT_VERSION = 1


class FieldPolicy(models.Model):
    """The text people agree to, made of what the policy really does: it cannot contradict it."""

    _inherit = "field.policy"

    def _get_consent_facts(self):
        """What matters to the person; another value of any of these asks him again.

        Not in it: names, fences, who the policy is for. Modules and profiles add their own.
        """
        self.ensure_one()
        return {
            "tracking_level": self.tracking_level,
            "day_end_hour": self.day_end_hour,
            "lock": self.working_time_lock,
            "hours": self._get_consent_hours(),
            "viewers": self.track_viewers,
            "reason": self.access_reason_required,
            **{name: self[name] for name in RETENTION_FIELDS},
        }

    def _get_consent_hours(self):
        """The working hours positions are bound to, where the policy names them."""
        if self.working_time_lock not in ("calendar", "both"):
            return []
        return sorted(
            [line.dayofweek, line.hour_from, line.hour_to]
            for line in self.sudo().calendar_id.attendance_ids
        )

    def _get_consent_version(self, topic="work"):
        """The substance as 16 hex digits; the same in every language. Hook: other topics."""
        self.ensure_one()
        facts = {"text": TEXT_VERSION, "company": self.company_id.id, **self._get_consent_facts()}
        return self._hash_consent(canonical(facts))[:16]

    def _hash_consent(self, text):
        return sha256_hex(text)

    def _get_consent_text(self, sections):
        """The sections as plain text, as it is kept and hashed."""
        parts = ["\n".join([part["title"], *part["lines"]]) for part in sections]
        return "\n\n".join(parts)

    def _get_consent_sections(self, user, lang, topic="work"):
        """The text for one person in his language. Hook: other topics have texts of their own.

        :returns: ``[{"key", "title", "lines": [str]}]``
        """
        self.ensure_one()
        policy = self.sudo().with_context(lang=lang)
        return [
            {"key": key, "title": title, "lines": lines}
            for key, title, lines in (
                ("purpose", policy.env._("Who asks, and what for"), policy._consent_purpose()),
                ("what", policy.env._("What is recorded"), policy._consent_what()),
                ("when", policy.env._("When"), policy._consent_when()),
                ("who", policy.env._("Who sees it"), policy._consent_who()),
                ("keep", policy.env._("How long it is kept"), policy._consent_keep()),
                ("rights", policy.env._("Your rights"), policy._consent_rights()),
            )
        ]

    def _consent_purpose(self):
        return [
            self.env._(
                "%(company)s asks you to agree to the recording of your work in the field.",
                company=self.company_id.name,
            ),
            self.env._(
                "It serves to plan visits and routes, to prove work that was done, to pay mileage "
                "and expenses correctly, and to help when somebody is in trouble on the road. It "
                "does not serve to look into anybody's private life."
            ),
        ]

    def _consent_what(self):
        level = {
            "none": self.env._("Your way between visits is not recorded."),
            "check_in": self.env._(
                "A place is noted only when you check in or out and when you start or end your "
                "day. Your way in between is not recorded."
            ),
            "app": self.env._("Your position while the app is open on the screen."),
            "continuous": self.env._(
                "Your position all along the working day, also while the phone is in your pocket."
            ),
        }
        return [
            self.env._("Your working day: when it starts and ends, and where."),
            self.env._(
                "Your visits: check-in and check-out, what you enter, and the photos you take."
            ),
            level[self.tracking_level],
            self.env._(
                "The state of the phone, so that a gap has a cause: battery, permissions, version "
                "of the app, last contact."
            ),
        ]

    def _consent_when(self):
        if self.tracking_level in ("none", "check_in"):
            return [
                self.env._("Only at the moments named above. Nothing runs in the background."),
            ]
        lines = []
        if self.working_time_lock == "none":
            lines.append(
                self.env._(
                    "Whenever the app or the tracker on your phone sends positions, at any hour. "
                    "You can switch it off when you are off duty."
                )
            )
        if self.working_time_lock in ("workday", "both"):
            lines.append(
                self.env._(
                    "Only from the start to the end of your working day. You start and end it; if "
                    "it is forgotten, it ends by itself at %(hour)s.",
                    hour=_hour(self.day_end_hour),
                )
            )
        if self.working_time_lock in ("calendar", "both"):
            lines.append(
                self.env._("Only in your working hours; not on leave and public holidays.")
            )
        if self.working_time_lock != "none":
            lines.append(
                self.env._(
                    "What arrives from another time, or from a pause, is not kept: it is only "
                    "counted."
                )
            )
        return [*lines, self.env._("While positions are recorded, the app shows it.")]

    def _consent_who(self):
        lines = [
            self.env._(
                "Your working days and visits: the leaders above you, the administrators of field "
                "sales and its auditors."
            )
        ]
        if self.tracking_level not in ("none", "check_in"):
            viewers = {
                "leaders": self.env._("Your positions and tracks: the same people."),
                "direct": self.env._(
                    "Your positions and tracks: of the leaders only your direct one; "
                    "administrators and auditors."
                ),
                "admin": self.env._(
                    "Your positions and tracks: no leader, only administrators and auditors."
                ),
            }
            lines.append(viewers[self.track_viewers])
        lines.append(
            self.env._(
                "Each time somebody opens your live position, a track, a photo or a recording, his "
                "name and the time are noted. You can read this under “My data”."
            )
        )
        if self.access_reason_required:
            lines.append(self.env._("Whoever looks at positions or tracks must say why."))
        return lines

    def _consent_keep(self):
        labels = {
            "retention_position_days": self.env._("Positions"),
            "retention_track_days": self.env._("Tracks (stays, trips, gaps)"),
            "retention_place_days": self.env._("Places of check-ins"),
            "retention_photo_days": self.env._("Photos"),
            "retention_audio_days": self.env._("Recordings"),
            "retention_journal_days": self.env._("What the phone sent, word for word"),
            "retention_hours_days": self.env._("Working hours"),
            "retention_log_days": self.env._("Who looked at your data"),
        }
        kept = {label: self[name] for name, label in labels.items()}
        lines = [
            self.env._("%(what)s: %(days)s days", what=label, days=days)
            for label, days in kept.items()
            if days
        ]
        if self.retention_position_days:
            lines.append(
                self.env._("Positions go by whole months, once the month is past this time.")
            )
        if forever := [label for label, days in kept.items() if not days]:
            what = format_list(self.env, forever)
            lines.append(
                self.env._("Without a fixed time, until the company sets one: %(what)s", what=what)
            )
        return lines

    def _consent_rights(self):
        lines = [
            self.env._(
                "You may see and download all that is stored about you, have it corrected, object "
                "to it, and complain to the authority for data protection."
            ),
        ]
        if self.consent_required:
            lines.append(
                self.env._(
                    "Agreeing is voluntary. You may withdraw at any time without a disadvantage; "
                    "from that moment on only check-ins are recorded."
                )
            )
        return lines


def _hour(value):
    minutes = round(timedelta(hours=value).total_seconds() / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
