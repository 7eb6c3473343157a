import io
import json

from PIL import Image
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing

from odoo import fields, models
from odoo.tools.misc import format_datetime

from ..tools import merkle, pdf
from ..tools.pictures import UNREADABLE
from ..tools.sketch import sketch

PHOTOS = 12
PHOTO_PIXELS = 1100


class FieldProof(models.Model):
    """The evidence file itself: for people as PDF, for machines as JSON."""

    _inherit = "field.proof"

    def _parts(self):
        """``(record, events, blobs)`` of the file, as they are now (sudo)."""
        self.ensure_one()
        content = [tuple(item) for item in self.content]
        record = self.env[self.res_model].browse(self.res_id)
        return record, self._rows(content, "field.event"), self._rows(content, "field.blob")

    # --- JSON ----------------------------------------------------------------------------------

    def _as_json(self):
        """Everything that is needed to compute each hash again without this server."""
        record, events, blobs = self._parts()
        seals = (events.seal_id | blobs.seal_id).sorted("id")
        return {
            "format": "field-evidence-1",
            "code": self.code,
            "verify": self._url(),
            "issued_at": self.create_date.isoformat(timespec="seconds") + "Z",
            "about": record._field_evidence_title(),
            "company": self.company_id.name,
            "fingerprint": self.fingerprint,
            "events": [self._row_json(event) for event in events],
            "files": [self._row_json(blob) for blob in blobs],
            "seals": [
                {
                    "id": seal.id,
                    "sealed_at": seal.sealed_at.isoformat(),
                    "count": seal.count,
                    "root": seal.root,
                    "before": seal.before or "",
                    "chain": seal.chain,
                }
                for seal in seals
            ],
        }

    def _row_json(self, row):
        values = {"model": row._name, **row._evidence_values()}
        domain = [("res_model", "=", row._name), ("res_id", "=", row.id)]
        leaf = self.env["field.seal.leaf"].sudo().search(domain, limit=1)
        proof = None
        if leaf:
            digests = leaf.seal_id.leaf_ids.sorted("position").mapped("digest")
            proof = {"seal": leaf.seal_id.id, "path": merkle.path(digests, leaf.position)}
        return {"digest": row._evidence_digests()[row.id], "sealed": values, "proof": proof}

    # --- PDF -----------------------------------------------------------------------------------

    def _as_pdf(self):
        """The evidence file for people."""
        record, events, blobs = self._parts()
        story = [
            pdf.paragraph(self.env._("Evidence"), "title"),
            pdf.paragraph(record._field_evidence_title(), "heading"),
            *self._pdf_head(events, blobs),
            *self._pdf_events(events),
            *self._pdf_sketch(events),
            *self._pdf_photos(blobs),
            *self._pdf_hashes(events, blobs),
        ]
        return pdf.build(self.code, story, footer=self._url())

    def _pdf_head(self, events, blobs):
        first = (events or blobs)[:1]
        rows = [
            [self.env._("Company"), self.company_id.name],
            [self.env._("Person"), self.user_id.name or ""],
            [self.env._("Device"), ", ".join(first.device_id.mapped("name"))],
            [self.env._("Issued"), self._moment(self.create_date)],
            [self.env._("Code"), self.code],
            [self.env._("Fingerprint"), self.fingerprint],
        ]
        note = self.env._(
            "Scan the code to see whether this still stands in the system unchanged. It proves "
            "that nothing was altered since it arrived, not that a phone told the truth."
        )
        return [
            pdf.gap(),
            pdf.table(rows, [1, 4], header=False),
            pdf.gap(),
            self._qr(self._url()),
            pdf.paragraph(note, "small", pdf.GREY),
        ]

    def _qr(self, text, size=90):
        code = QrCodeWidget(text, barLevel="M")
        left, bottom, right, top = code.getBounds()
        scale = [size / (right - left), 0, 0, size / (top - bottom), 0, 0]
        drawing = Drawing(size, size, transform=scale)
        drawing.add(code)
        return drawing

    def _pdf_events(self, events):
        if not events:
            return []
        head = [
            self.env._("No."),
            self.env._("What"),
            self.env._("Device time"),
            self.env._("Happened"),
            self.env._("Received"),
            self.env._("Content"),
        ]
        rows = [
            [
                event.seq,
                event.kind,
                event.captured_text or "",
                self._moment(event.happened_at),
                self._moment(event.received_at),
                _shortened(event.payload, 400),
            ]
            for event in events
        ]
        title = pdf.paragraph(self.env._("Journal"), "heading")
        return [pdf.gap(), title, pdf.table([head, *rows], [1, 3, 4, 4, 4, 8])]

    def _pdf_sketch(self, events):
        points = [point for event in events if (point := _position(event._payload()))]
        if not points:
            return []
        rows = [
            [
                str(number),
                f"{lat:.6f}, {lng:.6f}",
                "" if accuracy is None else f"± {accuracy:.0f} m",
            ]
            for number, (lat, lng, accuracy) in enumerate(points, start=1)
        ]
        return [
            pdf.gap(),
            pdf.paragraph(self.env._("Positions (WGS-84)"), "heading"),
            sketch(points, pdf.WIDTH - 12, 150),
            pdf.table(rows, [1, 6, 3], header=False),
        ]

    def _pdf_photos(self, blobs):
        photos = blobs.filtered(lambda blob: blob.mimetype.startswith("image/"))
        if not photos:
            return []
        story = [pdf.gap(), pdf.paragraph(self.env._("Photos"), "heading")]
        for photo in photos[:PHOTOS]:
            small = _small_picture(photo.attachment_id.raw)
            if small:
                story.append(pdf.picture(small, 80, 60))
            story.append(pdf.paragraph(f"SHA-256 {photo.sha256}", "small", pdf.GREY))
        if len(photos) > PHOTOS:
            rest = self.env._(
                "%(count)s more photos: see their hashes.", count=len(photos) - PHOTOS
            )
            story.append(pdf.paragraph(rest))
        return story

    def _pdf_hashes(self, events, blobs):
        rows = [[f"{event.kind} {event.seq}", event.hash or ""] for event in events]
        rows += [[blob.uuid, blob.sha256] for blob in blobs]
        seals = (events.seal_id | blobs.seal_id).sorted("id")
        story = [
            pdf.gap(),
            pdf.paragraph(self.env._("Hashes (SHA-256)"), "heading"),
            pdf.table(rows, [3, 5], header=False),
        ]
        if seals:
            rows = [[self._moment(seal.sealed_at), seal.chain] for seal in seals]
            story += [
                pdf.gap(),
                pdf.paragraph(self.env._("Seals"), "heading"),
                pdf.table(rows, [3, 5], header=False),
            ]
        return story

    def _moment(self, moment):
        """In the reader's time zone, with its offset, for a document outlives its context."""
        zone = fields.Datetime.context_timestamp(self, moment).strftime("%z")
        return f"{format_datetime(self.env, moment, dt_format='yyyy-MM-dd HH:mm:ss')} {zone}"


def _shortened(payload, length):
    text = json.dumps(json.loads(payload), ensure_ascii=False)
    return text if len(text) <= length else text[: length - 1] + "…"


def _position(payload):
    value = payload.get("position")
    if not isinstance(value, dict):
        return None
    lat, lng, accuracy = value.get("lat"), value.get("lng"), value.get("accuracy")
    if not isinstance(lat, int | float) or not isinstance(lng, int | float):
        return None
    return float(lat), float(lng), accuracy if isinstance(accuracy, int | float) else None


def _small_picture(raw):
    """A copy small enough for a document; nothing when the file is none any more."""
    try:
        with Image.open(io.BytesIO(raw or b"")) as image:
            image.draft("RGB", (PHOTO_PIXELS, PHOTO_PIXELS))
            small = image.convert("RGB")
            small.thumbnail((PHOTO_PIXELS, PHOTO_PIXELS))
            buffer = io.BytesIO()
            small.save(buffer, "JPEG", quality=80)
    except UNREADABLE:
        return None
    return buffer.getvalue()
