from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

#: A contact is written down at most this often: the row would be rewritten with every position.
CONTACT_EVERY = timedelta(seconds=60)


class FieldDevice(models.Model):
    _inherit = "field.device"

    reject_ids = fields.One2many("field.position.reject", "device_id", "Unusable messages")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_positions(self):
        query = SQL("SELECT 1 FROM field_position WHERE device_id IN %s LIMIT 1", tuple(self.ids))
        if self.ids and self.env.execute_query(query):
            raise UserError(
                self.env._("Positions came from this device. Archive it instead of deleting it.")
            )

    def _receive(self, parsed, size=0):
        """Store what one request of this device said.

        :param parsed: tools.parse.Parsed
        :param int size: bytes of the body, for the quarantine
        """
        self.ensure_one()
        device = self.sudo()
        if device._cached_refusal(device.id, _minute()):
            device._count_refused()
            return
        self.env["field.position"]._store(device, parsed.fixes, parsed.source)
        if parsed.contacts and not parsed.fixes:
            self.env["field.position.last"]._touch(device, parsed.contacts[-1])
        if parsed.rejects:
            self.env["field.position.reject"]._quarantine(device, parsed, size)
        device._write_contact()

    @tools.ormcache("device_id", "minute")
    def _cached_refusal(self, device_id, minute):
        """Finding the policy costs three queries; it is asked once a minute per device.

        Changing a policy empties the cache (see field.policy).
        """
        return self.browse(device_id)._tracking_refusal()

    def _count_refused(self):
        """All that is kept of a position nobody may keep: that there was one."""
        self.env.cr.execute(
            SQL(
                "UPDATE field_device SET refused_count = COALESCE(refused_count, 0) + 1"
                " WHERE id = %s",
                self.id,
            )
        )
        self.invalidate_recordset(["refused_count"])

    def _write_contact(self):
        now = fields.Datetime.now()
        if self.last_contact and now - self.last_contact < CONTACT_EVERY:
            return
        self.env.cr.execute(
            SQL("UPDATE field_device SET last_contact = %s WHERE id = %s", now, self.id)
        )
        self.invalidate_recordset(["last_contact"])


def _minute():
    return fields.Datetime.now().replace(second=0)
