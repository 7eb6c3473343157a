from odoo import api, fields, models


class FieldPriceObservation(models.Model):
    """A price somebody has read on a shelf: of ours, or of somebody else's product."""

    _name = "field.price.observation"
    _description = "Observed Price"
    _inherit = ["field.visit.row.mixin"]

    product_id = fields.Many2one(
        "product.product", "Our product", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    rival_id = fields.Many2one(
        "field.rival.product",
        "Competing product",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    brand_id = fields.Many2one(related="rival_id.brand_id", store=True, index="btree_not_null")
    price = fields.Monetary(readonly=True, aggregator="avg")
    promotion = fields.Char(readonly=True)
    facings = fields.Integer(readonly=True)
    alert = fields.Selection(
        [("limit", "Below the limit"), ("drop", "Has fallen")],
        readonly=True,
        index="btree_not_null",
    )
    usual_price = fields.Monetary(
        "Usual price", readonly=True, aggregator="avg", help="Mean of the 90 days before."
    )
    state_id = fields.Many2one(
        related="partner_id.state_id", store=True, string="Region", index="btree_not_null"
    )
    city = fields.Char(related="partner_id.city", store=True)
    # kept, not related: a check-in would look for prices of its visit each time
    lat = fields.Float("Latitude", digits=(10, 7), readonly=True)
    lng = fields.Float("Longitude", digits=(10, 7), readonly=True)
    photo_id = fields.Many2one(
        "field.visit.photo", readonly=True, index="btree_not_null", ondelete="set null"
    )
    what = fields.Char("Product", compute="_compute_what")

    @api.depends("product_id", "rival_id")
    def _compute_what(self):
        for row in self:
            row.what = row.rival_id.display_name or row.product_id.display_name

    @api.depends("what", "price")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.what} · {row.price:g}" if row.price else row.what

    def action_open_photo(self):
        """The picture that was taken of this product, on the photo wall."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_visit.field_visit_photo_action"
        )
        return {**action, "domain": [("id", "=", self.photo_id.id)], "context": {}}

    def _watch(self):
        """Tell who watches a brand about the prices that are marked."""
        for row in self.filtered("alert"):
            row.rival_id._tell(row)
