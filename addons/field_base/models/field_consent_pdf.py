import base64

from odoo import fields, models

from ..tools import pdf


class FieldConsent(models.Model):
    """The signed text as a document to take home."""

    _inherit = "field.consent"

    def _render_pdf(self):
        """:returns: bytes of the PDF, in the language that was signed"""
        self.ensure_one()
        consent = self.sudo().with_context(lang=self.sudo().lang, tz=self.user_id._field_tz())
        title = consent._get_title()
        story = [pdf.paragraph(title, "title"), pdf.gap(2)]
        for section in consent.sections:
            story.append(pdf.paragraph(section["title"], "heading"))
            story += [pdf.bullet(line) for line in section["lines"]]
            story.append(pdf.gap(1))
        story += [pdf.gap(3), *consent._pdf_signature()]
        return pdf.build(title, story, footer=consent.company_id.name)

    def _get_title(self):
        """Hook: what the document is called."""
        return self.env._("Consent to recording in field work")

    def _pdf_signature(self):
        rows = [
            (self.env._("Signed as"), self.name),
            (self.env._("Person"), f"{self.user_id.name} ({self.user_id.login})"),
            (self.env._("Signed on"), self._pdf_time(self.signed_at)),
            (self.env._("Received on"), self._pdf_time(self.received_at)),
            (self.env._("Device"), self.device_id.name or self.user_agent or "–"),
            (self.env._("Network address"), self.ip_address or "–"),
            (self.env._("Version"), self.version),
            (self.env._("SHA-256 of the text"), self.text_hash),
        ]
        if self.ended_at:
            state = dict(self._fields["state"]._description_selection(self.env))[self.state]
            rows.append((state, self._pdf_time(self.ended_at)))
        story = [pdf.paragraph(self.env._("Signature"), "heading")]
        if self.signature:
            story += [pdf.picture(base64.b64decode(self.signature), 70, 30), pdf.gap(1)]
        return [*story, pdf.table(rows, (1, 3), header=False)]

    def _pdf_time(self, moment):
        local = fields.Datetime.context_timestamp(self, moment)
        return f"{local:%Y-%m-%d %H:%M} ({local.tzname() or 'UTC'})"
