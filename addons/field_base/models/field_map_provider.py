import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.pmtiles import HEADER_BYTES, PmtilesError, read_header

PLACEHOLDER = re.compile(r"\{(\w+)\}")
PLACEHOLDERS = {"x", "y", "z", "s", "r", "key"}


class FieldMapProvider(models.Model):
    """Where the streets under a map come from. Without one, maps draw what is built in."""

    _name = "field.map.provider"
    _description = "Map provider"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null")
    kind = fields.Selection(
        [("raster", "Online tiles"), ("pmtiles", "Map package (PMTiles)")],
        required=True,
        default="raster",
    )
    url = fields.Char(
        "Address of the tiles",
        help="With {x}, {y} and {z}; {s} for one of the subdomains, {key} for the key, {r} for @2x "
        "on sharp screens.",
    )
    labels_url = fields.Char(
        "Address of the labels", help="A second layer drawn above, where names are apart."
    )
    subdomains = fields.Char(help="One character each, e.g. 0123.")
    key = fields.Char(
        groups="field_base.field_base_group_admin",
        copy=False,
        help="What the provider gave you. It is put into the addresses; whoever opens a map can "
        "see it there, so restrict it to your own pages at the provider.",
    )
    datum = fields.Selection(
        [("wgs84", "WGS-84 (GPS)"), ("gcj02", "GCJ-02 (Amap, Tencent)"), ("bd09", "BD-09 (Baidu)")],
        "Coordinate system",
        required=True,
        default="wgs84",
        help="Positions are kept in WGS-84 and moved only for drawing on this map.",
    )
    region = fields.Selection(
        [("mainland", "Mainland China"), ("mainland_hk_mo", "Mainland, Hong Kong and Macau")],
        "Shifted in",
        required=True,
        default="mainland",
        help="Where this provider's map is shifted. Elsewhere it shows positions as they are.",
    )
    min_zoom = fields.Integer("Zoom from", default=2)
    max_zoom = fields.Integer("Zoom to", default=18)
    attribution = fields.Char(help="Printed in the corner of every map: the source asks for it.")
    approval_no = fields.Char(
        "Map approval number",
        help="Maps shown to the public in mainland China carry the number of their approval "
        "(审图号). Printed in the corner of every map.",
    )
    allow_cache = fields.Boolean(
        "May be kept on phones",
        help="Whether the terms of the provider allow keeping tiles. Most forbid it: then reps "
        "have streets only while they are online, or from a map package.",
    )
    terms_url = fields.Char("Terms of use")
    note = fields.Text(translate=True)
    package_ids = fields.Many2many(
        "ir.attachment",
        string="Map package",
        copy=False,
        help="A PMTiles file of your region, made from OpenStreetMap data. It is served by this "
        "database and works without internet.",
    )
    package_id = fields.Many2one("ir.attachment", compute="_compute_package_id")
    package_size = fields.Integer("Size of the package", compute="_compute_package_id")
    bounds = fields.Json(readonly=True, copy=False)
    tile_type = fields.Char(readonly=True, copy=False)
    is_chosen = fields.Boolean("Used on all maps", compute="_compute_is_chosen")

    _zoom_range = models.Constraint(
        "CHECK(min_zoom BETWEEN 0 AND 22 AND max_zoom BETWEEN min_zoom AND 22)",
        "The zoom levels lie between 0 and 22, the first not above the last.",
    )

    @api.depends("package_ids")
    def _compute_package_id(self):
        for provider in self:
            provider.package_id = provider.package_ids[:1]
            provider.package_size = provider.package_id.file_size

    @api.depends_context("company")
    def _compute_is_chosen(self):
        chosen = self.env.company.sudo().field_map_provider_id
        for provider in self:
            provider.is_chosen = provider == chosen

    @api.constrains("url", "labels_url", "kind")
    def _check_url(self):
        for provider in self.filtered(lambda one: one.kind == "raster"):
            if not provider.url:
                raise ValidationError(self.env._("Online tiles need an address."))
            for url in filter(None, (provider.url, provider.labels_url)):
                provider._check_template(url)

    def _check_template(self, url):
        names = set(PLACEHOLDER.findall(url))
        if not url.startswith(("https://", "http://", "/")) or not {"x", "y", "z"} <= names:
            raise ValidationError(
                self.env._(
                    "The address of the tiles begins with https:// and holds {x}, {y} and {z}, "
                    "as in https://tiles.example.com/{z}/{x}/{y}.png"
                )
            )
        if names - PLACEHOLDERS:
            raise ValidationError(
                self.env._(
                    "Nothing is known to put in for %(names)s. An address may hold %(known)s.",
                    names=", ".join(f"{{{name}}}" for name in sorted(names - PLACEHOLDERS)),
                    known=", ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS)),
                )
            )

    @api.constrains("active", "company_id")
    def _check_chosen(self):
        """What all maps use must be there for them."""
        companies = (
            self.env["res.company"].sudo().search([("field_map_provider_id", "in", self.ids)])
        )
        for company in companies:
            provider = company.field_map_provider_id
            if not provider.active or provider.company_id not in (company, company.browse()):
                raise ValidationError(
                    self.env._(
                        "“%(provider)s” is used on the maps of %(company)s. Choose another one "
                        "there first.",
                        provider=provider.name,
                        company=company.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        providers = super().create(vals_list)
        providers.filtered("package_ids")._read_packages()
        return providers

    def write(self, vals):
        result = super().write(vals)
        if "package_ids" in vals:
            self._read_packages()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_packages(self):
        self.package_ids.sudo().unlink()

    def _read_packages(self):
        """Take over what the uploaded files say of themselves; the newest upload counts."""
        for provider in self:
            packages = provider.package_ids.sorted("id")
            packages.check_access("write")  # nobody takes over somebody else's file
            (packages - packages[-1:]).sudo().unlink()
            package = packages[-1:].sudo()
            if not package:
                provider.write({"bounds": False, "tile_type": False})
                continue
            header = provider._read_header(package)
            # readable for whoever may read the provider
            package.write({"res_model": self._name, "res_id": provider.id, "public": False})
            provider.write(
                {
                    "kind": "pmtiles",
                    "bounds": [header.south, header.west, header.north, header.east],
                    "tile_type": header.tile_type,
                    "min_zoom": header.min_zoom,
                    "max_zoom": header.max_zoom,
                }
            )

    def _read_header(self, attachment):
        try:
            return read_header(self._read_head(attachment))
        except PmtilesError as error:
            raise ValidationError(
                self.env._(
                    "“%(file)s” is no map package that can be used here: a PMTiles file of "
                    "version 3 is needed (%(code)s).",
                    file=attachment.name,
                    code=error,
                )
            ) from error

    def _read_head(self, attachment):
        """The first bytes only: the file may be larger than the memory."""
        if not attachment.store_fname:
            return (attachment.raw or b"")[:HEADER_BYTES]
        with open(attachment._full_path(attachment.store_fname), "rb") as file:
            return file.read(HEADER_BYTES)

    def action_choose(self):
        """Use this provider on all maps of the company.

        :raises UserError: when the key or the package is missing
        """
        self.ensure_one()
        self.check_access("write")
        self._check_ready()
        self.active = True
        self.env.company.sudo().field_map_provider_id = self
        return True

    def action_drop(self):
        """Go back to the built-in map."""
        self.check_access("write")
        company = self.env.company.sudo()
        if company.field_map_provider_id in self:
            company.field_map_provider_id = False
        return True

    def _check_ready(self):
        if self.company_id and self.company_id != self.env.company:
            raise UserError(
                self.env._("“%s” belongs to another company.", self.name),
            )
        if self.kind == "pmtiles" and not self.package_ids:
            raise UserError(self.env._("Upload the map package first."))
        if self.kind == "raster" and "{key}" in f"{self.url}{self.labels_url}" and not self.key:
            raise UserError(
                self.env._("Enter the key that “%s” gave you first.", self.name),
            )

    @api.model
    def _get_client_config(self, phone=False):
        """What a map of the current company needs to know, for the web client and the phone.

        :param phone: packages are fetched with the device's token instead of a session
        :returns: dict of ``providers`` (the best first; when one fails the map goes on to the
            next, at last to what is built in) and ``navigation_app``
        """
        company = self.env.company
        chosen = company.sudo().field_map_provider_id
        packages = self.sudo().search(
            [
                ("kind", "=", "pmtiles"),
                ("package_ids", "!=", False),
                ("company_id", "in", (False, company.id)),
            ],
            limit=1,
        )
        return {
            "providers": [
                provider.sudo()._prepare_client_values(phone) for provider in chosen | packages
            ],
            "navigation_app": self.env.user.field_navigation_app or False,
        }

    def _prepare_client_values(self, phone=False):
        """One provider as the map component takes it; the key is put in here."""
        values = {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "datum": self.datum,
            "region": self.region,
            "minZoom": self.min_zoom,
            "maxZoom": self.max_zoom,
            "attribution": self.attribution or "",
            "approvalNo": self.approval_no or "",
            "allowCache": self.allow_cache,
        }
        if self.kind == "pmtiles":
            package = self.package_id
            path = "/field/api/v1/map/package" if phone else "/web/content"
            return values | {
                "url": f"{path}/{package.id}?unique={(package.checksum or '')[:12]}",
                "bounds": self.bounds,
                "tileType": self.tile_type,
                "size": package.file_size,
                "checksum": package.checksum,
            }
        return values | {
            "url": self._put_in_key(self.url),
            "labelsUrl": self._put_in_key(self.labels_url),
            "subdomains": self.subdomains or "abc",
        }

    def _put_in_key(self, url):
        return (url or "").replace("{key}", (self.key or "").strip())
