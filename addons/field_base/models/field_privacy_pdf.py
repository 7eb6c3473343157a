from odoo import api, fields, models

from ..tools import pdf

ROWS_SHOWN = 60
COLUMNS = 5


class FieldPrivacy(models.AbstractModel):
    """The readable form of what is stored: every kind with its newest rows."""

    _inherit = "field.privacy"

    @api.model
    def _render_pdf(self, user):
        """:returns: bytes of the PDF, in the reader's language and the person's time zone
        :raises AccessError: see :meth:`_check_person`
        """
        self._check_person(user)
        self.env["field.access.log"]._log(user, "export")
        privacy = self.with_context(tz=user._field_tz())
        policy = self.env["field.policy"]._get_for_users(user)[user.id]
        title = self.env._("What is stored about %(name)s", name=user.name)
        now = fields.Datetime.context_timestamp(privacy, fields.Datetime.now())
        story = [
            pdf.paragraph(title, "title"),
            pdf.paragraph(f"{self.env.company.name} · {now:%Y-%m-%d %H:%M}", color=pdf.GREY),
            pdf.gap(2),
        ]
        for part in self._get_data_parts():
            story += privacy._pdf_part(part, user, policy)
        return pdf.build(title, story, footer=f"{user.name} · {now:%Y-%m-%d}")

    @api.model
    def _pdf_part(self, part, user, policy):
        rows = self._get_records(part, user, limit=ROWS_SHOWN + 1)
        count = self._describe_part(part, user, policy)
        line = self.env._("%(count)s entries.", count=count["count"])
        if count["days"]:
            line += " " + self.env._("Kept for %(days)s days.", days=count["days"])
        story = [pdf.paragraph(part.label, "heading"), pdf.paragraph(line, color=pdf.GREY)]
        if rows:
            story.append(self._pdf_table(part, rows[:ROWS_SHOWN]))
        if len(rows) > ROWS_SHOWN:
            story.append(
                pdf.paragraph(
                    self.env._("The newest are shown; the JSON file has them all."), "small"
                )
            )
        return [*story, pdf.gap(3)]

    @api.model
    def _pdf_table(self, part, rows):
        names = part.fields[:COLUMNS]
        described = rows.fields_get(names, ["string"])
        head = [described[name]["string"] for name in names]
        body = [[self._pdf_cell(row, name) for name in names] for row in rows]
        return pdf.table([head, *body], [1] * len(names))

    @api.model
    def _pdf_cell(self, row, name):
        field, value = row._fields[name], row[name]
        if field.type == "datetime" and value:
            return f"{fields.Datetime.context_timestamp(self, value):%Y-%m-%d %H:%M}"
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if field.type in ("float", "integer"):
            return f"{value:.5f}".rstrip("0").rstrip(".") if value else ""
        return str(value)[:200] if value else ""
