import base64
import time

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import files

#: Positions per statement: more would only make the statement long.
BATCH = 10_000


class FieldTrackImport(models.TransientModel):
    """Takes positions out of a file: GPX, GeoJSON, KML, Google Timeline."""

    _name = "field.track.import"
    _description = "Import of a track"

    user_id = fields.Many2one(
        "res.users", "Person", required=True, default=lambda self: self.env.user
    )
    device_id = fields.Many2one(
        "field.device",
        required=True,
        domain="[('user_id', '=', user_id), ('state', '=', 'active')]",
        compute="_compute_device_id",
        store=True,
        precompute=True,
        readonly=False,
        help="The phone that recorded it. Working times and the person's policy apply as if it "
        "had sent it itself.",
    )
    file = fields.Binary(required=True, attachment=False)
    file_name = fields.Char()
    result = fields.Text(readonly=True)

    @api.depends("user_id")
    def _compute_device_id(self):
        for wizard in self:
            domain = [("user_id", "=", wizard.user_id.id), ("state", "=", "active")]
            wizard.device_id = self.env["field.device"].search(domain, limit=1)

    def action_import(self):
        """Store what the file holds and say what became of it.

        :raises UserError: there is nothing in the file that could be used, or nothing may be kept
        """
        self.ensure_one()
        self.check_access("write")
        device = self.device_id
        device.check_access("write")
        parsed = files.parse(base64.b64decode(self.file), time.time())
        added, kept = self._store(device.sudo(), parsed)
        self.result = self._describe(parsed, added, kept)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "field_tracking.field_track_import_action"
        )
        return action | {"res_id": self.id}

    def _store(self, device, parsed):
        """(new positions, positions that may be kept)"""
        if not parsed.fixes:
            raise UserError(
                self.env._(
                    "No position with a time was found in %(file)s. GPX, GeoJSON, KML and the "
                    "exports of Google's Timeline are understood.",
                    file=self.file_name or self.env._("the file"),
                )
            )
        if device._tracking_refusal():
            raise UserError(
                self.env._("The person's policy or a missing consent allows no such track.")
            )
        kept = device._in_working_time(parsed.fixes)
        Position = self.env["field.position"].sudo()
        added = sum(
            Position._store(device, kept[low : low + BATCH], parsed.source)
            for low in range(0, len(kept), BATCH)
        )
        return added, len(kept)

    def _describe(self, parsed, added, kept):
        known = kept - added
        lines = [
            self.env._("%(count)s positions stored.", count=added),
            known and self.env._("%(count)s were there already.", count=known),
            len(parsed.fixes) - kept
            and self.env._("%(count)s lie outside working time.", count=len(parsed.fixes) - kept),
            parsed.rejects
            and self.env._("%(count)s could not be used:", count=len(parsed.rejects)),
        ]
        reason = self.env["field.position.reject"]._fields["reason"]
        reasons = dict(reason._description_selection(self.env))
        used = dict.fromkeys(reject.reason for reject in parsed.rejects)
        return "\n".join([line for line in lines if line] + [f"– {reasons[name]}" for name in used])
