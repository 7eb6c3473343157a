from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from .field_visit_move import MOST_DAYS
from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_base.tools.payload import read_uuid, require_payload
from odoo.addons.field_base.tools.times import local_date


class FieldEvent(models.Model):
    """A visit that its person plans on the phone."""

    _inherit = "field.event"

    @api.model
    def _get_kind_names(self):
        return super()._get_kind_names() | {"visit.plan": self.env._("Visit planned")}

    def _apply_visit_plan(self, payload):
        """visit.plan {visit_uuid, partner_id|customer_uuid, date, time?, type_id?}: the phone names
        the visit, so that a check-in can follow before the office has answered. What is planned
        there on that day already is that visit."""
        values = require_payload(
            payload, {"date": str}, {"partner_id": int, "time": float, "type_id": int}
        )
        uuid = read_uuid(payload, "visit_uuid")
        known = self._find_visit(uuid)
        if known:
            return known
        day = self._read_day_ahead(values["date"])
        partner = self._find_customer_to_plan(payload, values["partner_id"])
        visit = self._find_planned(partner, day) or self._plan_visit(partner, day, values)
        return self._adopt(visit, uuid)

    def _find_customer_to_plan(self, payload, partner_id):
        """:raise FieldRejected: bad_payload, not_found"""
        named = read_uuid(payload, "customer_uuid", required=False)
        if named:
            return self._find_added(named)
        if not partner_id:
            raise FieldRejected(
                "bad_payload", self.env._("“%(field)s” is missing.", field="partner_id")
            )
        return self._find_customer(partner_id)

    def _read_day_ahead(self, text):
        """From the day on which it was said: a phone may have been offline since.

        :raise FieldRejected: bad_payload, bad_day
        """
        day = self._read_day(text)
        today = local_date(self.happened_at, self.env.user._field_tz())
        if not day:
            raise FieldRejected("bad_payload", self.env._("“%(field)s” is missing.", field="date"))
        if not today <= day <= today + timedelta(days=MOST_DAYS):
            raise FieldRejected(
                "bad_day",
                self.env._(
                    "A visit is planned for a day within the next %(days)s days.", days=MOST_DAYS
                ),
            )
        return day

    def _find_planned(self, partner, day):
        domain = Domain("user_id", "=", self.env.uid) & Domain("partner_id", "=", partner.id)
        domain &= Domain("plan_date", "=", day) & Domain("state", "=", "planned")
        return self.env["field.visit"].search(domain, order="plan_time, id", limit=1)

    def _plan_visit(self, partner, day, values):
        time = values["time"] or 0.0
        if not 0 <= time < 24:
            raise FieldRejected(
                "bad_payload", self.env._("“%(field)s” must be an hour of the day.", field="time")
            )
        visit = self.env["field.visit"].with_company(self.company_id)
        vals = {"partner_id": partner.id, "user_id": self.env.uid, "plan_date": day}
        visit = visit.create({**vals, "plan_time": time})
        visit._take_along(values["type_id"], None)
        return visit
