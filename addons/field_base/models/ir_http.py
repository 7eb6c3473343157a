import re

from odoo import models
from odoo.http import request

from ..controllers.dispatcher import ApiError

_BEARER = re.compile(r"bearer\s+(\S+)", re.IGNORECASE)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _auth_method_field_device(cls):
        """``Authorization: Bearer <device token>``; the request runs as the device's person.

        A session cookie that may come along counts for nothing, and none is given.
        """
        request.session.can_save = False
        match = _BEARER.fullmatch(request.httprequest.headers.get("Authorization", "").strip())
        device = request.env["field.device"]._authenticate(match and match[1])
        if not device:
            raise ApiError(401, "bad_token")
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
