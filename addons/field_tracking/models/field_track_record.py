"""A day as it stood when somebody needed it for a dispute: frozen, sealed, handed out as PDF."""

import base64
import hashlib
import json
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.texts import local_clock
from ..tools.track_sketch import draw
from odoo.addons.field_base.tools import merkle, pdf
from odoo.addons.field_base.tools.canonical import canonical
from odoo.addons.field_base.tools.erased import erased


class FieldTrackRecord(models.Model):
    """Figures, stays, trips and gaps of one day, and the SHA-256 of its raw positions."""

    _name = "field.track.record"
    _description = "Record of a tracked day"
    _inherit = ["field.scope.mixin", "field.evidence.mixin", "field.access.mixin"]
    _order = "id desc"
    _log_access = False
    _evidence_columns = ("user_id", "company_id", "date", "tz", "made_at", "content")

    user_id = fields.Many2one(readonly=True)
    company_id = fields.Many2one(readonly=True)
    date = fields.Date(required=True, readonly=True)
    tz = fields.Char(required=True, readonly=True)
    made_at = fields.Datetime(required=True, readonly=True)
    made_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    content = fields.Text(required=True, readonly=True, help="Canonical JSON.")

    @api.depends("user_id", "date")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.user_id.sudo().name or ''} {record.date or ''}".strip()

    def _field_evidence_title(self):
        """As for every subject of evidence."""
        self.ensure_one()
        return self.env._("Tracked day: %(name)s", name=self.display_name)

    def _content(self):
        self.ensure_one()
        return json.loads(self.content)


class FieldTrackDay(models.Model):
    _inherit = "field.track.day"

    def action_evidence_file(self):
        """Freeze this day and hand it out as a PDF whose code anybody can verify."""
        self.ensure_one()
        self.check_access("read")
        if not self.fix_count:
            raise UserError(self.env._("There are no positions on this day."))
        record = self.sudo()._freeze(self.env.user)
        proof = self.env["field.proof"]._issue_track(record)
        return {
            "type": "ir.actions.act_url",
            "url": f"/field/evidence/{proof.code}.pdf",
            "target": "new",
        }

    def _freeze(self, user):
        return self.env["field.track.record"].create(
            {
                "user_id": self.user_id.id,
                "company_id": self.company_id.id,
                "date": self.date,
                "tz": self.tz,
                "made_at": fields.Datetime.now(),
                "made_by_id": user.id,
                "content": canonical(self._prepare_frozen()),
            }
        )

    def _prepare_frozen(self):
        raw = self._read_fixes()
        digest = hashlib.sha256()
        for name in sorted(raw):
            digest.update(name.encode() + raw[name].tobytes())
        figures = ("distance_m", "measured_m", "estimated_m", "fix_count", "used_count")
        return {
            "figures": {name: self[name] for name in figures} | {"method": self.distance_method},
            "stays": [
                {**_span(s), "lat": s.lat, "lng": s.lng, "name": s.partner_id.display_name or ""}
                for s in self.stay_ids.sorted("start")
            ],
            "trips": [
                {**_span(t), "distance_m": t.distance_m, "estimated_m": t.estimated_m}
                for t in self.trip_ids.sorted("start")
            ],
            "gaps": [
                {
                    **_span(g),
                    "cause": g.cause,
                    "from": [g.from_lat, g.from_lng],
                    "to": [g.to_lat, g.to_lng],
                }
                for g in self.gap_ids.sorted("start")
            ],
            "way": [
                [
                    [round(lat, 6), round(lng, 6)]
                    for lat, lng in zip(piece["lat"], piece["lng"], strict=True)
                ]
                for piece in self._get_way()
            ],
            "positions_sha256": digest.hexdigest(),
        }


def _span(row):
    return {"start": row.start.isoformat() + "Z", "end": row.end.isoformat() + "Z"}


class FieldSeal(models.Model):
    _inherit = "field.seal"

    @api.model
    def _sealed_models(self):
        return [*super()._sealed_models(), "field.track.record"]


