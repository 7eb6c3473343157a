from datetime import timedelta

from odoo import api, fields, models

KEEP_DAYS = 30


class FieldPositionReject(models.Model):
    """What an authenticated phone sent and nobody can use: kept with the reason, not refused.

    A tracker app repeats a refused message for ever, and some delete it. So the answer is always
    "thank you", and the trouble is visible here.
    """

    _name = "field.position.reject"
    _description = "Unusable position message"
    _order = "id desc"
    _log_access = False

    device_id = fields.Many2one(
        "field.device", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Person", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    received_at = fields.Datetime("Received", required=True, readonly=True, index=True)
    reason = fields.Selection(
        [
            ("too_big", "Message too big"),
            ("bad_body", "Not readable"),
            ("empty", "Nothing in it"),
            ("bad_coordinates", "Coordinates are not numbers"),
            ("out_of_range", "Coordinates outside the world"),
            ("null_island", "Coordinates 0/0"),
            ("bad_time", "Time not readable"),
            ("time_past", "Time long past"),
            ("time_future", "Time in the future"),
            ("encrypted", "Encrypted, and the passphrase here is another one"),
            ("unknown_type", "Message of an unknown kind"),
            ("unknown_device", "Phone unknown here"),
        ],
        required=True,
        readonly=True,
    )
    source = fields.Char(readonly=True)
    count = fields.Integer("Records", default=1, readonly=True)
    size = fields.Integer("Size (bytes)", readonly=True)
    raw = fields.Text("Excerpt", readonly=True)

    @api.model
    def _quarantine(self, device, parsed, size):
        """One row per reason of this request; the excerpt is that of its first record."""
        by_reason = {}
        for reject in parsed.rejects:
            by_reason.setdefault(reject.reason, []).append(reject.raw)
        return self.sudo().create(
            [
                {
                    "device_id": device.id,
                    "user_id": device.user_id.id,
                    "company_id": device.company_id.id,
                    "received_at": fields.Datetime.now(),
                    "reason": reason,
                    "source": parsed.source,
                    "count": len(raws),
                    "size": size,
                    "raw": raws[0],
                }
                for reason, raws in by_reason.items()
            ]
        )

    @api.autovacuum
    def _gc_old(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.sudo().search([("received_at", "<", limit)], limit=10000)
        old.unlink()
        return len(old), len(old) == 10000
