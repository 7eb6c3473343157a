import json
from datetime import datetime, timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.units import Parsed, Reject

#: A contact is written down at most this often: the row would be rewritten with every position.
CONTACT_EVERY = timedelta(seconds=60)


class FieldDevice(models.Model):
    _inherit = "field.device"

    kind = fields.Selection(
        selection_add=[("gateway", "Traccar server"), ("sensor", "Sensor")],
        ondelete={"gateway": "cascade", "sensor": "cascade"},
    )
    forward_uid = fields.Char(
        "ID at the Traccar server",
        copy=False,
        help="What a Traccar server that passes on positions calls this phone (uniqueId).",
    )
    tracker_secret = fields.Char(
        "Passphrase",
        copy=False,
        groups="field_base.field_base_group_admin",
        help="OwnTracks can encrypt what it sends; the same passphrase is set in the app.",
    )
    tracker_app = fields.Char("Tracker app", copy=False, readonly=True)
    tracker_battery = fields.Float(
        "Battery", digits=(4, 3), copy=False, readonly=True, aggregator="avg"
    )
    tracker_status = fields.Json(copy=False, readonly=True)
    reject_ids = fields.One2many("field.position.reject", "device_id", "Unusable messages")

    _forward_uid_uniq = models.UniqueIndex(
        "(company_id, forward_uid) WHERE forward_uid IS NOT NULL AND state = 'active'",
        "Another device already has this ID at the Traccar server.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_positions(self):
        query = SQL("SELECT 1 FROM field_position WHERE device_id IN %s LIMIT 1", tuple(self.ids))
        if self.ids and self.env.execute_query(query):
            raise UserError(
                self.env._("Positions came from this device. Archive it instead of deleting it.")
            )

    def action_new_token(self):
        """The form that shows the token also sets up the app: it needs to know whose it is."""
        action = super().action_new_token()
        context = {**action["context"], "default_device_id": self.id}
        return {**action, "context": context}

    def _receive(self, parsed, size=0, app=None):
        """Store what one request of this device said.

        :param parsed: tools.units.Parsed
        :param int size: bytes of the body, for the quarantine
        :param str app: which app spoke, for the connection page
        """
        self.ensure_one()
        device = self.sudo()
        if device.kind == "gateway":
            device._receive_forwarded(parsed, size)
            return
        if parsed.source == "sensor":
            device._receive_readings(parsed, size)
            return
        if device._cached_refusal(device.id, _minute()):
            device._count_refused()
            return
        fixes = device._in_working_time(parsed.fixes)
        self.env["field.position"]._store(device, fixes, parsed.source)
        if len(fixes) < len(parsed.fixes):
            device._count_refused(len(parsed.fixes) - len(fixes))
        if parsed.contacts:
            self.env["field.device.journal"]._note(device, parsed.contacts)
            if not parsed.fixes:
                self.env["field.position.last"]._touch(device, parsed.contacts[-1])
        if parsed.rejects:
            self.env["field.position.reject"]._quarantine(device, parsed, size)
        device._write_contact(parsed, app)

    def _receive_forwarded(self, parsed, size):
        """What a Traccar server passes on goes to the phone it is about, if that one is known."""
        phone = self._find_forwarded(parsed.forwarded)
        if phone:
            phone._receive(parsed, size, "Traccar")
        else:
            unknown = Parsed(parsed.source, rejects=parsed.rejects)
            if not parsed.rejects:
                unknown.rejects = [Reject("unknown_device", parsed.forwarded or "")]
            self.env["field.position.reject"]._quarantine(self, unknown, size)
        self._write_contact(Parsed(parsed.source), "Traccar")

    def _receive_readings(self, parsed, size):
        """Values of the sensors this device speaks for; nobody's place, so no policy is asked."""
        unknown = self.env["field.sensor"]._receive(self, parsed.readings)
        parsed.rejects += [Reject("unknown_device", code) for code in unknown]
        if parsed.rejects:
            self.env["field.position.reject"]._quarantine(self, parsed, size)
        self._write_contact(Parsed(parsed.source))

    def _find_forwarded(self, name):
        domain = [
            ("forward_uid", "=", name),
            ("company_id", "=", self.company_id.id),
            ("state", "=", "active"),
        ]
        return self.search(domain, limit=1) if name else self.browse()

    @tools.ormcache("device_id", "minute")
    def _cached_refusal(self, device_id, minute):
        """Finding the policy costs three queries; it is asked once a minute per device.

        Changing a policy empties the cache (see field.policy).
        """
        return self.browse(device_id)._tracking_refusal()

    def _in_working_time(self, fixes):
        """The fixes the person's policy lets us keep: those of his working time, if it says so."""
        Policy = self.env["field.policy"].with_company(self.company_id)
        if not fixes or not Policy._has_working_time_lock(self.company_id.id):
            return fixes
        moments = [_moment(fix.ts) for fix in fixes]
        asked = {self.user_id.id: [(moment, moment) for moment in moments]}
        kept = Policy._is_working_time(self.user_id, asked)[self.user_id.id]
        return [fix for fix, keep in zip(fixes, kept, strict=True) if keep]

    def _count_refused(self, number=1):
        """All that is kept of a position nobody may keep: that there was one."""
        self.env.cr.execute(
            SQL(
                "UPDATE field_device SET refused_count = COALESCE(refused_count, 0) + %s"
                " WHERE id = %s",
                number,
                self.id,
            )
        )
        self.invalidate_recordset(["refused_count"])

    def _write_contact(self, parsed, app=None):
        """Remember that the phone spoke, and how it is doing; a minute at most is not noted."""
        now = fields.Datetime.now()
        if self.last_contact and now - self.last_contact < CONTACT_EVERY and not parsed.status:
            return
        said = [*parsed.fixes, *parsed.contacts]
        told = max(said, key=lambda one: one.ts, default=None)
        status = json.dumps({**(self.tracker_status or {}), **parsed.status})
        self.env.cr.execute(
            SQL(
                """UPDATE field_device SET last_contact = %s, tracker_status = %s::jsonb,
                          tracker_app = COALESCE(%s, tracker_app),
                          tracker_battery = COALESCE(%s, tracker_battery)
                    WHERE id = %s""",
                *(now, status, (app or "")[:64] or None, told and told.battery, self.id),
            )
        )
        self.invalidate_recordset(
            ["last_contact", "tracker_status", "tracker_app", "tracker_battery"]
        )


def _moment(ts):
    """Naive UTC of seconds since 1970."""
    return datetime(1970, 1, 1) + timedelta(seconds=ts)


def _minute():
    return fields.Datetime.now().replace(second=0)
