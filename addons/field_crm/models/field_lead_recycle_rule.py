"""What counts as contact and as real follow-up is data."""

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class FieldLeadTouchRule(models.Model):
    """One kind of thing a salesperson does with a lead, and what it counts as.

    Looked up where the thing itself is kept (activity, meeting, quotation, visit, message): nothing
    is noted twice, and what happens while a sweep runs is seen by its check.
    """

    _name = "field.lead.touch.rule"
    _description = "What Counts as Contact or Follow-up"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    kind = fields.Selection(
        [
            ("activity", "Activity done, with a result"),
            ("meeting", "Meeting that has taken place"),
            ("quotation", "Quotation sent"),
            ("visit", "Verified visit"),
            ("message", "Message to the customer"),
            ("note", "Note the leader has confirmed"),
        ],
        required=True,
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        ondelete="cascade",
        index="btree_not_null",
        help="Empty: every type.",
    )
    min_chars = fields.Integer(
        "Characters of Text at Least",
        default=5,
        help="Of the result, the message or the note: an empty note does not count.",
    )
    min_minutes = fields.Integer("Minutes at Least", help="Of the meeting or the visit.")
    is_contact = fields.Boolean("Counts as Contact", default=True)
    is_followup = fields.Boolean("Counts as Follow-up")

    def _collect(self, periods):
        """What people did with leads while they held them, under all these rules.

        :param periods: ``[(lead.id, user.id, since, until or None)]``
        :returns: ``{index in periods: [(at, is_contact, is_followup)]}``, oldest first
        """
        if not periods:
            return {}
        self._flush_sources()
        by_pair = {}
        for index, (lead_id, user_id, _since, _until) in enumerate(periods):
            by_pair.setdefault((lead_id, user_id), []).append(index)
        leads, users = zip(*by_pair, strict=True)
        held = SQL("unnest(%s::int[], %s::int[]) AS h(lead_id, user_id)", list(leads), list(users))
        start = min(since for _lead, _user, since, _until in periods)
        found = {}
        for rule in self.filtered(lambda r: r._is_available()):
            query = getattr(rule, f"_query_{rule.kind}")(held, start)
            for lead_id, user_id, at in self.env.execute_query(query):
                for index in by_pair[lead_id, user_id]:
                    _lead, _user, since, until = periods[index]
                    if at >= since and (not until or at <= until):
                        touch = (at, rule.is_contact, rule.is_followup)
                        found.setdefault(index, []).append(touch)
        return {index: sorted(touches) for index, touches in found.items()}

    def _is_available(self):
        return self.kind != "visit" or "field.visit" in self.env

    def _flush_sources(self):
        models_ = ["mail.activity", "mail.message", "calendar.event", "calendar.attendee"]
        models_ += ["sale.order", "mail.notification", "field.lead.extension"]
        if "field.visit" in self.env:
            models_ += ["field.visit", "res.partner"]
        for name in models_:
            self.env[name].flush_model()
        self.env["crm.lead"].flush_model(["user_id", "partner_id"])

    # Each answers (lead, person, moment) for pairs ``held`` of lead and person.

    def _query_activity(self, held, start):
        # The day it was done bounds the moment: who edits an old result wins no time.
        kind = SQL("AND a.activity_type_id = %s", self.activity_type_id.id)
        return SQL(
            """SELECT h.lead_id, h.user_id, LEAST(a.write_date, (a.date_done + 1)::timestamp)
                 FROM %s JOIN mail_activity a
                   ON a.res_model = 'crm.lead' AND a.res_id = h.lead_id
                WHERE NOT a.active AND a.date_done IS NOT NULL AND a.write_date >= %s
                  AND (a.user_id = h.user_id OR a.write_uid = h.user_id)
                  AND length(trim(COALESCE(a.feedback, ''))) >= %s %s""",
            held,
            start,
            max(self.min_chars, 1),
            kind if self.activity_type_id else SQL(),
        )

    def _query_meeting(self, held, start):
        return SQL(
            """SELECT h.lead_id, h.user_id, e.stop
                 FROM %s JOIN res_users u ON u.id = h.user_id
                 JOIN calendar_event e ON e.opportunity_id = h.lead_id
                WHERE e.active AND e.stop >= %s AND e.stop <= %s
                  AND e.stop - e.start >= make_interval(mins => %s)
                  AND (e.user_id = u.id OR EXISTS (
                    SELECT FROM calendar_attendee a WHERE a.event_id = e.id
                       AND a.partner_id = u.partner_id AND a.state != 'declined'))""",
            held,
            start,
            fields.Datetime.now(),
            self.min_minutes,
        )

    def _query_quotation(self, held, start):
        return SQL(
            """SELECT h.lead_id, h.user_id, COALESCE(o.field_sent_at, o.date_order)
                 FROM %s JOIN sale_order o ON o.opportunity_id = h.lead_id
                WHERE o.state IN ('sent', 'sale')
                  AND COALESCE(o.field_sent_at, o.date_order) >= %s
                  AND (o.user_id = h.user_id OR o.create_uid = h.user_id)""",
            held,
            start,
        )

    def _query_visit(self, held, start):
        """Visited is the customer, whichever of his contacts the lead and the visit name."""
        verified = self.env["crm.lead"]._field_verified_visit_domain()
        verified &= Domain("check_out_at", ">=", start)
        visits = self.env["field.visit"].sudo().with_context(active_test=False)._search(verified)
        return SQL(
            """SELECT h.lead_id, h.user_id, v.check_out_at
                 FROM %s JOIN crm_lead l ON l.id = h.lead_id
                 JOIN res_partner c ON c.id = l.partner_id
                 JOIN field_visit v ON v.user_id = h.user_id
                 JOIN res_partner p ON p.id = v.partner_id
                  AND p.commercial_partner_id = c.commercial_partner_id
                WHERE v.id IN %s AND COALESCE(v.effective_min, 0) >= %s""",
            held,
            visits.subselect(),
            self.min_minutes,
        )

    def _query_note(self, held, start):
        """From the moment it was written down, not from that of the confirmation."""
        return SQL(
            """SELECT h.lead_id, h.user_id, e.create_date
                 FROM %s JOIN field_lead_extension e
                   ON e.lead_id = h.lead_id AND e.user_id = h.user_id
                WHERE e.kind = 'note' AND e.state = 'granted' AND e.create_date >= %s
                  AND length(trim(e.reason)) >= %s""",
            held,
            start,
            max(self.min_chars, 1),
        )

    def _query_message(self, held, start):
        """Written by the owner and sent to somebody outside; a note among colleagues is none."""
        return SQL(
            """SELECT h.lead_id, h.user_id, m.date
                 FROM %s JOIN res_users u ON u.id = h.user_id
                 JOIN mail_message m ON m.model = 'crm.lead' AND m.res_id = h.lead_id
                WHERE m.date >= %s AND m.author_id = u.partner_id
                  AND m.message_type IN ('comment', 'email_outgoing', 'sms')
                  AND NOT COALESCE(m.is_internal, FALSE)
                  AND length(trim(regexp_replace(COALESCE(m.body, ''), '<[^>]*>|&nbsp;', '', 'g')))
                      >= %s
                  AND (m.message_type = 'sms' OR m.outgoing_email_to IS NOT NULL OR EXISTS (
                    SELECT FROM mail_notification n JOIN res_partner p ON p.id = n.res_partner_id
                     WHERE n.mail_message_id = m.id AND p.partner_share))""",
            held,
            start,
            max(self.min_chars, 1),
        )
