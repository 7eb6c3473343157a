from odoo import models


class FieldLeadPool(models.Model):
    _inherit = "field.lead.pool"

    def action_trial(self):
        """Open a trial run of this pool's clocks and limits over the last 90 days."""
        self.ensure_one()
        self.check_access("write")
        names = ("contact_hours", "followup_days", "convert_days", "clock_kind")
        names += ("holding_cap", "claims_per_day")
        trial = self.env["field.lead.trial"].create(
            {"pool_id": self.id, **{name: self[name] for name in names}}
        )
        return trial.action_run()

    def _describe_clocks(self):
        """The reason a clock gives when it takes a lead back, in the reader's language."""
        self.ensure_one()
        return {
            "contact": self.env._("No contact within %(hours)s hours", hours=self.contact_hours),
            "followup": self.env._("No follow-up within %(days)s days", days=self.followup_days),
            "convert": self.env._("No opportunity within %(days)s days", days=self.convert_days),
        }
