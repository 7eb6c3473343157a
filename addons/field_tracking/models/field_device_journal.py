from odoo import api, fields, models
from odoo.tools import SQL

KINDS = [
    ("alive", "Alive, without a position"),
    ("offline", "Network gone"),
    ("online", "Network back"),
    ("hidden", "App in the background"),
    ("visible", "App in front"),
    ("no_permission", "Location not permitted"),
    ("permission", "Location permitted"),
    ("power_save", "Power saving"),
    ("clock", "Clock changed"),
    ("stopped", "Tracking stopped on the phone"),
    ("started", "Tracking started on the phone"),
]


class FieldDeviceJournal(models.Model):
    """What a phone said of itself, without saying where it is: the evidence for causes of gaps."""

    _name = "field.device.journal"
    _description = "Device journal"
    _order = "at desc, id desc"
    _log_access = False
    _rec_name = "kind"

    device_id = fields.Many2one(
        "field.device", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", "Person", required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    at = fields.Datetime(required=True, readonly=True, help="By the phone's own clock.")
    received_at = fields.Datetime("Received", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    battery = fields.Float(digits=(4, 3), readonly=True, aggregator="avg")
    charging = fields.Boolean(readonly=True)

    _once = models.UniqueIndex("(device_id, at, kind)")

    @api.model
    def _note(self, device, contacts):
        """Keep these contacts of a device; the same one again changes nothing.

        The days they belong to are made again: a gap may have got its cause.

        :param contacts: list of tools.units.Contact
        """
        now = fields.Datetime.now()
        values = SQL(", ").join(
            SQL(
                "(%s, %s, %s, to_timestamp(%s) AT TIME ZONE 'UTC', %s::timestamp, %s, %s::float8,"
                " %s::bool)",
                *(device.id, device.user_id.id, device.company_id.id, contact.ts, now),
                *(contact.kind, contact.battery, contact.charging),
            )
            for contact in contacts
        )
        self.env.cr.execute(SQL(_NOTE, values, now))


_NOTE = """
    WITH added AS (
        INSERT INTO field_device_journal
               (device_id, user_id, company_id, at, received_at, kind, battery, charging)
        VALUES %s ON CONFLICT DO NOTHING RETURNING user_id, company_id, at)
    INSERT INTO field_track_mark (user_id, company_id, marked_at, ts_min, ts_max)
    SELECT user_id, company_id, %s, min(at), max(at) FROM added GROUP BY user_id, company_id
"""
