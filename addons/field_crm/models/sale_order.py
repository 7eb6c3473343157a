from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._field_note_product_line()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"order_line", "opportunity_id", "state"}:
            self._field_note_product_line()
        return result

    def _field_note_product_line(self):
        """A deal nobody has given a product line gets that of its quotation; what a person has
        chosen stays."""
        orders = self.sudo().filtered(
            lambda order: order.opportunity_id and order.state != "cancel"
        )
        for order in orders:
            lead = order.opportunity_id
            if not lead.field_product_line_id and (line := order._field_get_product_line()):
                lead.field_product_line_id = line

    def _field_get_product_line(self):
        """:return: the product line with most of the money, before taxes; empty without products"""
        amounts = {}
        for line in self.order_line.filtered("product_id.categ_id"):
            top = self.env["field.forecast"]._get_product_line(line.product_id.categ_id)
            amounts[top] = amounts.get(top, 0.0) + line.price_subtotal
        return max(amounts, key=amounts.get, default=self.env["product.category"])
