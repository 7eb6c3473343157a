"""What belongs into a pool and who is fit for it: regions, segments, people's abilities."""

from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.area import area_contains, read_area

LEVELS = [("1", "Newcomer"), ("2", "Regular"), ("3", "Senior")]
DEFAULT_LEVEL = "2"


class FieldLeadRegion(models.Model):
    """A part of the country: states, cities, or an area drawn on a map."""

    _name = "field.lead.region"
    _description = "Sales Region"
    _inherit = ["field.lead.rule.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state_ids = fields.Many2many("res.country.state", string="States or Provinces")
    cities = fields.Text(help="One city a line, as it stands in the address.")
    area = fields.Text(
        "Area (GeoJSON)",
        help="A Polygon or MultiPolygon in WGS-84, as every map program exports it. A lead with a "
        "position belongs to the region whose area it lies in.",
    )

    @api.constrains("area")
    def _check_area(self):
        for region in self.filtered("area"):
            try:
                read_area(region.area)
            except ValueError as exc:
                message = self.env._(
                    "The area of “%(region)s” is not a GeoJSON polygon.", region=region.name
                )
                raise ValidationError(message) from exc

    def _get_of_leads(self, leads):
        """The region of each lead: by area when it has a position, else by city, then by state.

        :returns: ``{lead.id: field.lead.region}``
        """
        areas = [(region, read_area(region.area)) for region in self if region.area]
        cities = {
            city.strip().casefold(): region
            for region in reversed(self)
            for city in (region.cities or "").splitlines()
            if city.strip()
        }
        states = {state: region for region in reversed(self) for state in region.state_ids}
        found = {}
        for lead in leads:
            lat, lng = lead.field_lat, lead.field_lng
            inside = (
                region for region, rings in areas if (lat or lng) and area_contains(rings, lat, lng)
            )
            city = (lead.city or "").strip().casefold()
            found[lead.id] = (
                next(inside, False)
                or cities.get(city)
                or states.get(lead.state_id)
                or self.browse()
            )
        return found


class FieldLeadSegment(models.Model):
    """A kind of customer that asks for a certain experience, such as key accounts."""

    _name = "field.lead.segment"
    _description = "Lead Segment"
    _inherit = ["field.lead.rule.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    level_min = fields.Selection(
        LEVELS,
        "At Least",
        help="Who is less experienced neither claims such leads nor gets them. Empty: everybody.",
    )
    level_max = fields.Selection(
        LEVELS,
        "At Most",
        help="Automatic assignment leaves such leads to people of up to this level.",
    )
    lead_domain = fields.Char(
        "Leads",
        default="[]",
        help="A new lead without a segment that meets this condition gets it; the first one "
        "counts. Empty: the segment is only chosen by hand.",
    )

    def _get_of_leads(self, leads):
        """:returns: ``{lead.id: field.lead.segment}`` by the conditions of the segments"""
        found = dict.fromkeys(leads.ids, self.browse())
        rest = leads
        for segment in self:
            domain = literal_eval(segment.lead_domain or "[]")
            if domain:
                matching = rest.filtered_domain(domain)
                found.update(dict.fromkeys(matching.ids, segment))
                rest -= matching
        return found


class FieldLeadSeller(models.Model):
    """What one person can do: his experience, his regions, the languages he speaks."""

    _name = "field.lead.seller"
    _description = "Seller Profile"
    _inherit = ["field.scope.mixin"]
    _order = "level desc, id"
    _rec_name = "user_id"

    level = fields.Selection(LEVELS, required=True, default=DEFAULT_LEVEL)
    region_ids = fields.Many2many("field.lead.region", string="Regions", help="Empty: all.")
    segment_ids = fields.Many2many("field.lead.segment", string="Segments", help="Empty: all.")
    lang_ids = fields.Many2many("res.lang", string="Languages", help="Empty: any.")
    open_cap = fields.Integer(
        "Open Leads at Most",
        help="Automatic assignment stops at this number of open leads. 0: no limit.",
    )

    _user_uniq = models.UniqueIndex(
        "(user_id, company_id)", "This person already has a profile in this company."
    )
    _open_cap_positive = models.Constraint(
        "CHECK(open_cap >= 0)", "The number of open leads cannot be negative."
    )

    @api.model
    def _get_for(self, users, company):
        """:returns: ``{user.id: field.lead.seller}`` (sudo), empty for who has no profile"""
        found = self.sudo().search([("user_id", "in", users.ids), ("company_id", "=", company.id)])
        by_user = {seller.user_id.id: seller for seller in found}
        return {user.id: by_user.get(user.id, self.sudo().browse()) for user in users}

    def _get_level(self):
        return self.level or DEFAULT_LEVEL

    def _fits_region(self, lead):
        regions = self.region_ids
        return not regions or not lead.field_region_id or lead.field_region_id in regions

    def _fits_segment(self, lead):
        segments = self.segment_ids
        return not segments or not lead.field_segment_id or lead.field_segment_id in segments


class FieldLeadPool(models.Model):
    _inherit = "field.lead.pool"

    region_ids = fields.Many2many(
        "field.lead.region",
        string="Regions",
        domain="[('company_id', '=', company_id)]",
        help="New leads of these regions go into this pool. Empty: of all regions.",
    )
    segment_ids = fields.Many2many(
        "field.lead.segment",
        string="Segments",
        domain="[('company_id', '=', company_id)]",
        help="New leads of these segments go into this pool. Empty: of all segments.",
    )
    own_region_only = fields.Boolean(
        "Only in One's Own Regions",
        tracking=True,
        help="Members claim leads of the regions in their seller profile only.",
    )
    cooldown_days = fields.Integer(
        "Last Owner Waits (days)",
        tracking=True,
        help="Who held a lead last cannot claim it again for so many days. 0: at once.",
    )
    team_cooldown_days = fields.Integer(
        "His Team Waits (days)",
        tracking=True,
        help="Nor can people with the same leader or of the same sales team: two friends cannot "
        "pass a lead to and fro. 0: at once.",
    )

    _cooldown_positive = models.Constraint(
        "CHECK(cooldown_days >= 0 AND team_cooldown_days >= 0)",
        "A number of days cannot be negative.",
    )

    def _get_for_leads(self, leads):
        """The first of these pools that takes each lead.

        :returns: ``{lead.id: field.lead.pool}``
        """
        return {
            lead.id: next((pool for pool in self if pool._takes(lead)), self.browse())
            for lead in leads
        }

    def _takes(self, lead):
        if lead.company_id and lead.company_id != self.company_id:
            return False
        return (not self.region_ids or lead.field_region_id in self.region_ids) and (
            not self.segment_ids or lead.field_segment_id in self.segment_ids
        )
