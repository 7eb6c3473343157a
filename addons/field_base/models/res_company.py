from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.status import version_tuple


class ResCompany(models.Model):
    _inherit = "res.company"

    field_app_min_version = fields.Char(
        "Oldest app version",
        help="Phones with an older version of the app are asked to update before they go on, "
        "such as 1.4.0. What they have recorded stays on them until then.",
    )

    field_seal_email = fields.Char(
        "Seal of the day to",
        help="Each day the newest seal of the evidence is mailed to this address. Choose one "
        "outside of this system. Empty: no mail.",
    )

    @api.constrains("field_app_min_version")
    def _check_field_app_min_version(self):
        for company in self:
            text = company.field_app_min_version
            if text and not version_tuple(text):
                message = self.env._("“%(text)s” is no version such as 1.4.0.", text=text)
                raise ValidationError(message)

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["field.policy"].sudo()._create_defaults(companies)
        return companies

    def _field_admins(self, limit=10):
        """Administrators of field sales in these companies (sudo), for what only they can do."""
        group = self.env.ref("field_base.field_base_group_admin")
        domain = [("all_group_ids", "in", group.id), ("company_ids", "in", self.ids)]
        return self.env["res.users"].sudo().search(domain, order="id", limit=limit)
