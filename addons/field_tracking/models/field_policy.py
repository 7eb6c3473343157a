from odoo import api, fields, models, tools


class FieldPolicy(models.Model):
    """The ingest remembers for a minute whether a device may be tracked; a change ends that."""

    _inherit = "field.policy"

    private_parts = fields.Boolean(
        "Private parts may be cut out",
        help="A person may mark a part of a day as private until the day is closed: its positions "
        "are erased before anybody sees them, and only its times stay.",
    )
    label_days = fields.Integer(
        "Days stay open (days)",
        required=True,
        default=2,
        help="So long after a day its person may label its parts.",
    )

    _label_days_range = models.Constraint(
        "CHECK(label_days BETWEEN 0 AND 31)", "Between 0 and 31 days."
    )

    @api.model
    @tools.ormcache("company_id")
    def _has_working_time_lock(self, company_id):
        """Whether any policy of the company keeps positions in working time only; most have none,
        and then nobody's working time needs to be known."""
        domain = [
            ("company_id", "=", company_id),
            ("working_time_lock", "!=", "none"),
            ("state", "=", "active"),
        ]
        return bool(self.sudo().search_count(domain, limit=1))

    @api.model
    @tools.ormcache()
    def _has_reason_to_give(self):
        """Whether any policy asks for a reason to look; most do not, and then nobody's policy has
        to be looked for."""
        domain = [("access_reason_required", "=", True)]
        return bool(self.sudo().with_context(active_test=False).search_count(domain, limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
