"""Forms that managers build: questions, conditions, points; each change makes a new version."""

import hashlib
import json
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.forms import MOST_FILES, TABLES

KINDS = [
    ("yes_no", "Yes or no"),
    ("choice", "One of several"),
    ("multi", "Any of several"),
    ("number", "Number"),
    ("price", "Price"),
    ("text", "Text"),
    ("date", "Date"),
    ("barcode", "Barcode"),
    ("photo", "Photos"),
    ("signature", "Signature"),
    ("lines", "Product lines"),
    ("matrix", "Rows and columns"),
]


class FieldForm(models.Model):
    _name = "field.form"
    _description = "Form"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to offer the form to every company."
    )
    question_ids = fields.One2many("field.form.question", "form_id", "Questions", copy=True)
    version_ids = fields.One2many("field.form.version", "form_id", "Versions")
    version = fields.Integer(default=1, readonly=True, copy=False)
    question_count = fields.Integer("Number of questions", compute="_compute_question_count")

    @api.depends("question_ids")
    def _compute_question_count(self):
        for form in self:
            form.question_count = len(form.question_ids)

    def _changed(self):
        """Phones are told, and the next visit gets the new version."""
        for form in self.exists():
            form.version += 1

    def _get_version(self):
        """The version that holds now; made when there is none of this content yet.

        :returns: field.form.version
        """
        self.ensure_one()
        Version = self.env["field.form.version"].sudo()
        known = Version.search([("form_id", "=", self.id), ("number", "=", self.version)])
        if known:
            return known
        definition = self._get_definition()
        text = json.dumps(definition, sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        same = Version.search([("form_id", "=", self.id)], order="number desc", limit=1)
        if same.digest == digest:
            return same
        return Version.create(
            {
                "form_id": self.id,
                "number": self.version,
                "definition": definition,
                "digest": digest,
            }
        )

    def _get_definition(self):
        """The questions with their words in every language that is installed."""
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        questions = self.sudo().question_ids
        return [question._get_definition(codes) for question in questions]


class FieldFormQuestion(models.Model):
    _name = "field.form.question"
    _description = "Question of a Form"
    _order = "form_id, sequence, id"

    form_id = fields.Many2one("field.form", required=True, index=True, ondelete="cascade")
    key = fields.Char(
        required=True, copy=False, readonly=True, default=lambda self: uuid4().hex[:12]
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Question", required=True, translate=True)
    hint = fields.Char(translate=True)
    kind = fields.Selection(KINDS, required=True, default="yes_no")
    required = fields.Boolean(default=True)
    is_prefilled = fields.Boolean(
        "As last time", help="The answer of the last visit stands there already."
    )
    option_ids = fields.One2many("field.form.option", "question_id", "Options", copy=True)
    column_ids = fields.One2many("field.form.column", "question_id", "Columns", copy=True)
    product_ids = fields.Many2many(
        "product.product", string="Products", help="What the person chooses from."
    )
    is_single = fields.Boolean(
        "One column per row", help="A row is ticked in one of its columns, as on a scale."
    )
    has_bounds = fields.Boolean("Within bounds")
    min_value = fields.Float("From")
    max_value = fields.Float("To")
    unit = fields.Char(translate=True)
    points = fields.Float(
        help="For a yes, and for any other answer; options have points of their own."
    )
    if_question_id = fields.Many2one(
        "field.form.question",
        "Only if",
        domain="[('form_id', '=', form_id), ('kind', 'in', ('yes_no', 'choice', 'multi', "
        "'number', 'price'))]",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    if_kind = fields.Selection(related="if_question_id.kind", string="Kind of the condition")
    if_yes = fields.Selection([("yes", "Yes"), ("no", "No")], "Answer is", default="yes")
    if_option_id = fields.Many2one(
        "field.form.option",
        "Option is",
        domain="[('question_id', '=', if_question_id)]",
        ondelete="set null",
        copy=False,
    )
    if_from = fields.Float("Number from")
    has_if_to = fields.Boolean(
        "With an upper limit",
        compute="_compute_has_if_to",
        store=True,
        readonly=False,
        help="Without it the question is asked from that number on.",
    )
    if_to = fields.Float("Number to")

    _key_uniq = models.UniqueIndex("(form_id, key)", "Each question has its own key.")
    _bounds = models.Constraint(
        "CHECK(NOT has_bounds OR min_value <= max_value)", "The bounds are the wrong way round."
    )

    @api.depends("if_to")
    def _compute_has_if_to(self):
        """A number is a limit; that 0 is one has to be said."""
        for question in self:
            question.has_if_to = question.has_if_to or bool(question.if_to)

    @api.constrains("if_question_id", "form_id", "sequence")
    def _check_condition(self):
        for question in self.filtered("if_question_id"):
            other = question.if_question_id
            before = (other.sequence, other.id) < (question.sequence, question.id)
            if other.form_id != question.form_id or not before:
                raise ValidationError(
                    self.env._(
                        "“%(question)s” can only depend on a question that stands above it.",
                        question=question.name,
                    )
                )

    @api.constrains("kind", "option_ids")
    def _check_options(self):
        for question in self.filtered(lambda q: q.kind in ("choice", "multi")):
            if not question.option_ids:
                raise ValidationError(
                    self.env._("“%(question)s” needs options.", question=question.name)
                )

    @api.constrains("kind", "option_ids", "column_ids", "product_ids")
    def _check_table(self):
        for question in self.filtered(lambda q: q.kind in TABLES):
            first = question.product_ids if question.kind == "lines" else question.option_ids
            if not first or not question.column_ids:
                raise ValidationError(
                    self.env._(
                        "“%(question)s” needs columns, and products or rows.",
                        question=question.name,
                    )
                )

    @api.onchange("kind")
    def _onchange_kind(self):
        """Product lines begin with what is mostly asked."""
        if self.kind == "lines" and not self.column_ids:
            self.column_ids = [
                fields.Command.create({"name": self.env._("Quantity"), "kind": "number"}),
                fields.Command.create(
                    {"name": self.env._("Price"), "kind": "price", "required": False}
                ),
            ]
        if self.kind != "matrix":
            self.is_single = False

    def _get_definition(self, codes):
        self.ensure_one()
        found = {
            "key": self.key,
            "id": self.id,
            "kind": self.kind,
            "required": self.required,
            "prefill": self.is_prefilled and self.kind not in MOST_FILES,
            "points": self.points,
            "name": self._get_words("name", codes),
            "hint": self._get_words("hint", codes),
            "unit": self._get_words("unit", codes),
        }
        if self.kind in ("choice", "multi"):
            found["options"] = [option._get_definition(codes) for option in self.option_ids]
        if self.kind in TABLES:
            found |= self._get_table(codes)
        if self.has_bounds and self.kind in ("number", "price"):
            found |= {"min": self.min_value, "max": self.max_value}
        if self.if_question_id:
            found["if"] = self._get_condition()
        return found

    def _get_table(self, codes):
        found = {"columns": [column._get_definition(codes) for column in self.column_ids]}
        if self.kind == "matrix":
            rows = [row._get_definition(codes) for row in self.option_ids]
            return found | {"rows": rows, "single": self.is_single}
        products = [
            {"id": product.id, "name": self._get_words_of(product, "display_name", codes)}
            for product in self.product_ids
        ]
        return found | {"products": products}

    def _get_condition(self):
        other = self.if_question_id
        if other.kind == "yes_no":
            return {"key": other.key, "is": self.if_yes or "yes"}
        if other.kind in ("choice", "multi"):
            return {"key": other.key, "is": self.if_option_id.key or ""}
        limit = self.if_to if self.has_if_to else None
        return {"key": other.key, "from": self.if_from, "to": limit}

    def _get_words(self, name, codes):
        return self._get_words_of(self, name, codes)

    @api.model
    def _get_words_of(self, record, name, codes):
        return {code: record.with_context(lang=code)[name] or "" for code in codes}

    @api.model_create_multi
    def create(self, vals_list):
        questions = super().create(vals_list)
        questions.form_id._changed()
        return questions

    def write(self, vals):
        result = super().write(vals)
        self.form_id._changed()
        return result

    def unlink(self):
        forms = self.form_id
        result = super().unlink()
        forms._changed()
        return result


class FieldFormVersion(models.Model):
    """What a form asked at one time; answers refer to it, so it never changes."""

    _name = "field.form.version"
    _description = "Version of a Form"
    _order = "form_id, number desc"
    _rec_name = "number"

    form_id = fields.Many2one("field.form", required=True, index=True, ondelete="cascade")
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    definition = fields.Json(readonly=True)  # none before the first question
    digest = fields.Char(required=True, readonly=True)

    _number_uniq = models.UniqueIndex("(form_id, number)", "Each version has its number.")

    def _get_questions(self, lang=None):
        """The questions with their words in one language, the reader's by default."""
        self.ensure_one()
        lang = lang or self.env.lang or "en_US"
        return [_in_language(question, lang) for question in self.sudo().definition or []]

    def _as_app_values(self):
        self.ensure_one()
        return {
            "id": self.form_id.id,
            "version": self.number,
            "name": self.form_id.name,
            "questions": self._get_questions(),
        }


def _in_language(item, lang):
    """A question or option with its words in ``lang``, or in English where that has none."""
    found = dict(item)
    for name in ("name", "hint", "unit"):
        if name in found:
            words = found[name]
            found[name] = words.get(lang) or words.get("en_US") or next(iter(words.values()), "")
    for name in ("options", "rows", "columns", "products"):
        if name in found:
            found[name] = [_in_language(part, lang) for part in found[name]]
    return found
