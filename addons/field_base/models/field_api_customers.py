"""Customers that another system enters or changes, found again by its own number."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import row_schema
from ..tools.errors import FieldRejected

MAX_ROWS = 500
MAX_TEXT = 200
FIELDS = {
    "reference": ("text", MAX_TEXT),
    "name": ("text", MAX_TEXT),
    "is_company": ("flag", None),
    "street": ("text", MAX_TEXT),
    "street2": ("text", MAX_TEXT),
    "city": ("text", MAX_TEXT),
    "zip": ("text", 20),
    "state": ("text", 60),
    "country": ("country", 2),
    "phone": ("text", 60),
    "email": ("mail", MAX_TEXT),
    "tax_id": ("text", 40),
    "lat": ("number", (-90, 90)),
    "lng": ("number", (-180, 180)),
    "datum": ("text", 5),
    "owner": ("text", MAX_TEXT),
}
PLAIN = {
    "name": "name",
    "is_company": "is_company",
    "street": "street",
    "street2": "street2",
    "city": "city",
    "zip": "zip",
    "phone": "phone",
    "email": "email",
    "tax_id": "vat",
    "lat": "partner_latitude",
    "lng": "partner_longitude",
}
DATUMS = ("wgs84", "gcj02", "bd09")


class FieldApiRequest(models.Model):
    _inherit = "field.api.request"

    @api.model
    def _write_customers(self, client, rows, idempotency_key, dry_run):
        """Enter or change customers, as the person the client works as.

        :param client: field.api.client (sudo)
        :param list rows: one to 500; a customer that has the ``reference`` already is changed,
            where a field that is not sent stays as it is
        :param bool dry_run: look at everything, write nothing
        :returns: ``(answer, whether anything could be taken)``
        :raises FieldRejected: ``no_scope``, ``too_many_rows``, ``idempotency_key_missing``,
            ``idempotency_conflict``
        """
        client._check_scope("customers.write")
        if not 0 < len(rows) <= MAX_ROWS:
            text = self.env._("One to %(most)s rows can be sent at once.", most=MAX_ROWS)
            raise FieldRejected("too_many_rows", text)
        if dry_run or client.mode == "sandbox":
            return self._answer([self._look_at_customer(row)[0] for row in rows], dry_run=True)
        request = self.sudo()._open(client, idempotency_key, rows)
        if request.answer:
            return request.answer, request.answer["accepted"] > 0
        request.resource = "customers"
        return request._settle(rows, [self._enter_customer(row) for row in rows])

    @api.model
    def _look_at_customer(self, row):
        """:returns: ``(what is wrong with it or "valid", values to write, the customer)``"""
        partner = self.env["res.partner"]
        errors = row_schema.check(row, FIELDS, ("reference",))
        reference = row.get("reference") if isinstance(row, dict) else None
        found = {"reference": reference} if isinstance(reference, str) else {}
        if not errors:
            partner = self._find_customer(reference)
            vals, errors = self._prepare_customer_vals(row)
        if not errors and not partner and not vals.get("name"):
            errors = [("name", "name_missing")]
        if not errors and len(partner) > 1:
            errors = [("reference", "ambiguous")]
        if errors:
            return {**found, "state": "invalid", "errors": self._explain(errors)}, {}, partner
        return {**found, "state": "valid"}, vals, partner

    @api.model
    def _find_customer(self, reference):
        domain = Domain("ref", "=", reference) & Domain("partner_share", "=", True)
        return self.env["res.partner"].search(domain & Domain("type", "=", "contact"), limit=2)

    @api.model
    def _prepare_customer_vals(self, row):
        """:returns: ``(vals, errors)``"""
        vals = {PLAIN[n]: v for n, v in row.items() if n in PLAIN and v is not None}
        vals["ref"] = row["reference"]
        errors, country = [], self.env["res.country"]
        if row.get("datum"):
            vals["field_position_datum"] = row["datum"]
            errors += [("datum", "unknown_datum")] if row["datum"] not in DATUMS else []
        if row.get("country"):
            country = country.search([("code", "=", row["country"].upper())])
            vals["country_id"] = country.id
            errors += [] if country else [("country", "unknown_country")]
        if row.get("state"):
            country = country or self.env.company.country_id
            either = ["|", ("code", "=ilike", row["state"]), ("name", "=ilike", row["state"])]
            domain = [("country_id", "=", country.id), *either]
            vals["state_id"] = self.env["res.country.state"].search(domain, limit=1).id
        if row.get("owner"):
            owner = self.env["res.users"].search([("login", "=", row["owner"])])
            vals["user_id"] = owner.id
            errors += [] if owner else [("owner", "unknown_person")]
        return vals, errors

    @api.model
    def _enter_customer(self, row):
        found, vals, partner = self._look_at_customer(row)
        # hundreds at once are no news for their owners
        partner = partner.with_context(mail_auto_subscribe_no_notify=True)
        if found["state"] != "valid":
            return found
        state = "updated" if partner else "created"
        try:
            with self.env.cr.savepoint():
                if partner:
                    partner.write(vals)
                else:
                    partner = partner.create({"company_id": self.env.company.id, **vals})
                partner.flush_recordset()
        except UserError as exc:  # a rule of Odoo's or of a company's, or a right that is missing
            return {**found, "state": "refused", "message": exc.args[0]}
        return {**found, "state": state, "id": partner.id}
