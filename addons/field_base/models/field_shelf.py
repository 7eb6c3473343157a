import secrets

from odoo import api, fields, models


class FieldShelf(models.Model):
    """Which records of which collection are on a phone, under the token of its cursor.

    A device has at most two: the one it has confirmed by sending its token, and the one it was
    offered last, for the answer may have been lost on the way.
    """

    _name = "field.shelf"
    _description = "Records on a Phone"
    _rec_name = "token"

    device_id = fields.Many2one(
        "field.device", required=True, readonly=True, index=True, ondelete="cascade"
    )
    token = fields.Char(required=True, readonly=True)
    content = fields.Json(readonly=True)

    _token_uniq = models.Constraint("UNIQUE(token)", "The token must be unique.")

    @api.model
    def _find(self, device, token):
        """The list a cursor stands for, or ``None`` when it is not known (any more).

        :returns: ``{collection: {id: digest or None}}``
        """
        shelf = token and self.search([("device_id", "=", device.id), ("token", "=", token)])
        if not shelf:
            return None
        return {name: _unpack(value) for name, value in (shelf.content or {}).items()}

    @api.model
    def _put(self, device, confirmed, content):
        """Remember what the phone has after this answer; what it has confirmed stays.

        :returns: the new token
        """
        others = [("device_id", "=", device.id), ("token", "!=", confirmed or "")]
        self.search(others).unlink()
        token = secrets.token_hex(12)
        packed = {name: _pack(rows) for name, rows in content.items() if rows}
        self.create({"device_id": device.id, "token": token, "content": packed})
        return token


def _pack(rows):
    """Ids alone are kept as a list, which is half as long."""
    return rows if any(rows.values()) else sorted(rows)


def _unpack(value):
    if isinstance(value, list):
        return dict.fromkeys(value)
    return {int(res_id): digest for res_id, digest in value.items()}
