from odoo import fields, models


class FieldDocumentCategory(models.Model):
    """What kind of paper an attachment of a deal is, e.g. a stamped quotation."""

    _name = "field.document.category"
    _description = "Document Category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    field_category_id = fields.Many2one(
        "field.document.category",
        "Document category",
        index="btree_not_null",
        ondelete="restrict",
    )
