from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.datum import from_datum
from ..tools.navigation import nav_links

COORDINATES = ("partner_latitude", "partner_longitude")
ENTRANCE = ("field_entrance_lat", "field_entrance_lng")


class ResPartner(models.Model):
    """Where a customer is, how that is known, and where one goes in."""

    _inherit = "res.partner"

    field_position_source = fields.Selection(
        [
            ("manual", "Set by hand"),
            ("geocode", "Address search"),
            ("import", "Import"),
            ("visits", "Check-ins"),
        ],
        "Position from",
        readonly=True,
        copy=False,
        help="How the position of this customer came to be known.",
    )
    field_position_accuracy = fields.Float(
        "Position good to (m)",
        digits=(10, 1),
        copy=False,
        help="How far the position may be off, in metres; 0 when nobody knows.",
    )
    field_position_at = fields.Datetime("Position set on", readonly=True, copy=False)
    field_entrance_lat = fields.Float(
        "Entrance latitude",
        digits=(10, 7),
        help="Where one goes in, when that is not where the pin is. Navigation leads here.",
    )
    field_entrance_lng = fields.Float("Entrance longitude", digits=(10, 7))
    field_position_datum = fields.Selection(
        [("wgs84", "WGS-84 (GPS)"), ("gcj02", "GCJ-02 (Amap, Tencent)"), ("bd09", "BD-09 (Baidu)")],
        "Coordinates given in",
        store=False,
        help="For imports: the system of the coordinates in the file. They are kept in WGS-84.",
    )
    field_is_own_company = fields.Boolean(
        "Own company",
        compute="_compute_field_is_own_company",
        search="_search_field_is_own_company",
        help="The contact of one of the companies of this database: no customer.",
    )

    _field_position_range = models.Constraint(
        "CHECK(field_position_accuracy >= 0)", "An accuracy cannot be negative."
    )
    _field_latlng_idx = models.Index(
        "(partner_latitude, partner_longitude) WHERE partner_latitude <> 0"
    )

    def _compute_field_is_own_company(self):
        own = self._field_own_companies()
        for partner in self:
            partner.field_is_own_company = partner in own

    def _search_field_is_own_company(self, operator, value):
        if operator != "in":
            return NotImplemented
        own = Domain("id", "in", self._field_own_companies().ids)
        return own if True in value else ~own

    @api.model
    def _field_own_companies(self):
        """Contacts of the companies themselves, also of those the reader may not enter."""
        Company = self.env["res.company"].sudo().with_context(active_test=False)
        companies = Company.search([("partner_id", "!=", False)])
        return self.browse(companies.partner_id.ids)

    @api.constrains(*COORDINATES, *ENTRANCE)
    def _check_field_coordinates(self):
        for partner in self:
            for lat, lng in (COORDINATES, ENTRANCE):
                if abs(partner[lat]) > 90 or abs(partner[lng]) > 180:
                    raise ValidationError(
                        self.env._(
                            "%(lat)s, %(lng)s is no place on earth: the latitude lies between "
                            "-90 and 90, the longitude between -180 and 180.",
                            lat=partner[lat],
                            lng=partner[lng],
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._field_prepare_position(vals) for vals in vals_list])

    def write(self, vals):
        if "field_position_datum" in vals and len(self.country_id) > 1:
            # each country has its own answer to where maps are shifted
            for partner in self:
                partner.write(dict(vals))
            return True
        return super().write(self._field_prepare_position(vals))

    def _field_prepare_position(self, vals):
        """Coordinates in WGS-84, with where they come from."""
        vals = dict(vals)
        datum = vals.pop("field_position_datum", None) or "wgs84"
        for lat, lng in (COORDINATES, ENTRANCE):
            if datum != "wgs84" and vals.get(lat) and vals.get(lng):
                country = self._field_country_code(vals)
                vals[lat], vals[lng] = from_datum(vals[lat], vals[lng], datum, country)
        if not any(name in vals for name in COORDINATES):
            return vals
        known = any(vals.get(name) for name in COORDINATES)
        source = vals.get("field_position_source") or self._field_guess_source(vals)
        vals["field_position_source"] = known and source
        vals["field_position_at"] = known and fields.Datetime.now()
        vals.setdefault("field_position_accuracy", 0.0)
        return vals

    def _field_country_code(self, vals):
        country = self.country_id[:1]
        if vals.get("country_id"):
            country = self.env["res.country"].browse(vals["country_id"])
        return country.code

    def _field_guess_source(self, vals):
        if vals.get("date_localization"):  # what base_geolocalize writes beside them
            return "geocode"
        return "import" if self.env.context.get("import_file") else "manual"

    def _field_navigation_point(self):
        """``(lat, lng)`` that navigation should lead to: the entrance if it is known."""
        self.ensure_one()
        if self.field_entrance_lat or self.field_entrance_lng:
            return self.field_entrance_lat, self.field_entrance_lng
        return self._field_position()

    def _field_navigation_links(self, platform="desktop"):
        """Links of map apps to this customer, see :func:`..tools.navigation.nav_links`."""
        point = self._field_navigation_point()
        if not point:
            return []
        return nav_links(*point, self.display_name, platform, self.country_id.code)
