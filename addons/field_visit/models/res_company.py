from odoo import api, fields, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    _inherit = "res.company"

    field_visits_counted = fields.Selection(
        [
            ("verified", "Verified ones at the customer's"),
            ("all", "All that took place, calls too"),
        ],
        "Visits that count",
        required=True,
        default="verified",
        help="Which visits are the last visit of a customer, and so say how long he was not "
        "visited. One that a leader accepts counts always, one that he refuses never.",
    )

    @api.model
    @ormcache()
    def _get_ids_counting_all(self):
        """Ids of the companies whose every visit counts; asked for at each end of a visit."""
        return self.sudo().search([("field_visits_counted", "=", "all")])._ids

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env.registry.clear_cache()
        return companies

    def write(self, vals):
        changed = self.filtered(
            lambda company: (
                company.field_visits_counted
                != vals.get("field_visits_counted", company.field_visits_counted)
            )
        )
        result = super().write(vals)
        if {"field_visits_counted", "active"} & vals.keys():
            self.env.registry.clear_cache()
        if changed:
            Partner = self.env["res.partner"].sudo().with_context(active_test=False)
            visited = Partner.search([("field_visit_ids.company_id", "in", changed.ids)])
            self.env.add_to_compute(Partner._fields["field_last_visit_date"], visited)
        return result
