"""Share of shelf: our facings of all facings that were counted, per product group and visit."""

from odoo import fields, models
from odoo.tools import SQL


class FieldShelfShare(models.Model):
    _name = "field.shelf.share"
    _description = "Share of Shelf"
    _inherit = ["field.visit.row.mixin"]

    categ_id = fields.Many2one(
        "product.category",
        "Product group",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    own_facings = fields.Integer("Our facings", readonly=True)
    all_facings = fields.Integer(readonly=True)
    share = fields.Float(
        "Share of shelf (%)",
        digits=(5, 1),
        readonly=True,
        aggregator="avg",
        help="Our facings of all facings that were counted.",
    )

    def _read_group_select(self, aggregate_spec, query):
        """Of several shelves: all our facings of all facings, so that a long shelf weighs more than
        a short one."""
        if aggregate_spec != "share:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "own_facings", query),
            self._field_to_sql(self._table, "all_facings", query),
        )