class FieldProof(models.Model):
    _inherit = "field.proof"

    @api.model
    def _issue_track(self, record):
        """Evidence of a frozen day the caller may read.

        :returns: field.proof (sudo)
        """
        record.with_env(self.env).check_access("read")
        record = record.sudo()
        content = [[record._name, record.id, record._evidence_digests()[record.id]]]
        return self.sudo().create(
            {
                "code": base64.b32encode(secrets.token_bytes(15)).decode().lower(),
                "res_model": record._name,
                "res_id": record.id,
                "company_id": record.company_id.id,
                "user_id": record.user_id.id,
                "content": content,
                "fingerprint": merkle.root([digest for _model, _id, digest in content]),
            }
        )

    def _check(self):
        result = super()._check()
        records = self._rows([tuple(item) for item in self.content], "field.track.record")
        for seal in records.seal_id:
            result["findings"] += seal._check_self()
        result["seals"] |= records.seal_id
        if result["findings"]:
            result["state"] = "altered"
        return result

    def _as_json(self):
        data = super()._as_json()
        records = self._rows([tuple(item) for item in self.content], "field.track.record")
        return data | {"days": [self._row_json(record) for record in records]} if records else data

    def _as_pdf(self):
        if self.res_model != "field.track.record":
            return super()._as_pdf()
        record = self.env["field.track.record"].sudo().browse(self.res_id)
        data = record._content()
        story = [
            pdf.paragraph(self.env._("Record of a tracked day"), "title"),
            pdf.paragraph(f"{record.user_id.name} · {record.date} ({record.tz})", "heading"),
            *self._track_head(record, data),
            *self._track_sketch(data),
            *self._track_timeline(record, data),
            *self._track_hashes(record, data),
        ]
        return pdf.build(self.code, story, footer=self._url())

    def _track_head(self, record, data):
        figures = data["figures"]
        rows = [
            [self.env._("Company"), record.company_id.name],
            [self.env._("Distance"), f"{figures['distance_m'] / 1000:.1f} km"],
            [self.env._("Of which estimated"), f"{figures['estimated_m'] / 1000:.1f} km"],
            [self.env._("Positions"), f"{figures['fix_count']} ({figures['used_count']})"],
            [self.env._("Issued"), self._moment(record.made_at)],
            [self.env._("Code"), self.code],
        ]
        note = self.env._(
            "Scan the code to see whether this record still stands in the system unchanged. It "
            "shows what a phone reported, not where a person was: gaps are unknown, not absence."
        )
        return [
            pdf.gap(),
            pdf.table(rows, [1, 3], header=False),
            pdf.gap(),
            self._qr(self._url()),
            pdf.paragraph(note, "small", pdf.GREY),
        ]

    def _track_sketch(self, data):
        gaps = [(gap["from"], gap["to"]) for gap in data["gaps"]]
        stays = [(stay["lat"], stay["lng"]) for stay in data["stays"]]
        drawing = draw(data["way"], gaps, stays, pdf.WIDTH - 12, 260)
        title = self.env._("Sketch: line recorded, dashed unknown, numbers stays")
        return [pdf.gap(), pdf.paragraph(title, "heading"), drawing]

    def _track_timeline(self, record, data):
        rows = [
            (stay["start"], stay["end"], f"{number}", self._stay_text(stay))
            for number, stay in enumerate(data["stays"], start=1)
        ]
        rows += [
            (
                trip["start"],
                trip["end"],
                "",
                self.env._("On the way, %(km)s km", km=f"{trip['distance_m'] / 1000:.1f}"),
            )
            for trip in data["trips"]
        ]
        rows += [
            (gap["start"], gap["end"], "", self.env._("No positions: the way is unknown"))
            for gap in data["gaps"]
        ]
        head = ["", self.env._("From"), self.env._("To"), self.env._("What")]
        cells = [
            [number, self._local(start, record.tz), self._local(end, record.tz), text]
            for start, end, number, text in sorted(rows)
        ]
        title = pdf.paragraph(self.env._("The day"), "heading")
        return [pdf.gap(), title, pdf.table([head, *cells], [1, 2, 2, 9])]

    def _stay_text(self, stay):
        place = f"{stay['lat']:.5f}, {stay['lng']:.5f}"
        return f"{stay['name']} ({place})" if stay["name"] else place

    def _local(self, text, tz):
        return local_clock(fields.Datetime.to_datetime(text.rstrip("Z").replace("T", " ")), tz)

    def _track_hashes(self, record, data):
        rows = [
            [self.env._("Raw positions"), data["positions_sha256"]],
            [self.env._("This record"), record._evidence_digests()[record.id]],
        ]
        title = self.env._("Hashes (SHA-256)")
        return [pdf.gap(), pdf.paragraph(title, "heading"), pdf.table(rows, [1, 3], header=False)]


class FieldRetention(models.AbstractModel):
    _inherit = "field.retention"

    @api.model
    def _erase_track(self, company, users, cutoff, limit):
        """Frozen days go with the tracks; their digests stay in the seals."""
        domain = self._mine(company, users) & Domain("made_at", "<", cutoff)
        rows = self.env["field.track.record"].search(domain, order="id", limit=limit)
        what = erased(rows._name, [(r.made_at, f"{r.id} {r.user_id.id} {r.date}") for r in rows])
        if rows:
            rows._erase_evidence(self._describe_rule(cutoff))
        return [*super()._erase_track(company, users, cutoff, limit), what]
