"""Answers as data: one row per question, typed, so that lists, pivots and graphs can count them."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.forms import MOST_FILES
from .field_form import KINDS

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
    kind = fields.Selection(KINDS, required=True)
    value_yes = fields.Selection([("yes", "Yes"), ("no", "No")], "Yes or no")
    value_number = fields.Float("Number", digits=(16, 4), aggregator="avg")
    value_text = fields.Text("Text")
    value_date = fields.Date("Date")
    option_ids = fields.Many2many("field.form.option", string="Options")
    photo_ids = fields.Many2many("field.visit.photo", string="Files")
    points = fields.Float(readonly=True)
    most_points = fields.Float("Points possible", readonly=True)
    answered_at = fields.Datetime("Answered", readonly=True, index=True)
    display = fields.Char("Answer", compute="_compute_display")

    @api.depends(
        "kind", "value_yes", "value_number", "value_text", "value_date", "option_ids", "photo_ids"
    )
    @api.depends_context("lang")
    def _compute_display(self):
        words = dict(self._fields["value_yes"]._description_selection(self.env))
        for answer in self:
            if answer.kind == "yes_no":
                answer.display = words.get(answer.value_yes, "")
            elif answer.kind in ("number", "price"):
                answer.display = f"{answer.value_number:g}"
            elif answer.kind == "date":
                answer.display = format_date(self.env, answer.value_date)
            elif answer.kind in ("text", "barcode"):
                answer.display = answer.value_text
            elif answer.kind == "signature":
                answer.display = self.env._("Signed")
            elif answer.kind == "photo":
                answer.display = self.env._("%(count)s photos", count=len(answer.photo_ids))
            else:
                answer.display = ", ".join(answer.option_ids.mapped("name"))

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
        rows = [
            self._prepare(step, known[key], value, points[key]) for key, value in answers.items()
        ]
        return Answer.create(rows)

    @api.model
    def _prepare(self, step, question, value, points):
        existing = self.env["field.form.question"].sudo().browse(question["id"]).exists()
        vals = {
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
        return vals | self._prepare_value(step, question, value)

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
