from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..tools.fence import resolve_fence

FENCE_MODES = [("none", "No check"), ("soft", "Warn and mark"), ("hard", "Refuse outside")]


class FieldFenceRule(models.Model):
    """Another fence for a kind of customers: a wholesale market is wider than a pharmacy."""

    _name = "field.fence.rule"
    _description = "Fence of a kind of customers"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty for the customers of every company."
    )
    grade_ids = fields.Many2many("field.grade", string="Grades", help="Empty: whatever the grade.")
    channel_ids = fields.Many2many(
        "field.channel", string="Channels", help="Empty: whatever the channel."
    )
    mode = fields.Selection(
        FENCE_MODES, "Away from the customer", help="Empty: as the policy of the person says."
    )
    radius = fields.Integer("Fence radius (m)", help="0: as the policy of the person says.")
    warn = fields.Integer(
        "Warn beyond (m)",
        help="Inside the fence but further away than this is marked, and the person is asked "
        "whether the pin is right. 0: as the policy of the person says.",
    )

    _range = models.Constraint(
        "CHECK((radius = 0 OR radius BETWEEN 10 AND 20000) AND warn BETWEEN 0 AND 20000)",
        "The fence radius must be between 10 and 20,000 m, or 0 to take the policy's.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache("company_id")
    def _get_for_company(self, company_id):
        """The rules of a company in their order, as tools/fence.py and the phone read them."""
        rules = self.sudo().search(Domain("company_id", "in", (False, company_id)))
        return tuple(
            {
                "grades": rule.grade_ids.ids,
                "channels": rule.channel_ids.ids,
                "mode": rule.mode or None,
                "radius": rule.radius,
                "warn": rule.warn,
            }
            for rule in rules
        )

    @api.model
    def _resolve(self, partner, policy, company):
        """The fence that holds for a person under ``policy`` at a customer.

        :returns: ``{"mode", "radius", "warn"}``, metres
        """
        partner = partner.sudo()
        customer = {
            "mode": partner.field_fence_mode,
            "radius": partner.field_fence_radius,
            "warn": partner.field_fence_warn,
            "grade": partner.field_grade_id.id,
            "channel": partner.field_channel_id.id,
        }
        names = ("fence_mode", "fence_radius", "fence_warn")
        rules = self._get_for_company(company.id)
        return resolve_fence({name: policy[name] for name in names}, rules, customer)
