"""Messages wake the phone app by web push, where an administrator has it on.

The push service belongs to the maker of the browser. What goes through it says only that there is a
message: no name, no text. The phone fetches the message from this server.
"""

import json

from odoo import api, fields, models

from ..tools.errors import FieldRejected
from ..tools.push import are_push_keys, is_push_service
from ..tools.times import in_quiet_hours

#: Ways of a message that wake the phone: mails and digests have chosen another.
_WAKING = ("usual", "app")


class ResCompany(models.Model):
    _inherit = "res.company"

    field_push = fields.Boolean(
        "Wake phones for messages",
        help="Through the push service of the browser's maker (Google, Apple, Mozilla, Microsoft): "
        "it learns that and when there is a message, and no word of it. Off: nothing goes out.",
    )

    def write(self, vals):
        """The keys of this server are made when push is first switched on."""
        if vals.get("field_push"):
            self.env["mail.push.device"].sudo().get_web_push_vapid_public_key()
        return super().write(vals)


class MailPushDevice(models.Model):
    """Odoo's own push carries the text of a message, and goes to the devices it finds. Phones of
    the app are archived here, so that only who asks for them finds them."""

    _inherit = "mail.push.device"

    active = fields.Boolean(default=True)
    field_device_id = fields.Many2one(
        "field.device",
        "Phone of the app",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )

    @api.model
    def _field_phones(self, domain):
        """Phones of the app (sudo)."""
        phones = self.sudo().with_context(active_test=False)
        return phones.search([("field_device_id", "!=", False), *domain])


class FieldDevice(models.Model):
    _inherit = "field.device"

    def _set_push(self, subscription):
        """Wake this phone from now on.

        :param dict subscription: as the browser gives it: ``endpoint`` and ``keys``
        :raise FieldRejected: push_off, bad_payload
        """
        self.ensure_one()
        if not self.company_id.field_push:
            raise FieldRejected("push_off", self.env._("Messages do not wake phones here."))
        endpoint, keys = subscription.get("endpoint"), subscription.get("keys")
        if not is_push_service(endpoint) or not are_push_keys(keys):
            raise FieldRejected(
                "bad_payload", self.env._("“%(field)s” is missing.", field="endpoint")
            )
        Push = self.env["mail.push.device"].sudo()
        # a phone that changed hands, or its browser's address
        same = ["|", ("endpoint", "=", endpoint), ("field_device_id", "=", self.id)]
        Push.with_context(active_test=False).search(same).unlink()
        Push.create(
            {
                "active": False,
                "partner_id": self.user_id.partner_id.id,
                "endpoint": endpoint,
                "keys": json.dumps(keys),
                "field_device_id": self.id,
            }
        )

    def _drop_push(self):
        self.env["mail.push.device"]._field_phones([("field_device_id", "in", self.ids)]).unlink()

    def action_revoke(self):
        """A phone that is refused is woken no more."""
        result = super().action_revoke()
        self._drop_push()
        return result


class FieldNotice(models.Model):
    _inherit = "field.notice"

    def _send(self):
        """Also wake the phones of those whose company has it on."""
        result = super()._send()
        self.filtered(lambda notice: notice.company_id.field_push)._wake_phones()
        return result

    def _wake_phones(self):
        waking = self.filtered(lambda notice: notice.channel in _WAKING)
        people = waking._get_people_awake()
        domain = [("field_device_id.user_id", "in", people.ids)]
        devices = self.env["mail.push.device"]._field_phones(domain)
        phones = devices.field_device_id.filtered(lambda one: one.active and one.state == "active")
        devices = devices.filtered(lambda one: one.field_device_id in phones)
        rows = [
            {"mail_push_device_id": one.id, "payload": json.dumps(self._prepare_push(one))}
            for one in devices
        ]
        if rows:
            self.env["mail.push"].sudo().create(rows)
            self.env.ref("mail.ir_cron_web_push_notification").sudo()._trigger()

    def _get_people_awake(self):
        """What stands only in the app wakes nobody in his quiet hours; the rest has waited for
        their end, or is urgent."""
        always = self.filtered(lambda notice: notice.channel != "app")
        people, now = always.user_id, fields.Datetime.now()
        for company, notices in (self - always).grouped("company_id").items():
            policies = (
                self.env["field.policy"].with_company(company)._get_for_users(notices.user_id)
            )
            for user in notices.user_id:
                policy, tz = policies[user.id], user._field_tz()
                if not in_quiet_hours(now, tz, policy.quiet_from, policy.quiet_until):
                    people |= user
        return people

    @api.model
    def _prepare_push(self, device):
        """The same words for every message, in the language of the person."""
        env = self.with_context(lang=device.partner_id.lang).env
        return {
            "title": env._("Field Sales"),
            "options": {"body": env._("There is a message for you in the app.")},
        }


class FieldApp(models.AbstractModel):
    _inherit = "field.app"

    @api.model
    def _me_values(self, user):
        """``push`` is the key that a browser subscribes with, where push is on."""
        values = super()._me_values(user)
        if not self.env.company.field_push:
            return values
        read = self.env["ir.config_parameter"].sudo().get_param
        return values | {"push": read("mail.web_push_vapid_public_key") or None}
