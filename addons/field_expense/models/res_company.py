from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    field_mileage_product_id = fields.Many2one(
        "product.product",
        string="Mileage Expense Category",
        check_company=True,
        domain=[("can_be_expensed", "=", True)],
        help="Category of the expenses made from tracked days. Empty: Odoo's own “Mileage”.",
    )

    def _get_field_mileage_product(self):
        """:return: product.product (sudo) for mileage expenses; empty when there is none"""
        self.ensure_one()
        company = self.sudo()
        if company.field_mileage_product_id:
            return company.field_mileage_product_id
        products = self.env["product.product"].sudo()
        default = self.env.ref("hr_expense.expense_product_mileage", raise_if_not_found=False)
        product = products.browse(default.id) if default else products
        usable = product.active and product.can_be_expensed
        return product if usable and product.company_id in (self.browse(), company) else products
