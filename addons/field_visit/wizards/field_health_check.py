from odoo import api, models

from odoo.addons.field_base.wizards.field_health_check import Check

# Two places in the middle of nowhere that every road service can say something about: 1 km apart.
PROBE = ((48.8566, 2.3522), (48.8656, 2.3522))


class FieldHealthCheck(models.TransientModel):
    _inherit = "field.health.check"

    @api.model
    def _get_checks(self):
        return [*super()._get_checks(), *self._check_roads()]

    @api.model
    def _check_roads(self):
        """Each company's road service is asked for one short way of its own customers."""
        checks = []
        for provider in self.env["field.matrix.provider"].sudo().search([("kind", "!=", False)]):
            name = self.env._("Road service “%(name)s”", name=provider.name)
            if provider.kind == "straight":
                text = self.env._("Straight lines, no service is asked")
                checks.append(Check("ok", name, text))
                continue
            *_ways, source = provider._get_matrix(self._get_probe(provider.company_id))
            if source == "failed":
                text = self.env._(
                    "It does not answer: routes are made with straight lines meanwhile. Look "
                    "at its address and key."
                )
                checks.append(
                    Check("problem", name, text, provider._name, [("id", "=", provider.id)])
                )
            else:
                checks.append(Check("ok", name, self.env._("It answers")))
        return checks

    @api.model
    def _get_probe(self, company):
        """Two customers of the company, who lie where its service knows the roads."""
        domain = [
            ("partner_latitude", "!=", 0),
            ("partner_longitude", "!=", 0),
            ("company_id", "in", (False, company.id)),
        ]
        found = self.env["res.partner"].sudo().search(domain, limit=2)
        places = [(p.partner_latitude, p.partner_longitude) for p in found]
        return places if len(places) == 2 else list(PROBE)
