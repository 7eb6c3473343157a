from odoo import api, fields, models
from odoo.fields import Domain


class CrmLead(models.Model):
    """What the module for visits knows about a deal's customer. It is optional: without it there
    are no visits to count, and nothing here asks for any."""

    _inherit = "crm.lead"

    @api.model
    def _field_has_visits(self):
        """Whether something on this system verifies visits. A module that does extends this."""
        return "field.visit" in self.env

    @api.model
    def _field_verified_visit_domain(self):
        """Visits that prove contact: at the customer's, and long enough, by what the visits know
        themselves: the fence of the pin as it is now, the track, the customer's own code."""
        return Domain(
            [
                ("state", "=", "done"),
                ("channel", "=", "on_site"),
                ("verdict", "in", ("valid", "long")),
            ]
        )

    def _field_get_visit_domain(self):
        customers = self.partner_id.commercial_partner_id
        return Domain("partner_id", "child_of", customers.ids) & self._field_verified_visit_domain()

    @api.model
    def _look_at_visit(self, visit):
        """This visit (sudo) is over: clocks of the visitor's leads at this customer may move."""
        customer = visit.partner_id.commercial_partner_id
        domain = [("partner_id", "child_of", customer.ids), ("user_id", "=", visit.user_id.id)]
        self.search(domain)._look_at_touches()

    def _field_count_verified_visits(self, since):
        """Verified visits at the customer since the deal exists.

        :param since: ``{lead id: datetime}``: count later ones only
        :return: ``{lead id: count}``
        """
        leads = self.sudo().filtered("partner_id")
        if not leads or not self._field_has_visits():
            return {}
        visits = self.env["field.visit"].sudo().search(leads._field_get_visit_domain())
        by_customer = {}
        for visit in visits:
            by_customer.setdefault(visit.partner_id.commercial_partner_id, []).append(visit)
        counts = {}
        for lead in leads:
            begin = since.get(lead.id) or lead.create_date
            counts[lead.id] = sum(
                visit.check_in_at >= begin
                and (not lead.company_id or visit.company_id == lead.company_id)
                for visit in by_customer.get(lead.partner_id.commercial_partner_id, ())
            )
        return counts

    def _field_get_last_visits(self):
        """:return: ``{lead id: when the customer was last visited, verified}``"""
        leads = self.sudo().filtered("partner_id")
        if not leads or not self._field_has_visits():
            return {}
        groups = (
            self.env["field.visit"]
            .sudo()
            ._read_group(leads._field_get_visit_domain(), ["partner_id"], ["check_in_at:max"])
        )
        last = {}
        for partner, at in groups:
            customer = partner.commercial_partner_id
            last[customer] = max(at, last.get(customer, at))
        return {
            lead.id: last[lead.partner_id.commercial_partner_id]
            for lead in leads
            if lead.partner_id.commercial_partner_id in last
        }

    def _field_plan_visit_action(self):
        """Where a visit at the customer is planned."""
        if not self._field_has_visits() or not self.partner_id:
            return self._field_form_action()
        return self._field_dialog_action(
            "field.visit",
            self.env._("Plan a Visit"),
            default_partner_id=self.partner_id.id,
            default_plan_date=fields.Date.to_string(fields.Date.context_today(self)),
        )
