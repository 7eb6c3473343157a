"""Answers as data: one row per question, typed, so that lists, pivots and graphs can count them."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.forms import MOST_FILES, TABLES
from .field_form import KINDS

NO_POINTS = {"points": 0.0, "most_points": 0.0}
# An object, not a value: no RPC context can carry it.
_ANSWERED = object()


class FieldFormAnswer(models.Model):
    _name = "field.form.answer"
    _description = "Answer"
    _order = "answered_at desc, id desc"

    step_id = fields.Many2one("field.visit.step", required=True, index=True, ondelete="cascade")
    visit_id = fields.Many2one(related="step_id.visit_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="visit_id.partner_id", store=True, index=True, string="Customer"
    )
    user_id = fields.Many2one(related="visit_id.user_id", store=True, index=True, string="Person")
    company_id = fields.Many2one(related="visit_id.company_id", store=True, index=True)
    form_id = fields.Many2one("field.form", required=True, index=True, ondelete="cascade")
    version = fields.Integer(readonly=True, aggregator=None)
    question_id = fields.Many2one(
        "field.form.question", index="btree_not_null", ondelete="set null"
    )
    question = fields.Char("Question as asked", required=True)
    key = fields.Char(required=True)
    kind = fields.Selection(KINDS, required=True, help="Of a table: the kind of the column.")
    line = fields.Integer("Number of the line", readonly=True, aggregator=None)
    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="set null")
    row_id = fields.Many2one("field.form.option", ondelete="set null")
    row = fields.Char("Row as asked", readonly=True)
    column_id = fields.Many2one("field.form.column", ondelete="set null")
    column = fields.Char("Column as asked", readonly=True)
    value_yes = fields.Selection([("yes", "Yes"), ("no", "No")], "Yes or no")
    value_number = fields.Float("Number", digits=(16, 4), aggregator="avg")
    value_total = fields.Float(
        "Total", digits=(16, 4), compute="_compute_value_total", store=True, aggregator="sum"
    )
    value_text = fields.Text("Text")
    value_date = fields.Date("Date")
    option_ids = fields.Many2many("field.form.option", string="Options")
    photo_ids = fields.Many2many("field.visit.photo", string="Files")
    points = fields.Float(readonly=True)
    most_points = fields.Float("Points possible", readonly=True)
    answered_at = fields.Datetime("Answered", readonly=True, index=True)
    display = fields.Char("Answer", compute="_compute_display")

    @api.depends("value_number")
    def _compute_value_total(self):
        """The number once more: quantities are added up where prices have a mean."""
        for answer in self:
            answer.value_total = answer.value_number

    @api.depends(
        *("kind", "row", "column", "value_yes", "value_number", "value_text", "value_date"),
        *("option_ids", "photo_ids"),
    )
    @api.depends_context("lang")
    def _compute_display(self):
        for answer in self:
            where = " · ".join(filter(None, [answer.row, answer.column]))
            words = answer._get_value_words() or ""
            answer.display = f"{where}: {words}" if where else words

    def _get_value_words(self):
        """The answer in words, whatever its kind."""
        if self.kind == "yes_no":
            words = dict(self._fields["value_yes"]._description_selection(self.env))
            return words.get(self.value_yes, "")
        if self.kind in ("number", "price"):
            return f"{self.value_number:g}"
        if self.kind == "date":
            return format_date(self.env, self.value_date)
        if self.kind in ("text", "barcode"):
            return self.value_text
        if self.kind == "signature":
            return self.env._("Signed")
        if self.kind == "photo":
            return self.env._("%(count)s photos", count=len(self.photo_ids))
        return ", ".join(self.option_ids.mapped("name"))

    def _with_answer(self):
        return self.with_context(field_form_answer=_ANSWERED)

    def write(self, vals):
        """What was answered stays as it was; only what it refers to may be renamed or go."""
        if self.env.context.get("field_form_answer") is not _ANSWERED:
            raise UserError(self.env._("Answers are kept as they were given."))
        return super().write(vals)

    @api.model
    def _replace(self, step, questions, answers, points):
        """Rows for the answers of a step, in place of those it had.

        :param points: ``{key: (points, most)}``
        """
        Answer = self.sudo()._with_answer()
        Answer.search([("step_id", "=", step.id)]).unlink()
        known = {q["key"]: q for q in questions}
        rows = []
        for key, value in answers.items():
            rows += self._prepare_rows(step, known[key], value, points[key])
        return Answer.create(rows)

    @api.model
    def _prepare_rows(self, step, question, value, points):
        """One row per answer, of a table one per cell; the points stand on the first."""
        vals = self._prepare(step, question, points)
        if question["kind"] not in TABLES:
            return [vals | self._prepare_value(step, question, value)]
        rows = self._prepare_cells(step, question, value)
        return [vals | row | ({} if i == 0 else NO_POINTS) for i, row in enumerate(rows)]

    @api.model
    def _prepare_cells(self, step, question, value):
        rows = []
        columns = self._find_parts("field.form.column", question["columns"])
        for place, cells in self._get_places(question, value):
            for column in question["columns"]:
                if column["key"] in cells:
                    rows.append(
                        {
                            **place,
                            "kind": column["kind"],
                            "column_id": columns.get(column["id"]),
                            "column": column["name"],
                            **self._prepare_value(step, column, cells[column["key"]]),
                        }
                    )
        return rows

    @api.model
    def _get_places(self, question, value):
        """``[(what stands before the row, its cells)]`` of a table."""
        if question["kind"] == "matrix":
            known = self._find_parts("field.form.option", question["rows"])
            return [
                ({"row_id": known.get(row["id"]), "row": row["name"]}, value[row["key"]])
                for row in question["rows"]
                if row["key"] in value
            ]
        names = {product["id"]: product["name"] for product in question["products"]}
        known = self._find_parts("product.product", question["products"])
        return [
            (
                {
                    "line": number,
                    "product_id": known.get(line["product_id"]),
                    "row": names[line["product_id"]],
                },
                line["cells"],
            )
            for number, line in enumerate(value, 1)
        ]

    @api.model
    def _find_parts(self, model, parts):
        """``{id: id}`` of those that still exist."""
        ids = [part["id"] for part in parts]
        return {known: known for known in self.env[model].sudo().browse(ids).exists().ids}

    @api.model
    def _prepare(self, step, question, points):
        existing = self.env["field.form.question"].sudo().browse(question["id"]).exists()
        return {
            "step_id": step.id,
            "form_id": step.form_version_id.form_id.id,
            "version": step.form_version_id.number,
            "question_id": existing.id,
            "question": question["name"],
            "key": question["key"],
            "kind": question["kind"],
            "points": points[0],
            "most_points": points[1],
            "answered_at": step.answered_at,
        }

    @api.model
    def _prepare_value(self, step, question, value):
        kind = question["kind"]
        if kind == "yes_no":
            return {"value_yes": "yes" if value else "no"}
        if kind in ("number", "price"):
            return {"value_number": value}
        if kind == "date":
            return {"value_date": value}
        if kind in ("text", "barcode"):
            return {"value_text": value}
        if kind in MOST_FILES:
            named = step.photo_ids.filtered(lambda photo: photo.blob_uuid in value)
            return {"photo_ids": [fields.Command.set(named.ids)]}
        keys = value if isinstance(value, list) else [value]
        ids = [option["id"] for option in question["options"] if option["key"] in keys]
        options = self.env["field.form.option"].sudo().browse(ids).exists()
        names = [o["name"] for o in question["options"] if o["key"] in keys]
        return {"option_ids": [fields.Command.set(options.ids)], "value_text": ", ".join(names)}
