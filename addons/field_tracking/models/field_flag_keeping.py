from odoo import api, models
from odoo.fields import Domain

from odoo.addons.field_base.tools.data_part import DataPart
from odoo.addons.field_base.tools.erased import erased


class FieldRetention(models.AbstractModel):
    """Questions name places and go with the tracks; what tells a replay goes with the positions."""

    _inherit = "field.retention"

    @api.model
    def _erase_track(self, company, users, cutoff, limit):
        domain = self._mine(company, users) & Domain("date", "<", cutoff.date())
        flags = self.env["field.flag"].search(domain, order="id", limit=limit)
        what = erased(flags._name, [(f.start, f"{f.id} {f.rule_id.code}") for f in flags])
        flags.unlink()
        notes = self.env["field.track.note"].search(
            self._mine(company, users) & Domain("at", "<", cutoff), order="id", limit=limit
        )
        words = erased(notes._name, [(n.at, f"{n.id} {n.code}") for n in notes])
        notes.unlink()
        alerts = self.env["field.zone.alert"].search(
            self._mine(company, users) & Domain("at", "<", cutoff), order="id", limit=limit
        )
        moves = erased(alerts._name, [(a.at, f"{a.id} {a.kind} {a.zone_id.id}") for a in alerts])
        alerts.unlink()
        return [*super()._erase_track(company, users, cutoff, limit), what, words, moves]

    @api.model
    def _erase_position(self, company, users, cutoff, limit):
        domain = self._mine(company, users) & Domain("date", "<", cutoff.date())
        kept = Domain("replay_print", "!=", False) | Domain("way", "!=", False)
        days = self.env["field.track.day"].sudo().search(domain & kept)
        days.write({"replay_print": False, "way": False})
        return super()._erase_position(company, users, cutoff, limit)


class FieldPrivacy(models.AbstractModel):
    _inherit = "field.privacy"

    def _get_data_parts(self):
        return [
            *super()._get_data_parts(),
            DataPart(
                "track_questions",
                "field.flag",
                ("date", "rule_id", "state", "start", "end", "explanation", "verdict_note"),
                self.env._("Questions about tracks"),
                retention="retention_track_days",
            ),
            DataPart(
                "phone_notes",
                "field.track.note",
                ("at", "code", "ended_at"),
                self.env._("Words about the phone"),
                retention="retention_track_days",
            ),
            DataPart(
                "zone_alerts",
                "field.zone.alert",
                ("at", "zone_id", "kind"),
                self.env._("Zone alerts"),
                retention="retention_track_days",
            ),
            DataPart(
                "track_records",
                "field.track.record",
                ("date", "made_at", "content"),
                self.env._("Records of tracked days"),
                retention="retention_track_days",
            ),
        ]
