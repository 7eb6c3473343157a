from odoo import api, models
from odoo.fields import Domain

from ..tools.collection import Collection, plain

CONTACTS = 3


class FieldApp(models.AbstractModel):
    """What the phone needs to call for help: whom, and what became of the last call."""

    _inherit = "field.app"

    @api.model
    def _collections(self):
        alarms = Collection(
            "field.alarm",
            Domain("user_id", "=", self.env.uid) & Domain("started_at", ">=", "-2d"),
            (*("kind", "state", "started_at", "answer_by", "subject"), "seen_at", "seen_by_id"),
            order="started_at desc, id desc",
            cap=20,
            rows=self._alarms,
        )
        return {**super()._collections(), "alarms": alarms}

    @api.model
    def _alarms(self, alarms):
        return [
            {
                "id": alarm.id,
                "kind": alarm.kind,
                "state": alarm.state,
                "at": plain(alarm.started_at),
                "answer_by": plain(alarm.answer_by),
                "subject": alarm.subject or "",
                "seen_at": plain(alarm.seen_at),
                "seen_by": alarm.sudo().seen_by_id.name or "",
                "told": alarm.sudo().told_ids.mapped("name"),
            }
            for alarm in alarms
        ]

    @api.model
    def _me_values(self, user):
        """Where help is a button, also whom to ring when there is no network."""
        values = super()._me_values(user)
        if not values["policy"]["safety_sos"]:
            return values
        return values | {"helpers": self._get_helpers(user)}

    @api.model
    def _get_helpers(self, user):
        """``[{"name", "phone"}]`` of the leaders above who have a number, the nearest first."""
        company, found = self.env.company, []
        for leader in user._field_leader_chain(company):
            employee = leader.with_company(company).employee_id
            phone = employee.work_phone or employee.mobile_phone or leader.partner_id.phone
            if phone:
                found.append({"name": leader.name, "phone": phone})
        return found[:CONTACTS]
