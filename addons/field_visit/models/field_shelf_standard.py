"""How a shelf should look at customers of a class: what must be there, how much, at what price.

Each change makes a new version; a count is judged by the version the person had before him.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.image import image_data_uri

from ..tools import shelf
from odoo.addons.field_base.tools.errors import FieldRejected


class FieldShelfStandard(models.Model):
    _name = "field.shelf.standard"
    _description = "Shelf Standard"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first that fits a customer holds for him.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to offer the standard to every company."
    )
    grade_ids = fields.Many2many("field.grade", string="At grades", help="Empty for all.")
    channel_ids = fields.Many2many("field.channel", string="In channels", help="Empty for all.")
    line_ids = fields.One2many("field.shelf.line", "standard_id", "Products", copy=True)
    line_count = fields.Integer("Number of products", compute="_compute_line_count")
    weight_present = fields.Integer("On the shelf", required=True, default=50)
    weight_facings = fields.Integer("Facings", required=True, default=20)
    weight_price = fields.Integer("Price", required=True, default=20)
    weight_stock = fields.Integer("Stock", required=True, default=10)
    image = fields.Image("How it should look", max_width=1280, max_height=1280)
    image_512 = fields.Image(
        "Picture for the phone", related="image", max_width=512, max_height=512, store=True
    )
    expiry_days = fields.Integer(
        "Use-by date at least (days)",
        default=0,
        help="Asks for the earliest use-by date of each product; one that is nearer is a gap. "
        "0 does not ask.",
    )
    asks_share = fields.Boolean(
        "Facings of others",
        help="Asks how many facings others have of each product group: our share of the shelf.",
    )
    task_days = fields.Integer(
        "Gaps to be closed within (days)",
        default=0,
        help="Gaps become a work package of the person who found them; 0 makes none.",
    )
    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    version_ids = fields.One2many("field.shelf.version", "standard_id", "Versions")

    _weights_positive = models.Constraint(
        "CHECK(weight_present >= 0 AND weight_facings >= 0 AND weight_price >= 0"
        " AND weight_stock >= 0"
        " AND weight_present + weight_facings + weight_price + weight_stock > 0)",
        "Weights are 0 or more, and one of them counts.",
    )
    _task_days_range = models.Constraint(
        "CHECK(task_days BETWEEN 0 AND 90)", "Gaps are closed within 90 days."
    )

    _expiry_days_range = models.Constraint(
        "CHECK(expiry_days BETWEEN 0 AND 3650)", "Use-by dates lie within ten years."
    )

    @api.depends("line_ids")
    def _compute_line_count(self):
        for standard in self:
            standard.line_count = len(standard.line_ids)

    @api.model
    def _for_partner(self, partner, company):
        """The standard that holds for a customer; none when no one fits.

        :returns: field.shelf.standard
        """
        fits = Domain("company_id", "in", (False, company.id))
        fits &= Domain("grade_ids", "=", False) | Domain(
            "grade_ids", "in", partner.field_grade_id.ids
        )
        fits &= Domain("channel_ids", "=", False) | Domain(
            "channel_ids", "in", partner.field_channel_id.ids
        )
        return self.search(fits, limit=1)

    def _get_version(self):
        """The version that holds now, made when it is asked for the first time."""
        self.ensure_one()
        Version = self.env["field.shelf.version"].sudo()
        known = Version.search([("standard_id", "=", self.id), ("number", "=", self.version)])
        return known or Version.create(
            {
                "standard_id": self.id,
                "number": self.version,
                "weights": {name: self[f"weight_{name}"] for name in shelf.PILLARS},
                "lines": [line._get_definition() for line in self.sudo().line_ids],
                "expiry_days": self.expiry_days,
            }
        )

    def _changed(self):
        for standard in self.exists():
            standard.version += 1

    def write(self, vals):
        result = super().write(vals)
        shown = ("weight_", "image", "expiry_days", "asks_share", "grade_ids", "channel_ids")
        if any(name.startswith(shown) for name in vals):
            self._changed()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", standard.name))
            for standard, vals in zip(self, vals_list, strict=True)
        ]


class FieldShelfLine(models.Model):
    _name = "field.shelf.line"
    _description = "Product of a Shelf Standard"
    _order = "standard_id, sequence, id"

    standard_id = fields.Many2one(
        "field.shelf.standard", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one("product.product", required=True, index=True, ondelete="cascade")
    is_must = fields.Boolean("Must be there", default=True)
    min_facings = fields.Integer("Facings at least")
    target_qty = fields.Integer(
        "Stock wanted", help="What is missing to it is the suggested order."
    )
    price_from = fields.Float("Price from", digits="Product Price")
    price_to = fields.Float("Price to", digits="Product Price", help="0 for no limit.")

    _product_uniq = models.UniqueIndex(
        "(standard_id, product_id)", "Each product stands in a standard once."
    )
    _numbers_positive = models.Constraint(
        "CHECK(min_facings >= 0 AND target_qty >= 0 AND price_from >= 0"
        " AND (price_to = 0 OR price_to >= price_from))",
        "Numbers are 0 or more, and the highest price is not below the lowest.",
    )

    def _get_definition(self):
        """As ``tools/shelf.py`` reads it."""
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "must": self.is_must,
            "facings": self.min_facings,
            "target": self.target_qty,
            "from": self.price_from,
            "to": self.price_to,
        }

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.standard_id._changed()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.standard_id._changed()
        return result

    def unlink(self):
        standards = self.standard_id
        result = super().unlink()
        standards._changed()
        return result


class FieldShelfVersion(models.Model):
    """What a standard asked for at one time; counts refer to it, so it never changes."""

    _name = "field.shelf.version"
    _description = "Version of a Shelf Standard"
    _order = "standard_id, number desc"
    _rec_name = "number"

    standard_id = fields.Many2one(
        "field.shelf.standard", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    weights = fields.Json(required=True, readonly=True)
    lines = fields.Json(readonly=True)  # none where only the share of the shelf is asked
    expiry_days = fields.Integer("Use-by date at least (days)", readonly=True, aggregator=None)

    _number_uniq = models.UniqueIndex("(standard_id, number)", "Each version has its number.")

    def _as_app_values(self):
        """The standard as a phone keeps it, products with their names in the reader's language.

        :returns: ``{"id", "version", "name", "weights", "lines": [{…, "name", "group_id"}],
            "groups": [{"id", "name"}]}``, the groups where the facings of others are asked for
        """
        self.ensure_one()
        standard = self.standard_id
        lines = self.lines or []
        found = self.env["product.product"].browse([line["product_id"] for line in lines])
        known = found.exists()
        names = {product.id: product.display_name for product in known}
        groups = {product.id: product.categ_id.id or 0 for product in known}
        return {
            "id": standard.id,
            "sequence": standard.sequence,
            "version": self.number,
            "name": standard.name,
            "grade_ids": standard.grade_ids.ids,
            "channel_ids": standard.channel_ids.ids,
            "weights": self.weights,
            "expiry_days": self.expiry_days,
            "picture": image_data_uri(standard.image_512) if standard.image_512 else "",
            "lines": [
                {
                    **line,
                    "name": names[line["product_id"]],
                    "group_id": groups[line["product_id"]],
                }
                for line in lines
                if line["product_id"] in names
            ],
            "groups": known._get_shelf_groups() if standard.asks_share else [],
        }

    def _get_expiry_limit(self, day):
        """A use-by date up to this one is too near; none where nobody asks for them."""
        days = self.sudo().expiry_days
        return fields.Date.to_string(fields.Date.add(day, days=days)) if days else None

    @api.model
    def _find(self, standard_id, number):
        """The version a phone has shown.

        :raise FieldRejected: lines_wrong
        """
        known = self.sudo().search(
            [("standard_id", "=", standard_id or 0), ("number", "=", number or 0)]
        )
        if not known:
            raise FieldRejected(
                "lines_wrong", self.env._("The list of products does not exist any more.")
            )
        return known


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_shelf_groups(self):
        """The product groups of these, by name; those without one are together, as 0."""
        found = [{"id": group.id, "name": group.name} for group in self.categ_id.sorted("name")]
        if any(not product.categ_id for product in self):
            found.append({"id": 0, "name": self.env._("Other products")})
        return found
