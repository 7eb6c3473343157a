import re
from contextlib import contextmanager

import psycopg2

from odoo import models
from odoo.http import request

from ..controllers.dispatcher import ApiError
from ..tools.status import version_tuple

_BEARER = re.compile(r"bearer\s+(\S+)", re.IGNORECASE)


@contextmanager
def _database_is_asked():
    """Odoo takes whatever fails here for a wrong password; a database that is away is not one."""
    try:
        yield
    except psycopg2.Error as exc:
        raise ApiError(503, "busy", retry_after=10) from exc


def _read_bearer():
    """What stands after ``Authorization: Bearer``; a session cookie counts for nothing."""
    request.session.can_save = False
    match = _BEARER.fullmatch(request.httprequest.headers.get("Authorization", "").strip())
    return match and match[1]


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _auth_method_field_device(cls):
        """``Authorization: Bearer <device token>``; the request runs as the device's person.

        Odoo takes whatever fails in here for a wrong password. A database that was restarted just
        now must not tell a phone that its token is no good.
        """
        with _database_is_asked():
            cls._log_in_device()

    @classmethod
    def _log_in_device(cls):
        """A session cookie that may come along counts for nothing, and none is given."""
        token = _read_bearer()
        device = request.env["field.device"]._authenticate(token)
        if not device:
            raise ApiError(401, "bad_token")
        cls._check_app_version(device)
        request.field_token = token
        user = device.user_id
        request.update_env(
            user=user.id,
            context={
                "lang": user.lang or "en_US",
                "tz": user.tz,
                "allowed_company_ids": [device.company_id.id],
            },
            su=False,
        )
        request.field_device = device.with_env(request.env).sudo()

    @classmethod
    def _auth_method_field_client(cls):
        """``Authorization: Bearer <key of an API client>``; the request runs as the person the
        client works as, and sees what he sees."""
        client = cls._log_in_key("field.api.client")
        user = client.acting_user_id
        context = {"lang": user.lang or "en_US", "allowed_company_ids": client.company_id.ids}
        request.update_env(user=user.id, context=context, su=False)
        request.field_client = client.with_env(request.env).sudo()

    @classmethod
    def _log_in_key(cls, model):
        """The row (sudo) whose key was sent.

        :param str model: with field.api.key.mixin
        :raises ApiError: 401 ``bad_key``
        """
        with _database_is_asked():
            holder = request.env[model]._authenticate(_read_bearer())
            if not holder:
                raise ApiError(401, "bad_key")
            request.field_key_holder = holder
            return holder

    @classmethod
    def _check_app_version(cls, device):
        """An app too old to be understood says so to its person and updates; it loses nothing."""
        least = version_tuple(device.company_id.field_app_min_version)
        sent = version_tuple(request.httprequest.headers.get("X-Field-App"))
        if least and sent and sent < least:
            raise ApiError(426, "upgrade")
