"""Which visit a check-in of the phone begins. What was done counts, whatever the office has done to
the plan while the phone knew nothing of it."""

from uuid import uuid4

from odoo import models

from odoo.addons.field_base.tools.errors import FieldConflict, FieldRejected
from odoo.addons.field_base.tools.payload import require_payload


class FieldEvent(models.Model):
    _inherit = "field.event"

    def _find_visit_to_begin(self, uuid, values):
        """The visit a phone checks in to: known by uuid, planned here, or made on the spot."""
        visit = self._find_visit(uuid) or self._find_own_visit(values["visit_id"])
        if visit and not visit._is_called_off():
            return self._adopt(visit, uuid)
        partner = visit.partner_id or self._find_customer_to_visit(values)
        if visit.uuid == uuid:
            visit._rename()
        Visit = self.env["field.visit"].with_company(self.company_id)
        found = self._adopt(Visit._find_or_create_today(partner, self.happened_at), uuid)
        if found.is_unplanned and (visit or values["visit_id"] or values["plan"]):
            found._take_plan(**self._read_plan(values["plan"]))
            found._tell_lost_plan(visit, values["visit_id"])
        return found

    def _find_own_visit(self, visit_id):
        Visit = self.env["field.visit"]
        mine = [("id", "=", visit_id), ("user_id", "=", self.env.uid)]
        return Visit.search(mine) if visit_id else Visit

    def _find_customer_to_visit(self, values):
        """:raise FieldRejected: bad_payload, not_found"""
        if values["partner_id"]:
            return self._find_customer(values["partner_id"])
        if values["visit_id"]:
            raise FieldRejected("not_found", self.env._("This visit does not exist any more."))
        raise FieldRejected(
            "bad_payload", self.env._("“%(field)s” is missing.", field="partner_id")
        )

    def _read_plan(self, plan):
        """:raise FieldRejected: bad_payload"""
        return require_payload(plan or {}, {}, {"type_id": int, "sop_id": int, "channel": str})

    def _adopt(self, visit, uuid):
        """Let the phone's uuid name the visit from now on.

        :raise FieldConflict: when the visit has already begun under another uuid
        """
        if visit.uuid == uuid:
            return visit
        if visit.check_in_at:
            raise FieldConflict(
                {"visit_id": visit.id, "visit_uuid": visit.uuid, "state": visit.state},
                self.env._("This visit has already begun on another device."),
            )
        visit._with_evidence().uuid = uuid
        return visit


class FieldVisit(models.Model):
    _inherit = "field.visit"

    def write(self, vals):
        """A plan that passes to somebody else gets another name: the one it had stays with the
        phone that knows it, for what is done there meanwhile."""
        if vals.get("user_id"):
            others = self.filtered(lambda v: v.user_id.id != vals["user_id"] and not v.check_in_at)
            others._rename()
        return super().write(vals)

    def _rename(self):
        for visit in self:
            visit._with_evidence().uuid = str(uuid4())
        self.flush_recordset(["uuid"])  # before another one takes the name

    def _is_called_off(self):
        return self.state == "cancelled" and not self.check_in_at

    def _take_plan(self, type_id=None, sop_id=None, channel=None):
        """What the phone knew of the plan that is gone: its steps were done by that."""
        if channel in dict(self._fields["channel"]._description_selection(self.env)):
            self.channel = channel
        self._take_along(type_id, None)
        domain = [("id", "=", sop_id or 0), ("company_id", "in", (False, self.company_id.id))]
        self.sop_id = self.env["field.sop"].search(domain) or self.sop_id

    def _tell_lost_plan(self, called_off, visit_id):
        """Say why there is no plan for this visit, though the phone had one.

        :param called_off: the visit it was, if it is one's own
        :param int visit_id: the visit it was, as the phone says
        """
        planned = self.sudo().search([("id", "=", visit_id or 0)])
        if called_off:
            said = self.env._(
                "Planned on the phone, called off at the office meanwhile: it took place."
            )
        elif planned.partner_id == self.partner_id:
            said = self.env._(
                "Planned on the phone, passed on to somebody else meanwhile: it took place."
            )
        elif visit_id:
            said = self.env._(
                "Planned on the phone, taken out of the plan at the office meanwhile: it took "
                "place."
            )
        else:
            return
        self.message_post(body=said)
