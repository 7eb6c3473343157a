"""Leads by mail, from a website form, by import and by hand: where from, and into which pool."""

from odoo import api, fields, models
from odoo.tools import ormcache


class FieldLeadPool(models.Model):
    _inherit = "field.lead.pool"

    takes_new = fields.Boolean(
        "Takes New Leads by Itself",
        help="New leads without a salesperson, by mail, from the website, by import or by hand, "
        "lie in this pool at once when their region and segment fit.",
    )

    def write(self, vals):
        if vals.keys() & {"takes_new", "active", "sequence"}:
            self.env.registry.clear_cache()
        return super().write(vals)

    @api.model
    @ormcache()
    def _get_taker_ids(self):
        """:returns: ``(whether there is any pool, ids of those that take new leads)``"""
        pools = self.sudo().search([("active", "=", True)])
        return bool(pools), tuple(pools.filtered("takes_new").ids)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to the address of a sales team is a lead of the source "E-mail"."""
        leads = self.with_context(field_channel="email")
        return super(CrmLead, leads).message_new(msg_dict, custom_values=custom_values)

    @api.model_create_multi
    def create(self, vals_list):
        has_pools, takers = self.env["field.lead.pool"]._get_taker_ids()
        if has_pools:
            vals_list = [{**vals, **self._prepare_channel_vals(vals)} for vals in vals_list]
        leads = super().create(vals_list)
        if takers:
            leads.sudo()._take_into_pools(self.env["field.lead.pool"].sudo().browse(takers))
        return leads

    @api.model
    def _get_channel(self):
        """By which way leads are made at this moment: a part of the ids of sources and media."""
        context = self.env.context
        if context.get("field_channel"):
            return context["field_channel"]
        if context.get("import_file"):
            return "import"
        return "website" if context.get("website_id") else "hand"

    @api.model
    def _prepare_channel_vals(self, vals):
        """Every lead has a source; one that was said counts more than the way it came."""
        channel, found = self._get_channel(), {}
        source = self.env.ref(f"field_crm.utm_source_{channel}", raise_if_not_found=False)
        medium = self.env.ref(f"utm.utm_medium_{channel}", raise_if_not_found=False)
        if source and not vals.get("source_id"):
            found["source_id"] = source.id
        if medium and not vals.get("medium_id"):
            found["medium_id"] = medium.id
        return found

    def _take_into_pools(self, pools):
        """:param pools: field.lead.pool (sudo) that take new leads, in their order"""
        free = self.filtered(
            lambda le: (
                le.active and not le.user_id and not le.field_pool_id and le.won_status == "pending"
            )
        )
        for company, leads in free.grouped("company_id").items():
            own = pools.filtered(lambda pool, c=company: not c or pool.company_id == c)
            for lead_id, pool in own._get_for_leads(leads).items():
                if pool:
                    self.browse(lead_id).field_pool_id = pool
