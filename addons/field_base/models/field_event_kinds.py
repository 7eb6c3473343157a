from odoo import models

from ..tools.errors import FieldRejected, FieldWaiting
from ..tools.payload import read_uuid, require_payload


class FieldEvent(models.Model):
    """The kinds of this module. Handlers are thin: check the payload, call the model's method."""

    _inherit = "field.event"

    def _read_workday(self, payload):
        values = require_payload(payload, {}, {"position": dict, "odometer": float})
        if values["odometer"] is not None and not 0 <= values["odometer"] < 1e7:
            message = self.env._("The odometer cannot be negative or have more than seven digits.")
            raise FieldRejected("bad_payload", message)
        return values

    def _apply_workday_open(self, payload):
        values = self._read_workday(payload)
        return self.env["field.workday"]._do_open(
            self.user_id,
            self.happened_at,
            values["position"],
            device=self.device_id,
            odometer=values["odometer"],
            uuid=self.uuid,
        )

    def _apply_workday_close(self, payload):
        values = self._read_workday(payload)
        uuid = read_uuid(payload, "workday_uuid", required=False)
        Day = self.env["field.workday"]
        day = Day._find_to_close(self.user_id, self.happened_at, uuid)
        if not day and uuid:
            raise FieldWaiting(uuid)
        if not day:
            raise FieldRejected("no_open_day", self.env._("There is no open workday to close."))
        return day._do_close(self.happened_at, values["position"], odometer=values["odometer"])

    def _apply_contact_ping(self, payload):
        """Sign of life; the sync itself has already noted the contact."""
        require_payload(payload, {})
        return self.device_id
