"""A call or a mail, written down in two taps: what came of it, and what is next."""

from odoo import api, fields, models

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import read_uuid, require_payload
from odoo.addons.field_base.tools.times import local_date

_TYPES = {"call": "mail.mail_activity_data_call", "mail": "mail.mail_activity_data_email"}


class FieldVisit(models.Model):
    _inherit = "field.visit"

    @api.model
    def _log_contact(self, partner, channel, uuid, result=None, note=None, at=None):
        """Keep that somebody has called or written; the same uuid again is the same contact.

        :param partner: res.partner the person may read
        :param channel: ``call`` or ``mail``
        :param result: field.visit.reason
        :param at: UTC moment of it, now without one
        :returns: mail.activity, done
        """
        Activity = self.env["mail.activity"].sudo().with_context(active_test=False)
        known = Activity.search([("field_uuid", "=", uuid)])
        if known:
            return known
        partner.check_access("read")
        day = local_date(at or fields.Datetime.now(), self.env.user._field_tz())
        quiet = partner.sudo().with_context(mail_activity_quick_update=True)
        activity = quiet.activity_schedule(
            _TYPES[channel],
            date_deadline=day,
            user_id=self.env.uid,
            field_uuid=uuid,
            field_channel=channel,
            field_result_id=result.id if result else False,
        )
        said = [result.name] if result else []
        activity.action_feedback(feedback=" · ".join([*said, *([note] if note else [])]) or False)
        activity.date_done = day
        return activity


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {"contact.log": self.env._("Call or mail noted")}

    def _apply_contact_log(self, payload):
        """contact.log {uuid, partner_id, channel: call|mail, result_id?, note?, next?, date?,
        next_uuid?}"""
        values = require_payload(
            payload,
            {"partner_id": int, "channel": str},
            {"result_id": int, "note": str, "next": str, "date": str},
        )
        if values["channel"] not in _TYPES:
            raise FieldRejected(
                "bad_payload", self.env._("“%(field)s” must be call or mail.", field="channel")
            )
        partner = self._find_customer(values["partner_id"])
        Visit = self.env["field.visit"]
        step = (values["next"] or "").strip()
        day = self._read_day(values["date"])
        next_uuid = read_uuid(payload, "next_uuid", required=bool(step))
        contact = Visit._log_contact(
            partner,
            values["channel"],
            read_uuid(payload, "uuid"),
            Visit._get_reason(values["result_id"], ("contact",)),
            (values["note"] or "").strip(),
            self.happened_at,
        )
        if step:
            Visit._add_followup(partner, step, day, next_uuid)
        return contact
