from odoo import api, fields, models

from ..tools.errors import FieldRejected, FieldWaiting
from ..tools.payload import read_uuid, require_payload


class FieldEvent(models.Model):
    """The kinds of this module. Handlers are thin: check the payload, call the model's method."""

    _inherit = "field.event"
    _rec_name = "kind_name"

    kind_name = fields.Char("What happened", compute="_compute_kind_name")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_kind_name(self):
        names = self._get_kind_names()
        for event in self:
            event.kind_name = names.get(event.kind, event.kind)

    @api.model
    def _get_kind_names(self):
        """What people call each kind, in the user's language; a module adds its own.

        :return: dict of kind: name
        """
        return {
            "workday.open": self.env._("Workday opened"),
            "workday.close": self.env._("Workday closed"),
            "workday.pause": self.env._("Pause began"),
            "workday.resume": self.env._("Pause ended"),
            "contact.ping": self.env._("Sign of life"),
            "event.discard": self.env._("Taken back"),
            "consent.sign": self.env._("Consent signed"),
            "consent.withdraw": self.env._("Consent withdrawn"),
            "announcement.read": self.env._("Announcement read"),
            "customer.pin": self.env._("Wrong pin reported"),
            "privacy.object": self.env._("Objection raised"),
            "privacy.correct": self.env._("Correction asked for"),
        }

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

    def _find_workday(self, payload):
        """The day a closing, pause or resume belongs to.

        :raises FieldWaiting: its opening is named and not here yet
        :raises FieldRejected: ``no_open_day``
        """
        uuid = read_uuid(payload, "workday_uuid", required=False)
        Day = self.env["field.workday"]
        day = Day._find_to_close(self.user_id, self.happened_at, uuid)
        if not day and uuid:
            raise FieldWaiting(uuid)
        if not day:
            raise FieldRejected("no_open_day", self.env._("There is no open workday."))
        return day

    def _apply_workday_close(self, payload):
        values = self._read_workday(payload)
        day = self._find_workday(payload)
        return day._do_close(self.happened_at, values["position"], odometer=values["odometer"])

    def _apply_workday_pause(self, payload):
        self._read_workday(payload)
        return self._find_workday(payload)._do_pause(self.happened_at, uuid=self.uuid)

    def _apply_workday_resume(self, payload):
        self._read_workday(payload)
        return self._find_workday(payload)._do_resume(self.happened_at)

    def _apply_contact_ping(self, payload):
        """Sign of life; the sync itself has already noted the contact."""
        require_payload(payload, {})
        return self.device_id
