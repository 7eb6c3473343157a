"""One time line of a customer: visits, meetings, calls and other done activities, mails."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.mail import html_to_inner_content

_ROWS = 12
_TEXT = 200
_MAILS = ("email", "email_outgoing", "comment")


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.readonly
    def get_field_360(self):
        """With ``timeline``: the newest contacts of every kind the reader may see."""
        return super().get_field_360() | {"timeline": self._field_timeline()}

    def _field_timeline(self, limit=_ROWS):
        """``[{"model", "id", "kind", "title", "note", "date"}]``, the newest first; ``date`` is the
        local day of the reader."""
        rows = [
            *self._field_timeline_visits(limit),
            *self._field_timeline_meetings(limit),
            *self._field_timeline_done(limit),
            *self._field_timeline_mails(limit),
        ]
        rows.sort(key=lambda row: row["date"], reverse=True)
        return rows[:limit]

    def _field_timeline_row(self, record, kind, title, note, moment):
        day = moment
        if hasattr(moment, "hour"):
            day = fields.Datetime.context_timestamp(self, moment).date()
        return {
            "model": record._name,
            "id": record.id,
            "kind": kind,
            "title": title,
            "note": (note or "")[:_TEXT],
            "date": fields.Date.to_string(day) or "",
        }

    def _field_timeline_visits(self, limit):
        domain = Domain("partner_id", "child_of", self.ids) & Domain("state", "=", "done")
        visits = self.env["field.visit"].search(domain, order="check_in_at desc", limit=limit)
        word = self.env._("Visit")
        return [
            self._field_timeline_row(
                visit,
                word,
                " · ".join(filter(None, (visit.user_id.sudo().name, visit.result_id.name))),
                visit.note,
                visit.check_in_at,
            )
            for visit in visits
        ]

    def _field_timeline_meetings(self, limit):
        """Meetings with the customer that have been; one that was a visit stands there already."""
        Event = self.env["calendar.event"]
        if not Event.has_access("read"):
            return []
        domain = Domain("partner_ids", "child_of", self.ids)
        domain &= Domain("start", "<=", fields.Datetime.now())
        domain &= Domain("field_visit_ids", "=", False)
        events = Event.search(domain, order="start desc", limit=limit)
        word = self.env._("Meeting")
        return [
            self._field_timeline_row(
                event, word, event.display_name, event.user_id.sudo().name, event.start
            )
            for event in events
        ]

    def _field_timeline_done(self, limit):
        Matter = self.env["field.matter"]
        if not Matter.has_access("read"):
            return []
        domain = Domain("partner_id", "child_of", self.ids) & Domain("state", "=", "done")
        found = Matter.search(domain, order="date_done desc, id desc", limit=limit)
        words = dict(Matter._fields["channel"]._description_selection(self.env))
        other = self.env._("Done")
        return [
            self._field_timeline_row(
                row,
                words.get(row.channel, other),
                " · ".join(filter(None, (row.user_id.sudo().name, not row.channel and row.name))),
                row.feedback,
                row.date_done,
            )
            for row in found
        ]

    def _field_timeline_mails(self, limit):
        domain = Domain("model", "=", "res.partner") & Domain("res_id", "in", self.ids)
        domain &= Domain("message_type", "in", _MAILS)
        found = self.env["mail.message"].search(domain, order="date desc, id desc", limit=limit)
        mail, note = self.env._("Mail"), self.env._("Message")
        return [
            self._field_timeline_row(
                self,
                note if message.message_type == "comment" else mail,
                message.subject or message.author_id.sudo().name or message.email_from or "",
                html_to_inner_content(message.body),
                message.date,
            )
            for message in found
        ]
