import json

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.retention import is_open

OUTCOME_FIELDS = {"state", "code", "message", "server", "res_model", "res_id", "waiting_for"}


class FieldEvent(models.Model):
    """The journal: everything a device ever reported, as it was sent, with what became of it.

    A module adds a kind by inheriting this model and writing ``_apply_<kind>(self, payload)``, with
    the dots of the kind as underscores; see ``field_event_kinds.py`` for the smallest ones.
    """

    _name = "field.event"
    _description = "Journal entry"
    _inherit = ["field.scope.mixin", "field.evidence.mixin"]
    _order = "id desc"
    _log_access = False
    _evidence_columns = (
        "uuid",
        "device_id",
        "user_id",
        "company_id",
        "seq",
        "kind",
        "captured_at",
        "captured_text",
        "received_at",
        "happened_at",
        "payload",
        "body_hash",
        "prev_hash",
        "hash",
    )

    uuid = fields.Char("Event ID", required=True, readonly=True)
    device_id = fields.Many2one(
        "field.device", required=True, readonly=True, index=True, ondelete="restrict"
    )
    seq = fields.Integer("Number", readonly=True, aggregator=None)
    kind = fields.Char(required=True, readonly=True, index=True)
    captured_at = fields.Datetime(
        readonly=True, help="What the device's clock said. Empty when it said nothing usable."
    )
    captured_text = fields.Char(
        "Captured at, as sent", readonly=True, help="The text the hash was made of."
    )
    received_at = fields.Datetime(required=True, readonly=True)
    happened_at = fields.Datetime(
        required=True,
        readonly=True,
        help="The device's time, corrected by its clock error and never in the future. What was "
        "refused and is sent again happened when it was said the first time.",
    )
    clock_error_s = fields.Integer(
        "Clock error (s)",
        readonly=True,
        aggregator=None,
        help="How far the device's clock was ahead when this happened.",
    )
    run = fields.Char(readonly=True, help="One life of the app, from its start to its end.")
    mono_ms = fields.Float(
        "Steady clock (ms)",
        readonly=True,
        aggregator=None,
        help="How long the app had been running: a clock that nobody can set, and that rests while "
        "the phone sleeps.",
    )
    payload = fields.Text(required=True, readonly=True, help="Canonical JSON, as it was hashed.")
    body_hash = fields.Char(readonly=True)
    prev_hash = fields.Char(readonly=True)
    hash = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("applied", "Applied"),
            ("rejected", "Rejected"),
            ("conflict", "Conflict"),
            ("waiting", "Waiting"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    code = fields.Char(readonly=True)
    message = fields.Char(readonly=True)
    server = fields.Json(readonly=True, help="On a conflict: the values that stand.")
    waiting_for = fields.Char(readonly=True, index="btree_not_null")
    res_model = fields.Char("Document model", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)

    _uuid_uniq = models.Constraint("UNIQUE(uuid)", "The event is already in the journal.")
    _device_seq_idx = models.Index("(device_id, seq)")
    _target_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    def _payload(self):
        """The payload as sent, as Python values."""
        self.ensure_one()
        return json.loads(self.payload)

    def write(self, vals):
        """Only the outcome may change. Corrections are new rows."""
        self.check_access("write")
        if not vals.keys() <= OUTCOME_FIELDS:
            raise UserError(self.env._("The journal cannot be changed."))
        return super().write(vals)

    def unlink(self):
        """Only by the retention rule; the device's chain begins after what it erased."""
        for device, events in self.grouped("device_id").items() if is_open(self.env) else ():
            device.sudo()._note_erased(max(events.mapped("seq")))
        return super().unlink()

    def _chain_message(self, code, numbers):
        """What a finding of tools/chain.py at this event means, in words."""
        self.ensure_one()
        values = {"device": self.device_id.name, "first": numbers[0], "last": numbers[1]}
        texts = {
            "altered": self.env._("Event %(last)s of %(device)s does not fit its hash.", **values),
            "fork": self.env._("Number %(last)s of %(device)s was used twice.", **values),
            "gap": self.env._("Events %(first)s to %(last)s of %(device)s are missing.", **values),
            "broken": self.env._(
                "Event %(last)s of %(device)s does not follow from event %(first)s.", **values
            ),
        }
        return texts[code]

    def action_retry(self):
        """Apply refused or waiting events again, once what was in their way is mended."""
        if not self.env.user.has_group("field_base.field_base_group_admin"):
            raise AccessError(self.env._("Only administrators can do this."))
        self.check_access("read")
        events = self.sudo().filtered(lambda e: e._can_retry())
        events.sorted(lambda e: (e.seq, e.id))._apply()

    def _can_retry(self):
        return self.state in ("waiting", "rejected") and self.hash and not self._is_taken_back()

    def action_open_target(self):
        """Open what the event became."""
        self.ensure_one()
        if not self.res_model or self.res_model not in self.env:
            raise UserError(self.env._("This event has no document."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
