"""A customer found on the street arrives from a phone: as a new one, or as one who is there."""

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.field_base.tools.errors import FieldRejected, FieldWaiting
from odoo.addons.field_base.tools.payload import is_number, read_uuid, require_payload


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {"customer.add": self.env._("Customer added")}

    def _apply_customer_add(self, payload):
        """customer.add {name, lat, lng, phone?, address?, vat?, ref?, customer_uuid?, sign_blob?,
        other_than?: [id], same_as?: id}: what a long press on the map, a found prospect or a sign
        in the street makes; also without a network. By ``customer_uuid`` a check-in names him
        before this phone knows his number. ``same_as`` says that he is a customer who is there,
        ``other_than`` that he is none of these."""
        texts = {"phone": str, "address": str, "vat": str, "ref": str}
        more = {**texts, "same_as": int, "other_than": list}
        values = require_payload(payload, {"name": str, "lat": float, "lng": float}, more)
        uuid = read_uuid(payload, "customer_uuid", required=False)
        sign = read_uuid(payload, "sign_blob", required=False)
        partner = self.env["res.partner"]._field_find_named(uuid) if uuid else None
        if values["same_as"] and not partner:
            return self._find_customer(values["same_as"])
        if not partner:
            self._check_other(values)
            Provider = self.env["field.prospect.provider"].with_company(self.company_id)
            partner = Provider._make_partner(values)
            # a place somebody else has found keeps the name it has; the journal knows this one
            if uuid and partner.sudo().create_uid == self.env.user:
                partner.sudo().field_phone_uuid = uuid
        if sign:
            partner._field_expect_sign(sign)
        return partner

    def _find_customer(self, partner_id):
        """:raise FieldRejected: not_found, also when the person may not see him"""
        partner = self.env["res.partner"].search([("id", "=", partner_id)])
        if not partner:
            raise FieldRejected("not_found", self.env._("This customer does not exist any more."))
        return partner

    def _check_other(self, values):
        """:raise FieldRejected: same_customer, where the policy wants the person to look first"""
        others = values["other_than"] or []
        if not all(is_number(one) for one in others):
            raise FieldRejected(
                "bad_payload", self.env._("“%(field)s” is missing.", field="other_than")
            )
        policy = self.env["field.policy"]._get_for_users(self.env.user)[self.env.uid]
        if policy.customer_same != "ask" or self._find_prospect(values["ref"]):
            return
        card = {name: values[name] or "" for name in ("name", "phone", "vat")}
        point = {"lat": values["lat"], "lng": values["lng"]}
        found = self.env["res.partner"].field_find_duplicates(card, point)
        names = [one["name"] for one in found if one["id"] not in others]
        if names:
            raise FieldRejected(
                "same_customer",
                self.env._(
                    "Perhaps this customer is there already: %(names)s", names=", ".join(names)
                ),
            )

    def _find_added(self, uuid):
        """The customer this person's phone has added, or has found to be there.

        :raise FieldWaiting: when he has not arrived yet
        """
        partner = self.env["res.partner"]._field_find_named(uuid) or self._find_said_same(uuid)
        if not partner:
            raise FieldWaiting(uuid)
        return partner

    def _find_prospect(self, ref):
        """The customer that was made of a place of a source, whoever has found it."""
        known = self.env["res.partner"].sudo().search([("field_prospect_ref", "=", ref)], limit=1)
        return known.with_env(self.env) if ref else known.browse()

    def _find_said_same(self, uuid):
        """Whom the person has said it is, or whom somebody else had found before. The journal
        knows; it is seldom asked.

        In the batch that brings the answer its outcome is not written yet, so the words count and
        not the state; a refused one says nothing.
        """
        mine = Domain("user_id", "=", self.env.uid) & Domain("kind", "=", "customer.add")
        told = Domain("state", "!=", "rejected") & Domain("payload", "like", uuid)
        for event in self.sudo().search(mine & told):
            said = event._payload()
            if str(said.get("customer_uuid")).lower() != uuid:
                continue
            if said.get("same_as"):
                return self._find_customer(said["same_as"])
            if said.get("ref"):
                return self._find_prospect(said["ref"])
        return self.env["res.partner"]
