from odoo import models
from odoo.fields import Domain

from ..tools.errors import FieldRejected
from ..tools.payload import is_uuid

TAKEN_BACK = "taken_back"


class FieldEvent(models.Model):
    """What waits for something that will not come can be taken back by who sent it."""

    _inherit = "field.event"

    def _is_taken_back(self):
        return self.state == "rejected" and self.code == TAKEN_BACK

    def _apply_event_discard(self, payload):
        """event.discard {uuids}: what still waits of these own events is given up; what has been
        settled stays as it is"""
        uuids = payload.get("uuids")
        if not isinstance(uuids, list) or not all(is_uuid(uuid) for uuid in uuids):
            raise FieldRejected(
                "bad_payload", self.env._("“%(field)s” must be a list of UUIDs.", field="uuids")
            )
        names = [uuid.lower() for uuid in uuids]
        mine = Domain("user_id", "=", self.env.uid) & Domain("state", "=", "waiting")
        events = self.sudo().search(mine & Domain("uuid", "in", names))
        message = self.env._("You took this back.")
        events.write(self._outcome("rejected", code=TAKEN_BACK, message=message))
