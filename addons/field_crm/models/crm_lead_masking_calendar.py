"""A meeting planned with a lead says in title, text and guests how to reach the customer.

Odoo's calendar is open to all colleagues. Such a meeting is not, as long as the contact of the lead
is hidden: it is there for whoever holds or attends it, and for whoever oversees the pools.
"""

from odoo import models
from odoo.tools import SQL

from .crm_lead_masking_beside import BesideLead


class CalendarEvent(BesideLead, models.Model):
    _inherit = "calendar.event"

    def _is_of_others(self):
        user = self.env.user
        return self.user_id != user and user.partner_id not in self.partner_ids

    def _get_leads_beside(self):
        lead = self.opportunity_id
        return lead | lead.browse(self.res_id) if self.res_model == "crm.lead" else lead

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """What was written about a hidden meeting is hidden; Odoo reads the meeting to say so."""
        shown = self - self._filter_hidden(message_operation)
        return super(CalendarEvent, shown)._mail_get_operation_for_mail_message_operation(
            message_operation
        )

    def _shown_to_sql(self, model, alias, query):
        return self._shown_event_to_sql(SQL.identifier(alias, "id"))

    def _shown_event_to_sql(self, event):
        self._flush_hidden()
        self.env["calendar.event"].flush_model(
            ["opportunity_id", "res_model", "res_id", "user_id", "partner_ids"]
        )
        return SQL(
            """NOT EXISTS (
                SELECT FROM calendar_event e
                  JOIN crm_lead l ON l.id = e.opportunity_id
                                  OR (e.res_model = 'crm.lead' AND l.id = e.res_id)
                  JOIN field_lead_pool p ON p.id = l.field_pool_id
                 WHERE e.id = %(event)s AND l.user_id IS NULL AND p.mask_contacts
                   AND e.user_id IS DISTINCT FROM %(reader)s
                   AND NOT EXISTS (
                       SELECT FROM calendar_event_res_partner_rel r
                        WHERE r.calendar_event_id = e.id AND r.res_partner_id = %(partner)s))""",
            event=event,
            reader=self.env.uid,
            partner=self.env.user.partner_id.id,
        )


class CalendarAttendee(BesideLead, models.Model):
    """The guests, with telephone and e-mail."""

    _inherit = "calendar.attendee"

    def _is_of_others(self):
        return self.event_id._is_of_others()

    def _get_leads_beside(self):
        return self.event_id._get_leads_beside()

    def _shown_to_sql(self, model, alias, query):
        events = self.env["calendar.event"]
        return events._shown_event_to_sql(model._field_to_sql(alias, "event_id", query))


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_busy_calendar_events(self, start_datetime, end_datetime):
        """A meeting one does not see keeps its people busy all the same."""
        # sudo: only the times are compared
        return super(ResPartner, self.sudo())._get_busy_calendar_events(
            start_datetime, end_datetime
        )
