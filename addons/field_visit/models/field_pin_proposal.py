from odoo import api, models


class FieldPinProposal(models.Model):
    _inherit = "field.pin.proposal"

    def _do_accept(self):
        """The visits it was drawn from are judged again: no alarm stands for a wrong pin."""
        super()._do_accept()
        visits = self.env["field.visit"].sudo().search([("partner_id", "in", self.partner_id.ids)])
        visits.filtered("check_in_at")._judge_again()

    @api.model_create_multi
    def create(self, vals_list):
        proposals = super().create(vals_list)
        proposals._refresh_visits()
        return proposals

    def _judge(self, state):
        super()._judge(state)
        self._refresh_visits()

    def _refresh_visits(self):
        """A visit outside the fence waits with the report that the pin is wrong."""
        reported = self.filtered("reported_by_id")
        if reported:
            visits = self.env["field.visit"].sudo()
            visits.search(
                [
                    ("partner_id", "in", reported.partner_id.ids),
                    ("user_id", "in", reported.reported_by_id.ids),
                    ("check_in_verdict", "in", ("outside", "unverifiable")),
                ]
            )._refresh_pin_pending()

    def action_open_visits(self):
        """The check-ins this proposal is drawn from, on a map."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check-ins at %s", self.partner_id.display_name),
            "res_model": "field.visit",
            "view_mode": "field_map,list,form",
            "views": [(False, "field_map"), (False, "list"), (False, "form")],
            "domain": [("id", "in", self.basis or [])],
        }
