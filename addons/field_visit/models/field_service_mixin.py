from odoo import api, fields, models
from odoo.exceptions import ValidationError


class FieldServiceMixin(models.AbstractModel):
    """A service outside that a company may use: the first of the list is asked."""

    _name = "field.service.mixin"
    _description = "Service of a company"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    url = fields.Char("Address")
    key = fields.Char(groups="field_base.field_base_group_admin", copy=False)

    @api.constrains("url")
    def _check_url(self):
        for service in self:
            if service.url and not service.url.startswith(("https://", "http://")):
                raise ValidationError(self.env._("The address begins with https://"))

    @api.model
    def _get_for(self, company):
        """The company's first one (sudo), or an empty record."""
        return self.sudo().search([("company_id", "=", company.id)], limit=1)
