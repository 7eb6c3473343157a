"""What the phone app shows of tracking: my day, what is recorded right now, questions, notes."""

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.field_base.tools import times
from odoo.addons.field_base.tools.collection import Collection, plain
from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import require_payload

#: So many days back are on the phone; asked about is what somebody may still remember.
DAYS = 3
QUESTION_DAYS = 14
LONGEST_LABEL = 60


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _collections(self):
        mine = ("user_id", "=", self.env.uid)
        return super()._collections() | {
            "track_state": Collection(
                "res.users", [("id", "=", self.env.uid)], rows=self._track_state, digest=True
            ),
            "track_days": Collection(
                "field.track.day",
                [mine, ("date", ">=", f"-{DAYS}d")],
                order="date desc, id desc",
                cap=DAYS + 1,
                rows=self._track_days,
                digest=True,
            ),
            "track_questions": Collection(
                "field.flag",
                [mine, ("state", "!=", "new"), ("date", ">=", f"-{QUESTION_DAYS}d")],
                order="date desc, id desc",
                cap=50,
                rows=self._track_questions,
                digest=True,
            ),
            "track_notes": Collection(
                "field.track.note",
                [mine, ("ended_at", "=", False)],
                order="id desc",
                cap=20,
                rows=self._track_notes,
                digest=True,
            ),
        }

    @api.model
    def _track_state(self, users):
        """What the server has of this person's whereabouts: the phones that send, the last place's
        time. To the minute, so that a pull brings no news every few seconds."""
        last = self.env["field.position.last"].sudo().search([("user_id", "in", users.ids)])
        devices = (
            self.env["field.device"]
            .sudo()
            .search([("user_id", "in", users.ids), ("state", "=", "active")])
        )
        return [
            {
                "id": user.id,
                "last_at": _minute(last.filtered(lambda row, u=user: row.user_id == u).ts),
                "devices": [
                    {
                        "id": device.id,
                        "name": device.name,
                        "kind": device.kind,
                        "last_contact": _minute(device.last_contact),
                    }
                    for device in devices.filtered(lambda one, u=user: one.user_id == u)
                ],
            }
            for user in users
        ]

    @api.model
    def _track_days(self, days):
        return [
            {
                "id": day.id,
                "date": plain(day.date),
                "distance_m": round(day.distance_m),
                "estimated_m": round(day.estimated_m),
                "fix_count": day.fix_count,
                "open": day._is_open_for_labels(),
                "items": day._get_app_items(),
            }
            for day in days.sudo().with_context(lang=self.env.user.lang)
        ]

    @api.model
    def _track_questions(self, flags):
        return [
            {
                "id": flag.id,
                "date": plain(flag.date),
                "question": flag.question,
                "honest_causes": flag.honest_causes or "",
                "state": flag.state,
                "tell_at": plain(flag.tell_at),
                "explanation": flag.explanation or "",
                "verdict_note": flag.verdict_note or "",
            }
            for flag in flags.sudo().with_context(lang=self.env.lang)
        ]

    @api.model
    def _track_notes(self, notes):
        return [{"id": note.id, "code": note.code, "text": note.text} for note in notes]


class FieldTrackDay(models.Model):
    _inherit = "field.track.day"

    def _is_open_for_labels(self):
        """Whether the policy still lets the person label this day."""
        last = self.date + timedelta(days=self._get_policy().label_days)
        return times.local_date(fields.Datetime.now(), self.tz) <= last

    def _get_app_items(self):
        """Stays, trips and gaps in the order of time, as small as can be."""
        words = self.stay_ids._get_words()
        items = [
            {
                "kind": "stay",
                "id": stay.id,
                "start": plain(stay.start),
                "end": plain(stay.end),
                "name": stay.partner_id.display_name or "",
                "label": words.get(stay.id, ""),
            }
            for stay in self.stay_ids
        ]
        for kind, rows in (("trip", self.trip_ids), ("gap", self.gap_ids)):
            items += [
                {
                    "kind": kind,
                    "id": row.id,
                    "start": plain(row.start),
                    "end": plain(row.end),
                    "distance_m": round(row.distance_m),
                }
                for row in rows
            ]
        return sorted(items, key=lambda item: (item["start"], item["end"]))


class FieldTrackLabel(models.Model):
    _inherit = "field.track.label"

    @api.model
    def _label_stay(self, user, start, kind, note):
        """A person's own word for one of his stays; a word he gave before is replaced.

        :param start: naive UTC: a moment of the stay; the rebuild may have made it anew meanwhile
        :raises FieldRejected: ``not_found`` ``bad_payload``
        """
        if kind not in dict(self._fields["kind"].selection) or kind == "private":
            raise FieldRejected("bad_payload", self.env._("A stay cannot be labelled like this."))
        domain = [("day_id.user_id", "=", user.id), ("start", "<=", start), ("end", ">", start)]
        stay = self.env["field.stay"].sudo().search(domain, limit=1)
        if not stay:
            raise FieldRejected("not_found", self.env._("This stay is not there any more."))
        vals = {"kind": kind, "note": (note or "").strip()[:LONGEST_LABEL]}
        span = [("start", "<", stay.end), ("end", ">", stay.start), ("kind", "!=", "private")]
        known = self.search([("day_id", "=", stay.day_id.id), *span], limit=1)
        if known:
            known.write(vals)
            return known
        return self.create({**vals, "day_id": stay.day_id.id, "start": stay.start, "end": stay.end})

    def _word(self):
        """What the person said, in the reader's language."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.note if self.kind == "other" and self.note else kinds[self.kind]


class FieldStay(models.Model):
    _inherit = "field.stay"

    def _get_words(self):
        """``{stay id: what the person says it was}``"""
        words = {}
        for stay in self:
            for label in stay.day_id.label_ids:
                if label.kind != "private" and label.start < stay.end and label.end > stay.start:
                    words[stay.id] = label._word()
        return words


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {
            "track.explain": self.env._("Question about a track answered"),
            "track.label": self.env._("Stay named"),
        }

    def _apply_track_explain(self, payload):
        """track.explain {flag_id, text}"""
        values = require_payload(payload, {"flag_id": int, "text": str})
        domain = [("id", "=", values["flag_id"]), ("user_id", "=", self.user_id.id)]
        flag = self.env["field.flag"].search(domain)
        if not flag:
            raise FieldRejected("not_found", self.env._("This question is gone."))
        return flag._do_explain(values["text"])

    def _apply_track_label(self, payload):
        """track.label {start, kind, note?}: start is the stay's, in ISO 8601"""
        values = require_payload(payload, {"start": str, "kind": str}, {"note": str})
        start = _moment(values["start"])
        if start is None:
            raise FieldRejected("bad_payload", self.env._("This stay has no time."))
        Label = self.env["field.track.label"]
        return Label._label_stay(self.user_id, start, values["kind"], values["note"])


def _minute(moment):
    return plain(moment.replace(second=0, microsecond=0)) if moment else None


def _moment(text):
    try:
        return fields.Datetime.to_datetime(text.replace("T", " ").removesuffix("Z"))
    except ValueError:
        return None
