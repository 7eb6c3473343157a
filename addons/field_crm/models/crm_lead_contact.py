"""Contact with a customer that was noted on the phone, often without a network."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_datetime

from odoo.addons.field_base.tools.errors import FieldRejected

# How the customer was reached: the type of the activity that is done with it.
WAYS = {
    "call": "mail.mail_activity_data_call",
    "meeting": "mail.mail_activity_data_meeting",
    "message": "mail.mail_activity_data_email",
}
RESULTS = ("interested", "later", "refused", "no_answer")
SHORTEST_NOTE = 5  # characters; what counts in the end is said by the touch rules
LATE = timedelta(minutes=15)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _log_contact(self, way, result, note, happened_at, next_on=None):
        """Note a contact of the current user with a lead he holds.

        Becomes an activity done with its result, as the desk makes one, so the same rules decide
        what it counts as. Nobody reached is a note and stops no clock.

        :param way: one of ``WAYS``
        :param result: one of ``RESULTS``
        :param next_on: date of the next step, planned as an activity of the same type
        :raises FieldRejected: ``not_yours``, ``note_missing``
        """
        self.ensure_one()
        if self.sudo().exists().user_id != self.env.user:
            text = self.env._(
                "You do not hold this lead any more. If it lies in its pool, claim it again and "
                "note the contact then."
            )
            raise FieldRejected("not_yours", text)
        note = (note or "").strip()
        if result != "no_answer" and len(note) < SHORTEST_NOTE:
            text = self.env._("Say in a few words what came out of it.")
            raise FieldRejected("note_missing", text)
        text = self._describe_contact(way, result, note, happened_at)
        if result == "no_answer":
            self.message_post(body=text, subtype_xmlid="mail.mt_note")
        else:
            self._plan_contact(way, fields.Date.context_today(self)).action_feedback(feedback=text)
        if next_on:
            self._plan_contact(way, next_on)
        return self

    def _plan_contact(self, way, day):
        return self.activity_schedule(WAYS[way], date_deadline=day, user_id=self.env.uid)

    def _describe_contact(self, way, result, note, happened_at):
        results = {
            "interested": self.env._("Interested"),
            "later": self.env._("Later"),
            "refused": self.env._("Not interested"),
            "no_answer": self.env._("Nobody reached"),
        }
        text = f"{results[result]}: {note}" if note else results[result]
        if fields.Datetime.now() - happened_at > LATE:
            moment = format_datetime(self.env, happened_at, dt_format="short")
            return f"{text} ({moment})"
        return text
