"""Keys of other systems: shown once, kept as a hash, limited, ended, revoked."""

import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

KEY_BYTES = 32


class FieldApiKeyMixin(models.AbstractModel):
    """A row whose key opens some address of the API; see ``ir.http._log_in_key``.

    Whoever inherits declares ``_key_uniq`` and ``_rate_positive`` as field.api.client has them:
    what the mixin declared would belong to this module and stay when the other one is removed.
    """

    _name = "field.api.key.mixin"
    _description = "Row with a key"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    rate_limit = fields.Integer("Requests per Minute", default=60, required=True)
    expires_on = fields.Date("Key Ends on")
    key_hash = fields.Char(copy=False, readonly=True, groups="base.group_system")
    key_issued_at = fields.Datetime("Key Issued at", copy=False, readonly=True)
    last_used_at = fields.Datetime("Last Used", copy=False, readonly=True)

    def action_new_key(self):
        """Issue a key and show it once; the one before stops working at once.

        :raises AccessError: for those who may not manage keys of this kind
        """
        self.ensure_one()
        self._check_may_manage()
        raw = secrets.token_urlsafe(KEY_BYTES)
        self.sudo().write({"key_hash": self._hash_key(raw), "key_issued_at": fields.Datetime.now()})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Key"),
            "res_model": "field.api.key",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_owner_name": self.name, "default_key": raw},
        }

    def action_revoke_key(self):
        """Take the key away; requests with it are refused from now on.

        :raises AccessError: for those who may not manage keys of this kind
        """
        self._check_may_manage()
        self.sudo().write({"key_hash": False, "key_issued_at": False})
        return True

    def _check_may_manage(self):
        self.check_access("write")
        if not self._may_manage_keys():
            raise AccessError(self.env._("You may not manage these keys."))

    @api.model
    def _may_manage_keys(self):
        """Hook: whether the current user issues and revokes keys of this kind."""
        return self.env.user.has_group("field_base.field_base_group_admin")

    @api.model
    def _hash_key(self, raw):
        return hashlib.sha256(raw.encode()).hexdigest()

    @api.model
    def _authenticate(self, raw):
        """The row this key belongs to (sudo), or an empty record; never raises."""
        if not isinstance(raw, str) or not 20 <= len(raw) <= 128 or not raw.isascii():
            return self.sudo().browse()
        row = self.sudo().search([("key_hash", "=", self._hash_key(raw))])
        ended = row.expires_on and row.expires_on < fields.Date.today()
        return self.sudo().browse() if ended else row

    def _note_use(self):
        """Once a minute is enough to know whether a key is still in use."""
        now = fields.Datetime.now()
        if not self.last_used_at or now - self.last_used_at > timedelta(minutes=1):
            self.last_used_at = now
