import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

SPARE = 40
KEEP = timedelta(days=60)


class FieldNonce(models.Model):
    """A number used once: it is drawn into a photo when it is taken, and can be in no other.

    A phone has up to 40 of them in store for the hours without network.
    """

    _name = "field.nonce"
    _description = "Camera number"
    _rec_name = "value"
    _order = "id"
    _log_access = False

    device_id = fields.Many2one(
        "field.device", required=True, readonly=True, index=True, ondelete="cascade"
    )
    value = fields.Char(required=True, readonly=True)
    issued_at = fields.Datetime(required=True, readonly=True)
    used_at = fields.Datetime(readonly=True)

    _value_uniq = models.Constraint("UNIQUE(value)", "The number must be unique.")

    @api.model
    def _spare(self, device):
        """The unused numbers of a device, filled up to 40."""
        unused = self.search([("device_id", "=", device.id), ("used_at", "=", False)], limit=SPARE)
        now = fields.Datetime.now()
        unused += self.create(
            [
                {"device_id": device.id, "value": secrets.token_hex(8), "issued_at": now}
                for _number in range(SPARE - len(unused))
            ]
        )
        return unused.mapped("value")

    @api.model
    def _use(self, device, value):
        """Use a number up: ``good``, ``reused`` or ``unknown``; ``none`` when none came."""
        if not value:
            return "none"
        self.flush_model()
        query = SQL(
            """UPDATE field_nonce SET used_at = %s
                WHERE device_id = %s AND value = %s AND used_at IS NULL RETURNING id""",
            fields.Datetime.now(),
            device.id,
            value,
        )
        used = self.env.execute_query(query)
        self.invalidate_model(["used_at"])
        if used:
            return "good"
        known = self.search_count([("device_id", "=", device.id), ("value", "=", value)], limit=1)
        return "reused" if known else "unknown"

    @api.autovacuum
    def _gc_nonces(self):
        self.env.cr.execute(
            SQL(
                "DELETE FROM field_nonce WHERE issued_at < %s OR used_at < %s",
                fields.Datetime.now() - 3 * KEEP,
                fields.Datetime.now() - KEEP,
            )
        )
