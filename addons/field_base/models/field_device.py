import base64
import hashlib
import hmac
import secrets
import uuid as uuidlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools.errors import FieldRejected

TOKEN_BYTES = 32  # 256 random bits: no rate limit is needed against guessing
APP_TOKEN_DAYS = 90  # without contact; each sync renews it


class FieldDevice(models.Model):
    """One phone (or tracker app) of one person, and the token it speaks with."""

    _name = "field.device"
    _description = "Field device"
    _inherit = ["field.scope.mixin"]
    _order = "user_id, name, id"

    name = fields.Char(required=True)
    uuid = fields.Char(
        "Device ID", required=True, copy=False, default=lambda self: str(uuidlib.uuid4())
    )
    kind = fields.Selection(
        [("app", "Field app"), ("tracker", "Tracker app")], required=True, default="app"
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("active", "Active"), ("revoked", "Revoked")], required=True, default="active"
    )
    # An Odoo API key costs 9 ms of hashing per request. 256 random bits need no slow hash.
    token_hash = fields.Char(copy=False, readonly=True, groups="base.group_system")
    token_issued_at = fields.Datetime("Token issued", copy=False, readonly=True)
    platform = fields.Char()
    app_version = fields.Char("App version")
    last_contact = fields.Datetime("Last contact", copy=False, readonly=True)
    last_seq = fields.Integer("Last event number", copy=False, readonly=True)
    clock_offset_ms = fields.Integer(
        "Clock offset (ms)",
        copy=False,
        readonly=True,
        help="How far the server's clock is ahead of the device's.",
    )
    refused_count = fields.Integer(
        "Refused", copy=False, readonly=True, help="Deliveries that were not allowed to be kept."
    )

    _uuid_uniq = models.Constraint("UNIQUE(uuid)", "This device is already registered.")
    _token_hash_uniq = models.Constraint("UNIQUE(token_hash)", "The token must be unique.")

    # --- token ---------------------------------------------------------------------------------

    @api.model
    def _hash_token(self, raw):
        return hashlib.sha256(raw.encode()).hexdigest()

    def _issue_token(self):
        """A new token for this device; the one before stops working.

        :returns: the raw token, to be shown once and kept nowhere
        """
        self.ensure_one()
        raw = secrets.token_urlsafe(TOKEN_BYTES)
        self.sudo().write(
            {
                "token_hash": self._hash_token(raw),
                "next_token_hash": False,
                "token_issued_at": fields.Datetime.now(),
                "wipe_state": False,
                "state": "active",
                "active": True,
            }
        )
        return raw

    @api.model
    def _authenticate(self, raw):
        """The device this token belongs to, or an empty record; never raises.

        One indexed look-up by hash, so that the time taken says nothing about how close a guess
        was. Revoked and archived devices, archived people, people who left the device's company
        and app tokens that were not used for 90 days get the same nothing.

        :param str raw: token as sent
        :returns: field.device (sudo)
        """
        if not isinstance(raw, str) or not 20 <= len(raw) <= 128 or not raw.isascii():
            return self.sudo().browse()
        self.flush_model()
        self.env["res.users"].flush_model(["active", "company_ids"])
        limit = fields.Datetime.now() - timedelta(days=APP_TOKEN_DAYS)
        digest = self._hash_token(raw)
        query = SQL(
            """SELECT d.id FROM field_device d
                 JOIN res_users u ON u.id = d.user_id AND u.active
                 JOIN res_company_users_rel c ON c.user_id = u.id AND c.cid = d.company_id
                WHERE (d.token_hash = %s OR d.next_token_hash = %s)
                  AND d.active AND d.state = 'active'
                  AND (d.kind = 'tracker' OR GREATEST(d.last_contact, d.token_issued_at) > %s)""",
            digest,
            digest,
            limit,
        )
        return self.sudo().browse([row[0] for row in self.env.execute_query(query)])

    @api.model
    def _enrol(self, user, uuid, name):
        """Register this phone for a person who has just proved who he is, or find it again.

        :returns: ``(field.device (sudo), raw token)``
        :raises FieldRejected: ``device_taken`` ``revoked``
        """
        device = self.sudo().with_context(active_test=False).search([("uuid", "=", uuid)])
        if device and device.user_id != user:
            raise FieldRejected(
                "device_taken", self.env._("This device is registered for somebody else.")
            )
        if device and (device.state == "revoked" or not device.active):
            raise FieldRejected(
                "revoked", self.env._("This device was disconnected by an administrator.")
            )
        if not device:
            company = user.company_id
            device = device.create(
                {"uuid": uuid, "name": name, "user_id": user.id, "company_id": company.id}
            )
        return device, device._issue_token()

    def _recovery_key(self):
        """The key that opens what this phone has encrypted when its person has forgotten the PIN.

        Made of the database's secret, the same each time, kept nowhere. Whoever has only the phone
        does not have it; whoever has only the server does not have what it opens.

        :returns: 32 bytes as base64
        """
        self.ensure_one()
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        about = f"field phone recovery {self.user_id.id} {self.uuid}"
        key = hmac.new(secret.encode(), about.encode(), hashlib.sha256).digest()
        return base64.b64encode(key).decode()

    def _tracking_refusal(self):
        """Why a position of this device must not be kept now: ``False`` or a reason code.

        ``revoked`` · ``user_archived`` · ``policy`` (its tracking level allows no such track) ·
        ``consent`` (the policy asks for one and there is none)
        """
        self.ensure_one()
        device = self.sudo()
        if device.state != "active" or not device.active:
            return "revoked"
        if not device.user_id.active:
            return "user_archived"
        policies = self.env["field.policy"].with_company(device.company_id)
        level = policies._get_for_users(device.user_id)[device.user_id.id].tracking_level
        allowed = {"continuous"} if device.kind == "tracker" else {"continuous", "app"}
        if level not in allowed:
            return "policy"
        consents = self.env["field.consent"].with_company(device.company_id)
        return "consent" if consents._is_missing(device.user_id) else False

    def _note_contact(self, now, sent_at, seq, rtt_ms=None):
        """Remember that the device spoke, how far its clock is off and how far it has counted.

        The write also makes two requests of one device wait for each other: the later one fails to
        serialise and starts over, seeing what the first has done.
        """
        self.ensure_one()
        self.flush_recordset()
        lock = SQL("SELECT id FROM field_device WHERE id = %s FOR UPDATE", self.id)
        self.env.cr.execute(lock, log_exceptions=False)  # to start over is no error to be logged
        vals = {"last_contact": now, "last_seq": max(self.last_seq, seq)}
        self.write(vals | self._clock_values(now, sent_at, rtt_ms))
        self.flush_recordset()

    # --- buttons -------------------------------------------------------------------------------

    def _check_can_manage(self, own_only=False):
        """A token speaks for its owner: it is his own or an administrator's to make. Taking one
        away is also a leader's business, say when a phone is lost.
        """
        self.check_access("read")
        user = self.env.user
        if self.env.su or user.has_group("field_base.field_base_group_admin"):
            return
        allowed = user.has_group("field_base.field_base_group_rep") and self.user_id <= user
        if not own_only:
            allowed = allowed or user.has_group("field_base.field_base_group_leader")
        if not allowed:
            raise AccessError(self.env._("You cannot manage this device."))

    def action_new_token(self):
        """Issue a token and show it, with the tracker's address, once."""
        self.ensure_one()
        self._check_can_manage(own_only=True)
        token = self._issue_token()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connect %(device)s", device=self.name),
            "res_model": "field.device.token",
            "view_mode": "form",
            "target": "new",
            # Default values of a form that is never saved: the token reaches no table.
            "context": {
                "default_device_name": self.name,
                "default_kind": self.kind,
                "default_token": token,
                "default_tracker_url": f"{self.get_base_url()}/field/track/{token}",
            },
        }

    def action_revoke(self):
        """From now on the device is refused; what it sent stays."""
        self._check_can_manage()
        ended = {"state": "revoked", "token_hash": False, "next_token_hash": False}
        self.sudo().write(ended)
