import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.same_customer import NEAR_M, PHONE_DIGITS, name_words, phone_key, reasons, vat_key
from .res_partner import FIELD_GROUPS
from odoo.addons.field_base.tools.geo import bounding_box, haversine_m

_MOST = 5
_CANDIDATES = 200


class ResPartner(models.Model):
    """Who writes a new customer is told when he is there already."""

    _inherit = "res.partner"

    field_duplicate_ids = fields.Many2many(
        "res.partner",
        string="Perhaps the same",
        compute="_compute_field_duplicate_ids",
        groups=FIELD_GROUPS,
    )

    _field_phone_key_idx = models.Index(
        "(right(regexp_replace(phone, '\\D', '', 'g'), 8)) WHERE phone IS NOT NULL"
    )

    @api.depends("name", "phone", "vat", "partner_latitude", "partner_longitude")
    def _compute_field_duplicate_ids(self):
        """Asked while a card is being written, and never for lists of cards."""
        for partner in self:
            partner.field_duplicate_ids = False
            if partner._origin.id or not partner.name:
                continue
            values = {name: partner[name] for name in ("name", "phone", "vat")}
            found = self._field_find_same(values, partner._field_position())
            partner.field_duplicate_ids = self.browse(found)

    @api.model
    def field_find_duplicates(self, values, position=None):
        """Customers that may be the one somebody is about to add.

        :param dict values: ``name``, ``phone``, ``vat``; what is not known is left out
        :param position: ``{"lat", "lng"}`` in WGS-84, or None
        :returns: list of ``{"id", "name", "owner", "reasons"}``; reasons as in
            :func:`..tools.same_customer.reasons`
        """
        self.check_access("read")
        point = (position["lat"], position["lng"]) if position else None
        found = self._field_find_same(values, point)
        return [
            {
                "id": partner.id,
                "name": partner.display_name,
                "owner": partner.user_id.sudo().name or "",
                "reasons": found[partner.id],
            }
            for partner in self.browse(found)._filtered_access("read")
        ]

    def _field_note_same(self, found):
        """Say on a card that came from outside whom it may repeat; the office looks at it.

        Only customers whom the person may see are named: he reads the card too.

        :param found: what :meth:`_field_find_same` has found
        """
        self.ensure_one()
        seen = self.browse(found).with_user(self.env.user)._filtered_access("read")
        if seen:
            names = ", ".join(seen.mapped("display_name"))
            self.message_post(
                body=self.env._("Perhaps this customer is there already: %(names)s", names=names)
            )

    @api.model
    def _field_find_same(self, values, point):
        """``{partner.id: reasons}``, at most five, the surest first."""
        candidates = self._field_search_candidates(values, point)
        scored = []
        for partner in candidates:
            there = partner._field_position()
            distance = haversine_m(*point, *there) if point and there else None
            card = {name: partner[name] for name in ("name", "phone", "vat")}
            why = reasons(values, card, distance)
            if why:
                scored.append((why, partner.id))
        rank = {"vat": 0, "phone": 1, "name": 2, "place": 3}
        scored.sort(key=lambda one: (rank[one[0][0]], -len(one[0]), one[1]))
        return {id_: why for why, id_ in scored[:_MOST]}

    def _field_search_candidates(self, values, point):
        """Few enough to compare one by one: same digits, same number, same words, same place."""
        domains = []
        digits = phone_key(values.get("phone"))
        if digits:
            domains.append(Domain.custom(to_sql=lambda m, a, q: _phone_sql(m, a, digits)))
        if vat_key(values.get("vat")):
            domains.append(Domain("vat", "ilike", values["vat"].strip()))
        name = (values.get("name") or "").strip()
        if len(name) > 1:
            domains.append(Domain("name", "=ilike", _as_pattern(name)))
            domains.append(Domain("name", "=ilike", _as_pattern(name[:6].strip()) + "%"))
            words = name_words(name).split()
            domains.append(Domain.AND([Domain("name", "ilike", word) for word in words]))
        if point:
            south, west, north, east = bounding_box(*point, NEAR_M)
            domains.append(
                Domain("partner_latitude", ">=", south)
                & Domain("partner_latitude", "<=", north)
                & Domain("partner_longitude", ">=", west)
                & Domain("partner_longitude", "<=", east)
            )
        if not domains:
            return self.browse()
        company = Domain("company_id", "in", (False, self.env.company.id))
        return self.search(
            Domain.OR(domains) & company & Domain("partner_share", "=", True), limit=_CANDIDATES
        )


def _as_pattern(text):
    """The text itself, where a pattern is asked for."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _phone_sql(partners, alias, digits):
    return SQL(
        "right(regexp_replace(%s, '\\D', '', 'g'), 8) = %s",
        partners._field_to_sql(alias, "phone"),
        digits[-PHONE_DIGITS:],
    )
