"""What a person answers to the suggestions of the day; ``self`` is the journal row, acting as
him."""

from datetime import timedelta

from odoo import api, models

from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import read_uuid, require_payload
from odoo.addons.field_base.tools.times import local_date


class FieldEvent(models.Model):
    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {
            "suggestion.take": self.env._("Suggestion taken into the day"),
            "suggestion.dismiss": self.env._("Suggestion dismissed"),
        }

    def _apply_suggestion_take(self, payload):
        """suggestion.take {partner_id, date, visit_uuid}: the customer comes into the plan; the
        phone names the visit, so that a check-in can follow before the office has answered"""
        uuid = read_uuid(payload, "visit_uuid")
        named, visit = self._find_visit(uuid), self._find_suggestion(payload)._take()
        if named - visit:
            raise FieldRejected(
                "bad_payload", self.env._("Another visit already has the name that the phone gave.")
            )
        return visit if visit.check_in_at else self._adopt(visit, uuid)

    def _apply_suggestion_dismiss(self, payload):
        """suggestion.dismiss {partner_id, date, reason}: later, phone, not_mine or wrong; what was
        answered elsewhere stays answered"""
        values = require_payload(payload, {"reason": str})
        suggestion = self._find_suggestion(payload)
        if suggestion.state == "open":
            suggestion.action_dismiss(values["reason"])
        return suggestion

    def _find_suggestion(self, payload):
        """:raise FieldRejected: bad_payload, not_found"""
        values = require_payload(payload, {"partner_id": int, "date": str})
        day = self._read_day(values["date"])
        today = local_date(self.happened_at, self.env.user._field_tz())
        if not day or abs(day - today) > timedelta(days=1):
            raise FieldRejected(
                "bad_payload", self.env._("A suggestion is about the day it is made for.")
            )
        partner = self.env["res.partner"].search([("id", "=", values["partner_id"])])
        if not partner:
            raise FieldRejected("not_found", self.env._("This customer does not exist any more."))
        return self.env["field.suggestion"].with_company(self.company_id)._of_day(partner, day)
