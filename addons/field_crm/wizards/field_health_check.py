from odoo import api, models

from ..tools.trigrams import has_trigrams
from odoo.addons.field_base.wizards.field_health_check import Check

INDEX = "crm_lead__field_name_key_trgm_index"


class FieldHealthCheck(models.TransientModel):
    _inherit = "field.health.check"

    @api.model
    def _get_checks(self):
        return [*super()._get_checks(), self._check_similar_names()]

    @api.model
    def _check_similar_names(self):
        name = self.env._("Similar names of leads")
        if not has_trigrams(self.env.cr):
            sentence = self.env._(
                "PostgreSQL's extension pg_trgm is not installed: of names in Latin letters only "
                "equal ones are found. Let its owner create it, then upgrade field_crm."
            )
            return Check("warning", name, sentence)
        self.env.cr.execute("SELECT 1 FROM pg_indexes WHERE indexname = %s", (INDEX,))
        if not self.env.cr.fetchone():
            sentence = self.env._(
                "The index of similar names is missing: leads are entered slowly. "
                "Upgrade field_crm."
            )
            return Check("problem", name, sentence)
        return Check("ok", name, self.env._("Found by the index"))
