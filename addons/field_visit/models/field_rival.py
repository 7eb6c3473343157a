"""Brands and products of others, as they stand beside ours on the shelf."""

from odoo import api, fields, models
from odoo.fields import Domain

_ACTIVITY = "mail.mail_activity_data_todo"
_DAYS = 90


class FieldRivalBrand(models.Model):
    _name = "field.rival.brand"
    _description = "Competing Brand"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, default=lambda self: self.env.company)
    product_ids = fields.One2many("field.rival.product", "brand_id", "Products")
    watcher_id = fields.Many2one(
        "res.users", "Told about prices", help="Gets an activity when a price falls too far."
    )
    note = fields.Text()


class FieldRivalProduct(models.Model):
    _name = "field.rival.product"
    _description = "Competing Product"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "brand_id, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    brand_id = fields.Many2one("field.rival.brand", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="brand_id.company_id", store=True, index=True)
    product_id = fields.Many2one(
        "product.product", "Ours beside it", index="btree_not_null", check_company=True
    )
    categ_id = fields.Many2one(
        "product.category",
        "Product group",
        compute="_compute_categ_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="Its facings count in the share of shelf of this group.",
    )
    price_limit = fields.Float(
        "Alert below", digits="Product Price", help="0 for no alert by a fixed price."
    )
    drop_percent = fields.Integer(
        "Alert when it falls by (%)",
        help="Compared with the mean of the last 90 days; 0 for no such alert.",
    )
    observation_ids = fields.One2many("field.price.observation", "rival_id", "Observed prices")
    last_price = fields.Float("Last price", compute="_compute_last_price", digits="Product Price")

    _drop_range = models.Constraint(
        "CHECK(drop_percent BETWEEN 0 AND 99 AND price_limit >= 0)",
        "A price falls by 0 to 99 %, and a limit is no less than 0.",
    )

    @api.depends("brand_id.name", "name")
    def _compute_display_name(self):
        for product in self:
            parts = (product.brand_id.name, product.name)
            product.display_name = " · ".join(part for part in parts if part)

    @api.depends("product_id")
    def _compute_categ_id(self):
        for rival in self.filtered("product_id"):
            rival.categ_id = rival.product_id.categ_id

    @api.depends("observation_ids")
    @api.depends_context("uid")
    def _compute_last_price(self):
        """The newest price among those the reader may see."""
        Seen = self.env["field.price.observation"]
        newest = Seen._read_group(
            [("rival_id", "in", self.ids), ("price", ">", 0)], ["rival_id"], ["id:max"]
        )
        last = {rival.id: Seen.browse(last) for rival, last in newest}
        for product in self:
            product.last_price = last[product.id].price if product.id in last else 0.0

    def _get_usual_prices(self, before):
        """``{product id: mean price of the 90 days before that moment}``, everybody's."""
        domain = Domain("rival_id", "in", self.ids) & Domain("price", ">", 0)
        domain &= Domain("observed_at", "<", before)
        domain &= Domain("observed_at", ">=", fields.Datetime.subtract(before, days=_DAYS))
        Seen = self.env["field.price.observation"].sudo()
        groups = Seen._read_group(domain, ["rival_id"], ["price:avg"])
        return {rival.id: mean for rival, mean in groups}

    def _judge_price(self, price, usual):
        """Why a price is worth a word: ``limit``, ``drop`` or False.

        :param usual: mean of the last 90 days, or None
        """
        self.ensure_one()
        if self.price_limit and price < self.price_limit:
            return "limit"
        if self.drop_percent and usual and price <= usual * (100 - self.drop_percent) / 100:
            return "drop"
        return False

    def _tell(self, observation):
        """One open activity per product: the watcher looks at the prices, not at each shop."""
        self.ensure_one()
        watcher = self.brand_id.watcher_id
        product = self.sudo().with_context(mail_activity_quick_update=True)
        known = product.activity_ids.filtered(lambda activity: activity.user_id == watcher)
        if not watcher or known:
            return
        product.activity_schedule(
            _ACTIVITY,
            user_id=watcher.id,
            summary=self.env._(
                "%(product)s: %(price)s at %(customer)s",
                product=self.display_name,
                price=f"{observation.price:g}",
                customer=observation.partner_id.display_name,
            ),
        )

    def action_open_prices(self):
        """The observed prices of these products."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_visit.field_price_observation_action"
        )
        return {**action, "domain": [("rival_id", "in", self.ids)], "context": {}}
