"""Places where a salesperson does something that may count for the clocks."""

from odoo import api, fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"active", "feedback", "date_done"}:
            done = self.sudo().filtered(lambda a: a.res_model == "crm.lead" and not a.active)
            self.env["crm.lead"].browse(done.mapped("res_id")).exists()._look_at_touches()
        return result


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._field_look_at_leads()
        return events

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"start", "stop", "opportunity_id", "active"}:
            self._field_look_at_leads()
        return result

    def _field_look_at_leads(self):
        """A meeting entered afterwards counts at once; one to come when a clock is looked at."""
        now = fields.Datetime.now()
        past = self.sudo().filtered(lambda e: e.opportunity_id and e.stop and e.stop <= now)
        past.opportunity_id._look_at_touches()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    field_sent_at = fields.Datetime("Sent to the Customer at", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._field_note_sent()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._field_note_sent()
        return result

    def _field_note_sent(self):
        sent = self.sudo().filtered(
            lambda o: o.state in ("sent", "sale") and o.opportunity_id and not o.field_sent_at
        )
        if sent:
            sent.write({"field_sent_at": fields.Datetime.now()})
            sent.opportunity_id._look_at_touches()


class ResourceCalendarLeaves(models.Model):
    """Approved leave stops the clocks; so does leave that is approved later."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._field_move_clocks()
        return leaves

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"date_from", "date_to", "resource_id"}:
            self._field_move_clocks()
        return result

    def _field_move_clocks(self):
        users = self.sudo().resource_id.user_id
        if not users:
            return
        Lead = self.env["crm.lead"].sudo()
        leads = Lead.search(Lead._clock_domain() & fields.Domain("user_id", "in", users.ids))
        leads._refresh_deadlines()
