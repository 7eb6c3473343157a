import base64
import contextlib
import logging

import requests

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import prospects
from ..tools.business_kinds import BUSINESS_KINDS
from ..tools.same_customer import phone_key

_logger = logging.getLogger(__name__)
_TIMEOUT = 25  # seconds: Overpass is given 20
_MOST_RADIUS = 5000


class FieldProspectProvider(models.Model):
    """Who knows the businesses round a place."""

    _name = "field.prospect.provider"
    _description = "Source of prospects"
    _inherit = ["field.service.mixin"]

    kind = fields.Selection(
        [
            ("overpass", "OpenStreetMap (Overpass)"),
            ("amap", "Amap"),
            ("list", "List of our own (CSV, GeoJSON)"),
        ],
        required=True,
        default="overpass",
    )
    url = fields.Char(help="Empty takes the usual address of the service.")
    file = fields.Binary(attachment=True, help="With name, latitude, longitude; phone and address.")
    file_name = fields.Char()
    coord_system = fields.Selection(
        [("wgs84", "WGS-84 (GPS)"), ("gcj02", "GCJ-02 (Amap, Tencent)"), ("bd09", "BD-09 (Baidu)")],
        "Coordinate system",
        required=True,
        default="wgs84",
        help="Of the positions in the list. Maps of China show places some hundred metres away "
        "from where satellites say they are; lists made with them have to say so.",
    )
    row_count = fields.Integer("Rows", compute="_compute_row_count", store=True)

    @api.depends("file", "kind")
    def _compute_row_count(self):
        for provider in self:
            provider.row_count = 0
            if provider.kind == "list" and provider.file:
                # what cannot be read is refused by the constraint, with its reason
                with contextlib.suppress(prospects.ProspectError):
                    provider.row_count = len(provider._read_file())

    @api.constrains("file", "kind")
    def _check_file(self):
        for provider in self.filtered(lambda one: one.kind == "list" and one.file):
            try:
                provider._read_file()
            except prospects.ProspectError as error:
                raise ValidationError(
                    self.env._("The list cannot be read: %(error)s", error=error)
                ) from error

    def _read_file(self):
        self.ensure_one()
        data = base64.b64decode(self.with_context(bin_size=False).file)
        return prospects.read_list(data, self.name, self.coord_system)

    def _find(self, lat, lng, radius_m, words=""):
        """Places of one provider: ``[(metres, Candidate)]``.

        :raises ProspectError: it did not answer with places
        """
        self.ensure_one()
        if self.kind == "list":
            candidates = self._read_file() if self.file else []
            if words:
                candidates = [one for one in candidates if words.lower() in one.name.lower()]
            return prospects.near(candidates, lat, lng, radius_m)
        url, params, form = prospects.ask(self.kind, self.url, self.key, lat, lng, radius_m, words)
        try:
            if form:
                response = requests.post(url, data=form, timeout=_TIMEOUT)
            else:
                response = requests.get(url, params=params, timeout=_TIMEOUT)
            answer = response.json()
        except (requests.RequestException, ValueError) as error:
            raise prospects.ProspectError(type(error).__name__) from error
        return prospects.near(prospects.read(self.kind, answer), lat, lng, radius_m)

    @api.model
    def find_nearby(self, lat, lng, radius_m=500, words=""):
        """Businesses round a place that are no customers yet.

        What is surely a customer (same phone number, same name, or nearly the same name at the
        same place) is hidden. A provider that does not answer is named, the others count.

        :returns: dict of ``places`` (``ref name lat lng phone address kind metres`` each),
            ``hidden`` (how many), ``silent`` (names) and ``providers`` (how many)
        """
        self.env["res.partner"].check_access("read")
        radius = max(50, min(float(radius_m), _MOST_RADIUS))
        providers = self.sudo().search([("company_id", "=", self.env.company.id)])
        found, silent = [], []
        for provider in providers:
            try:
                found += provider._find(float(lat), float(lng), radius, (words or "").strip())
            except prospects.ProspectError as error:
                _logger.info("source of prospects %s: %s", provider.id, error)
                silent.append(provider.name)
        places, hidden = self._hide_known(sorted(found, key=lambda one: one[0]))
        return {
            "places": places,
            "hidden": hidden,
            "silent": silent,
            "providers": len(providers),
        }

    @api.model
    def _hide_known(self, found):
        """``(places, number of hidden)``; also what two providers both know is there once."""
        Partner = self.env["res.partner"].sudo()
        places, hidden, seen = [], 0, set()
        refs = Domain("field_prospect_ref", "in", [one.ref for _metres, one in found])
        by_ref = Partner.search(refs).grouped("field_prospect_ref")
        for metres, one in found:
            keys = {one.ref, f"phone {phone_key(one.phone)}" if phone_key(one.phone) else one.ref}
            if keys & seen:
                continue
            seen |= keys
            card = {"name": one.name, "phone": one.phone}
            known = Partner.browse(Partner._field_find_same(card, (one.lat, one.lng)))
            known |= by_ref.get(one.ref, Partner)[:1]
            # who was found once and never visited can be found again
            free = known.filtered(lambda p, ref=one.ref: p.field_prospect_ref == ref)
            if known - free.filtered(lambda p: p._field_is_free_again()):
                hidden += 1
                continue
            places.append(
                {
                    "ref": one.ref,
                    "name": one.name,
                    "lat": one.lat,
                    "lng": one.lng,
                    "phone": one.phone,
                    "address": one.address,
                    "kind": self._say_kind(one.kind),
                    "metres": round(metres),
                }
            )
        return places, hidden

    @api.model
    def _say_kind(self, kind):
        """A kind of business in the reader's language; a rare one as it is called in the data."""
        known = BUSINESS_KINDS.get(kind)
        return known._translate(self.env.lang or "en_US") if known else kind.replace("_", " ")

    @api.model
    def add_prospect(self, place, start_visit=False):
        """Make a customer of a place; it is one's own from now on.

        Works without any provider: a name and a position are enough. The same place again gives the
        customer that is there already.

        :param dict place: as in :meth:`find_nearby`; ``name``, ``lat`` and ``lng`` are needed
        :param bool start_visit: also make today's visit
        :returns: ``{"partner_id", "visit_id" or False}``
        :raises UserError: without a name or a position
        """
        user = self.env.user
        if not user.has_group("field_base.field_base_group_rep"):
            raise UserError(self.env._("Customers are added by representatives."))
        partner = self._make_partner(place)
        visit = self.env["field.visit"]
        if start_visit:
            visit = visit._find_or_create_today(partner)
        return {"partner_id": partner.id, "visit_id": visit.id}

    @api.model
    def _make_partner(self, place):
        name, lat, lng = (place.get(key) for key in ("name", "lat", "lng"))
        numbers = isinstance(lat, (int, float)) and isinstance(lng, (int, float))
        if not (isinstance(name, str) and name.strip() and numbers):
            raise UserError(self.env._("A new customer needs a name and a position."))
        Partner = self.env["res.partner"].sudo()
        ref = str(place.get("ref") or "")
        known = ref and Partner.search([("field_prospect_ref", "=", ref)], limit=1)
        if known:
            if known._field_is_free_again():
                known.with_env(self.env)._field_keep_for_finder()
            return known.with_env(self.env)
        values = {
            "name": name.strip()[:200],
            "phone": str(place.get("phone") or "")[:40],
            "vat": str(place.get("vat") or "")[:32],
        }
        same = Partner._field_find_same(values, (lat, lng))
        partner = Partner.create(
            {
                **values,
                "is_company": True,
                "street": str(place.get("address") or "")[:200],
                "partner_latitude": lat,
                "partner_longitude": lng,
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "field_life": "prospect",
                "field_prospect_ref": ref or False,
            }
        )
        partner._field_note_same(same)
        partner.with_env(self.env)._field_keep_for_finder()
        return partner.with_env(self.env)

    def action_try(self):
        """Read the list, or ask for one place in the middle of Shanghai, and say what came back.

        :raises UserError: with the words of the provider
        """
        self.ensure_one()
        self.check_access("write")
        try:
            if self.kind == "list":
                count = len(self._read_file()) if self.file else 0
            else:
                count = len(self._find(31.2304, 121.4737, 500))
        except prospects.ProspectError as error:
            raise UserError(self.env._("The source says: %(error)s", error=error)) from error
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.name,
                "message": self.env._("%(count)s places", count=count),
                "type": "success",
            },
        }
