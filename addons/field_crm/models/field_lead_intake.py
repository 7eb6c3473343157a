"""Requests of lead sources: taken in once, kept as they came."""

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..tools import lead_schema
from .crm_lead_duplicate import LeadKnown
from odoo.addons.field_base.tools.errors import FieldRejected

MAX_LEADS = 500
PLAIN = {
    "title": "name",
    "company": "partner_name",
    "contact": "contact_name",
    "position": "function",
    "phone": "phone",
    "email": "email_from",
    "website": "website",
    "street": "street",
    "street2": "street2",
    "city": "city",
    "zip": "zip",
    "tax_id": "field_tax_id",
    "expected_revenue": "expected_revenue",
    "lat": "field_lat",
    "lng": "field_lng",
}


class FieldLeadIntake(models.Model):
    """Leads of one request, with its answer."""

    _name = "field.lead.intake"
    _description = "Request of a Lead Source"
    _inherit = ["field.api.request.mixin"]

    key_id = fields.Many2one(
        "field.lead.source", "Source", readonly=True, required=True, index=True, ondelete="cascade"
    )
    lead_ids = fields.One2many("crm.lead", "field_intake_id", "Leads", readonly=True)

    _request_uniq = models.UniqueIndex(
        "(key_id, idempotency_key)", "This request was taken in already."
    )

    @api.model
    def _receive(self, source, leads, idempotency_key, dry_run):
        """Take in the leads of one request (all as superuser).

        :param source: field.lead.source (sudo)
        :param leads: list of what was sent, one to 500
        :param bool dry_run: look at everything, enter nothing
        :returns: ``(answer, whether anything could be taken)``
        :raises FieldRejected: ``too_many_leads``, ``idempotency_key_missing``,
            ``idempotency_conflict``
        """
        if not 0 < len(leads) <= MAX_LEADS:
            text = self.env._("One to %(most)s leads can be sent at once.", most=MAX_LEADS)
            raise FieldRejected("too_many_leads", text)
        if dry_run or source.scope == "test":
            return self._try(source, leads)
        intake = self._open(source, idempotency_key, leads)
        if intake.answer:
            return intake.answer, intake.answer["accepted"] > 0
        return intake._take(source, leads)

    @api.model
    def _try(self, source, leads):
        results = [self._look_at(source, lead) for lead in leads]
        return self._answer(results, dry_run=True)

    def _take(self, source, leads):
        results = []
        for lead in leads:
            found = self._look_at(source, lead)
            if found["state"] == "valid":
                found = self._enter(source, lead)
            results.append(found)
        return self._settle(leads, results)

    @api.model
    def _look_at(self, source, lead):
        """:returns: dict of ``state`` (``valid``, ``known``, ``invalid``) and what belongs to it"""
        errors = lead_schema.check(lead)
        if not errors and lead.get("country"):
            known = self.env["res.country"].search([("code", "=", lead["country"].upper())])
            errors = [] if known else [("country", "unknown_country")]
        found = {}
        if isinstance(lead, dict) and isinstance(lead.get("reference"), str):
            found["reference"] = lead["reference"]
        if errors:
            return {**found, "state": "invalid", "errors": self._explain(errors)}
        known = self._find_reference(source, found.get("reference"))
        if known:
            return {**found, "state": "known", "id": known.id}
        return {**found, "state": "valid"}

    @api.model
    def _find_reference(self, source, reference):
        if not reference:
            return self.env["crm.lead"]
        domain = [("field_source_key_id", "=", source.id), ("field_reference", "=", reference)]
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        return leads.search(domain, limit=1)

    def _enter(self, source, lead):
        reference = {"reference": lead["reference"]} if lead.get("reference") else {}
        vals = self._prepare_lead_vals(source, lead)
        try:
            with self.env.cr.savepoint():
                made = self.env["crm.lead"].sudo().create(vals)
                made._route_to_pool(source)
                made.flush_recordset()
        except LeadKnown as exc:
            return {**reference, "state": "duplicate", "message": exc.args[0]}
        found = {**reference, "state": "created", "id": made.id}
        if made.field_duplicate_info:
            found["message"] = made.field_duplicate_info
        return found

    def _prepare_lead_vals(self, source, lead):
        vals = {PLAIN[n]: v for n, v in lead.items() if n in PLAIN and v is not None}
        vals.setdefault("name", lead.get("company") or lead.get("contact"))
        return {
            **vals,
            **self._prepare_place_vals(lead),
            "description": plaintext2html(lead["description"])
            if lead.get("description")
            else False,
            "priority": str(lead.get("priority") or 0),
            "lang_id": self._find_lang(lead.get("language")).id,
            "source_id": source.source_id.id,
            "medium_id": self._find_utm("utm.medium", lead.get("medium"), source.medium_id).id,
            "campaign_id": self._find_utm(
                "utm.campaign", lead.get("campaign"), source.campaign_id
            ).id,
            "tag_ids": [fields.Command.set(self._find_tags(lead.get("tags")).ids)],
            "type": "lead",
            "user_id": False,
            "team_id": source.team_id.id,
            "company_id": source.company_id.id,
            "field_intake_id": self.id,
            "field_source_key_id": source.id,
            "field_reference": lead.get("reference") or False,
        }

    def _prepare_place_vals(self, lead):
        code = (lead.get("country") or "").upper()
        country = self.env["res.country"].search([("code", "=", code)]) if code else None
        country = country or self.key_id.company_id.country_id
        state = self.env["res.country.state"]
        if country and lead.get("state"):
            domain = [("country_id", "=", country.id)]
            either = ["|", ("code", "=ilike", lead["state"]), ("name", "=ilike", lead["state"])]
            state = state.search(domain + either, limit=1)
        return {"country_id": country.id, "state_id": state.id}

    @api.model
    def _find_lang(self, code):
        langs = self.env["res.lang"]
        if not code:
            return langs
        text = code.replace("-", "_")
        return langs.search([("code", "=ilike", f"{text}%")], limit=1)

    @api.model
    def _find_utm(self, model, name, otherwise):
        if not name:
            return otherwise
        found = self.env[model].sudo().search([("name", "=ilike", name)], limit=1)
        return found or self.env[model].sudo().create({"name": name})

    @api.model
    def _find_tags(self, names):
        """Tags that exist; a source does not invent new ones."""
        return self.env["crm.tag"].sudo().search([("name", "in", names or [])])


class CrmLead(models.Model):
    _inherit = "crm.lead"

    field_intake_id = fields.Many2one(
        "field.lead.intake",
        "Request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="sales_team.group_sale_salesman_all_leads,field_base.field_base_group_admin",
    )
    field_source_key_id = fields.Many2one(
        "field.lead.source",
        "Came by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="sales_team.group_sale_salesman_all_leads,field_base.field_base_group_admin",
    )
    field_reference = fields.Char("Reference of the Source", readonly=True, copy=False)

    _field_reference_uniq = models.UniqueIndex(
        "(field_source_key_id, field_reference) WHERE field_reference IS NOT NULL",
        "This lead of the source was entered already.",
    )

    def _route_to_pool(self, source):
        """Put new leads without an owner where the source, or their region and segment, says."""
        pools = source.pool_id or self.env["field.lead.pool"].sudo().search(
            [("company_id", "=", source.company_id.id)]
        )
        for lead_id, pool in pools._get_for_leads(self).items():
            lead = self.browse(lead_id)
            if not lead.active:  # merged into one that was there
                continue
            chosen = source.pool_id or pool
            if chosen:
                lead.field_pool_id = chosen
