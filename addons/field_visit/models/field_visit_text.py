"""The facts of a visit as sentences, in the language of the reader."""

from odoo import api, fields, models
from odoo.tools import format_datetime

#: The clocks of a phone differ by less than this many minutes while it is awake.
CLOCKS_AGREE_MIN = 2


class FieldVisit(models.Model):
    _inherit = "field.visit"

    check_in_summary = fields.Char("Check-in in words", compute="_compute_check_in_summary")
    check_out_summary = fields.Char("Check-out in words", compute="_compute_check_out_summary")
    duration_summary = fields.Char("Length in words", compute="_compute_duration_summary")
    presence_summary = fields.Char("Presence in words", compute="_compute_presence_summary")

    @api.depends("check_in_at", "check_in_verdict", "check_in_distance_m", "check_in_accuracy")
    @api.depends_context("lang")
    def _compute_check_in_summary(self):
        for visit in self:
            visit.check_in_summary = visit.check_in_at and visit._summarise("check_in")

    @api.depends("check_out_at", "check_out_verdict", "check_out_distance_m", "check_out_accuracy")
    @api.depends_context("lang")
    def _compute_check_out_summary(self):
        endings = {
            "fence": self.env._("forgotten, closed when the customer's place was left"),
            "next_visit": self.env._("closed by the next check-in"),
            "auto": self.env._("forgotten, closed at the end of the day"),
            "manager": self.env._("closed by the leader"),
        }
        for visit in self:
            ending = endings.get(visit.end_source)
            if ending and visit.check_out_at:
                visit.check_out_summary = f"{visit._format_time(visit.check_out_at)} · {ending}"
            else:
                visit.check_out_summary = visit.check_out_at and visit._summarise("check_out")

    @api.depends("check_out_at", "duration_min", "duration_device_min", "is_short")
    @api.depends_context("lang")
    def _compute_duration_summary(self):
        for visit in self:
            minutes = round(visit.duration_min)
            if not visit.check_out_at:
                visit.duration_summary = False
            elif visit.is_short:
                visit.duration_summary = self.env._(
                    "%(minutes)s minutes, shorter than agreed", minutes=minutes
                )
            else:
                visit.duration_summary = self.env._("%(minutes)s minutes", minutes=minutes)
            if visit._is_length_doubtful():
                visit.duration_summary = self.env._(
                    "%(summary)s (%(steady)s by the phone's steady clock, which rests while the "
                    "phone sleeps)",
                    summary=visit.duration_summary,
                    steady=round(visit.duration_device_min),
                )

    def _is_length_doubtful(self):
        """Whether the phone's two clocks disagree by more than a rest between two taps."""
        if not (self.check_out_at and self.duration_device_min):
            return False
        return abs(self.duration_min - self.duration_device_min) > CLOCKS_AGREE_MIN

    def _summarise(self, prefix):
        self.ensure_one()
        position = (self[f"{prefix}_lat"] or self[f"{prefix}_lng"]) and {
            "accuracy": self[f"{prefix}_accuracy"]
        }
        facts = {
            "verdict": self[f"{prefix}_verdict"],
            "distance_m": self[f"{prefix}_distance_m"],
            "radius_m": self.check_in_radius_m,
        }
        moment = self._format_time(self[f"{prefix}_at"])
        if not facts["verdict"]:
            return moment
        return f"{moment} · {self._describe_fence(facts, position, past=True)}"

    def _describe_fence(self, facts, position, past=False):
        """One sentence on where the representative is (or, in the past tense, was)."""
        words = {
            "distance": self._format_distance(facts["distance_m"]),
            "radius": self._format_distance(facts["radius_m"]),
            "accuracy": self._format_distance((position or {}).get("accuracy") or 0.0),
        }
        if facts["verdict"] == "inside":
            return self.env._(
                "At the customer: %(distance)s from the pin, GPS ±%(accuracy)s.", **words
            )
        if facts["verdict"] == "maybe":
            return self.env._(
                "Probably at the customer: %(distance)s from the pin, fence %(radius)s, "
                "GPS ±%(accuracy)s.",
                **words,
            )
        if facts["verdict"] == "outside":
            return self.env._(
                "%(distance)s away from the customer (fence %(radius)s, GPS ±%(accuracy)s).",
                **words,
            )
        return self._describe_unverifiable(facts, position, words, past)

    def _describe_unverifiable(self, facts, position, words, past):
        if not facts["verdict"]:
            return ""
        if not position:
            return self.env._("The position is not known.")
        if facts["distance_m"]:
            return self.env._(
                "The position is too rough to tell (GPS ±%(accuracy)s).", accuracy=words["accuracy"]
            )
        if past:
            return self.env._("The customer had no position on the map yet; this place was kept.")
        return self.env._("The customer has no position on the map yet; this place will be kept.")

    @api.depends("presence_state", "presence_start", "presence_end", "presence_min")
    @api.depends_context("lang")
    def _compute_presence_summary(self):
        for visit in self:
            visit.presence_summary = visit._describe_presence()

    def _describe_presence(self):
        self.ensure_one()
        if self.presence_state == "contradicted":
            return self.env._("The track shows another place at that time.")
        if self.presence_state == "unknown" or not self.presence_start:
            return self.env._("No track to compare with.")
        words = {
            "start": self._format_time(self.presence_start),
            "end": self._format_time(self.presence_end),
            "minutes": round(self.presence_min),
            "total": round(self.duration_min),
        }
        if not self.check_out_at:
            return self.env._("There from %(start)s to %(end)s by the track.", **words)
        return self.env._(
            "There from %(start)s to %(end)s by the track: %(minutes)s of %(total)s minutes.",
            **words,
        )

    def _format_time(self, moment):
        """Hour and minute where the visit was made, whoever reads it."""
        return format_datetime(self.env, moment, tz=self._get_tz(), dt_format="HH:mm")

    def _format_distance(self, metres):
        if not metres:
            return self.env._("0 m")
        if metres < 1000:
            return self.env._("%(metres)s m", metres=round(metres))
        return self.env._("%(km)s km", km=f"{metres / 1000:.1f}")
