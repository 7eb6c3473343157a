from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.field_base.wizards.field_health_check import Check


class FieldHealthCheck(models.TransientModel):
    _inherit = "field.health.check"

    @api.model
    def _get_checks(self):
        return [*super()._get_checks(), self._check_months()]

    @api.model
    def _check_months(self):
        """Positions lie in one table a month; without the next one, its first day has no place."""
        name = self.env._("Tables of positions")
        months = self.env["field.position"]._existing_months()
        first = fields.Date.today().replace(day=1)
        following = (first + timedelta(days=32)).replace(day=1)
        missing = [f"{month:%Y-%m}" for month in (first, following) if month not in months]
        if missing:
            sentence = self.env._(
                "Missing: %(months)s. Start the job that makes them.", months=", ".join(missing)
            )
            return Check("problem", name, sentence)
        text = self.env._(
            "%(first)s to %(last)s", first=f"{min(months):%Y-%m}", last=f"{max(months):%Y-%m}"
        )
        return Check("ok", name, text)
