from odoo import fields, models


class FieldShelfCount(models.Model):
    """What was counted of one product at one visit."""

    _name = "field.shelf.count"
    _description = "Shelf Count"
    _inherit = ["field.visit.row.mixin"]

    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    standard_id = fields.Many2one(
        "field.shelf.standard", readonly=True, index="btree_not_null", ondelete="set null"
    )
    version = fields.Integer(readonly=True, aggregator=None)
    is_must = fields.Boolean("Must be there", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    facings = fields.Integer(readonly=True)
    price = fields.Monetary(readonly=True, aggregator="avg")
    has_price = fields.Boolean("Price read", readonly=True)
    is_present = fields.Boolean("On the shelf", readonly=True)
    is_out = fields.Boolean("Out of stock", readonly=True)
    gap = fields.Selection(
        [
            ("missing", "Missing"),
            ("out", "Out of stock"),
            ("facings", "Too few facings"),
        ],
        readonly=True,
        index="btree_not_null",
    )
    is_price_off = fields.Boolean("Price out of bounds", readonly=True)
    expires_on = fields.Date("Use by", readonly=True)
    is_expiring = fields.Boolean("Use-by date too near", readonly=True)
    suggested_qty = fields.Float("Suggested order", readonly=True, digits="Product Unit")
    present_share = fields.Float(
        "On the shelf (%)", readonly=True, aggregator="avg", help="100 or 0, for means."
    )
