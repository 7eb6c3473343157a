"""What a question is made of: its options or rows, and the columns of its table."""

from uuid import uuid4

from odoo import api, fields, models

COLUMN_KINDS = [
    ("number", "Number"),
    ("price", "Price"),
    ("text", "Text"),
    ("date", "Date"),
    ("yes_no", "Yes or no"),
]


class FieldFormPart(models.AbstractModel):
    """A part of a question: whoever changes it makes a new version of the form."""

    _name = "field.form.part"
    _description = "Part of a Question"
    _order = "question_id, sequence, id"

    question_id = fields.Many2one(
        "field.form.question", required=True, index=True, ondelete="cascade"
    )
    key = fields.Char(
        required=True, copy=False, readonly=True, default=lambda self: uuid4().hex[:12]
    )
    sequence = fields.Integer(default=10)

    def _get_definition(self, codes):
        self.ensure_one()
        return {
            "key": self.key,
            "id": self.id,
            "name": self.question_id._get_words_of(self, "name", codes),
        }

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.question_id.form_id._changed()
        return parts

    def write(self, vals):
        result = super().write(vals)
        self.question_id.form_id._changed()
        return result

    def unlink(self):
        forms = self.question_id.form_id
        result = super().unlink()
        forms._changed()
        return result


class FieldFormOption(models.Model):
    _name = "field.form.option"
    _description = "Option of a Question"
    _inherit = "field.form.part"

    name = fields.Char("Option", required=True, translate=True)
    points = fields.Float()

    _key_uniq = models.UniqueIndex("(question_id, key)", "Each option has its own key.")

    def _get_definition(self, codes):
        return {**super()._get_definition(codes), "points": self.points}


class FieldFormColumn(models.Model):
    _name = "field.form.column"
    _description = "Column of a Question"
    _inherit = "field.form.part"

    name = fields.Char("Column", required=True, translate=True)
    kind = fields.Selection(COLUMN_KINDS, required=True, default="number")
    required = fields.Boolean(default=True)
    unit = fields.Char(translate=True)

    _key_uniq = models.UniqueIndex("(question_id, key)", "Each column has its own key.")

    def _get_definition(self, codes):
        return {
            **super()._get_definition(codes),
            "kind": "yes_no" if self.question_id.is_single else self.kind,
            "required": self.required,
            "unit": self.question_id._get_words_of(self, "unit", codes),
        }
