import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.blob_meta import read_meta
from ..tools.errors import FieldRejected
from ..tools.phash import dhash
from ..tools.pictures import UNREADABLE

DAY_QUOTA_MB = 2048


class FieldBlob(models.Model):
    """How files come in: whole or in pieces, with what the camera said about them."""

    _inherit = "field.blob"

    meta = fields.Json("As the phone says", readonly=True)
    nonce_state = fields.Selection(
        [
            ("none", "None"),
            ("good", "Taken live"),
            ("reused", "Number used before"),
            ("unknown", "Number not ours"),
        ],
        "Camera number",
        readonly=True,
        help="Whether the photo was taken by the app's camera, with a number of this server that "
        "can be in one photo only.",
    )
    phash = fields.Char("Picture hash", readonly=True, index="btree_not_null")
    twin_id = fields.Many2one(
        "field.blob",
        "Same picture as",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Another upload with the same content or the same scene.",
    )

    @api.model
    def _state(self, device, uuid):
        """``{"uuid", "state", "offset"}``: what has arrived of a file of this person.

        Somebody else's file looks like one that is not there.
        """
        blob = self.sudo().search([("uuid", "=", uuid), ("user_id", "=", device.user_id.id)])
        if blob:
            return {"uuid": uuid, "state": blob.state, "offset": blob.size, "sha256": blob.sha256}
        offset = self.env["field.blob.piece"].sudo()._offset(device, uuid)
        return {"uuid": uuid, "state": "partial" if offset else "unknown", "offset": offset}

    @api.model
    def _store_piece(self, device, uuid, span, content, mimetype, sha256, meta=None):
        """Keep one piece; the last one makes the file, if its hash is right.

        :param tuple span: ``(first, last, total)`` of the piece
        :returns: as :meth:`_state`
        :raises FieldRejected: as :meth:`_store`; ``bad_range`` ``too_large`` ``quota``
        """
        state = self._state(device, uuid)
        if state["state"] == "complete":
            if state["sha256"] != sha256.lower():
                message = self.env._("Another file was already sent under this ID.")
                raise FieldRejected("blob_conflict", message)
            return state
        Piece = self.env["field.blob.piece"].sudo()
        offset = Piece._add(device, uuid, span, content)
        if offset < span[2]:
            return {"uuid": uuid, "state": "partial", "offset": offset}
        whole = Piece._join(device, uuid)
        if hashlib.sha256(whole).hexdigest() != sha256.lower():
            # no exception: that the pieces are thrown away has to be committed
            return {"uuid": uuid, "state": "damaged", "offset": 0}
        blob = self._store(device, uuid, whole, mimetype, sha256, meta)
        return {"uuid": uuid, "state": blob.state, "offset": blob.size, "sha256": blob.sha256}

    @api.model
    def _check_quota(self, device, size):
        """A phone that went mad must not fill the disk of everybody."""
        query = SQL(
            """SELECT COALESCE(sum(size), 0) FROM field_blob
                WHERE device_id = %s AND create_date > %s""",
            device.id,
            fields.Datetime.now() - timedelta(days=1),
        )
        self.flush_model(["device_id", "size"])
        if self.env.execute_query(query)[0][0] + size > DAY_QUOTA_MB * 1024**2:
            message = self.env._(
                "This device has sent %(limit)s MB within a day. The rest is taken tomorrow.",
                limit=DAY_QUOTA_MB,
            )
            raise FieldRejected("quota", message)

    @api.model
    def _meta_values(self, device, content, mimetype, digest, meta):
        """Columns that say how a picture was taken and whether it came before; nothing is refused
        for it, people decide."""
        meta = read_meta(meta)
        values = {
            "meta": meta or False,
            "nonce_state": self.env["field.nonce"].sudo()._use(device, meta.get("nonce")),
        }
        if mimetype.startswith("image/"):
            values["phash"] = self._picture_hash(content)
        same = [("sha256", "=", digest)]
        if values.get("phash"):
            same = ["|", *same, ("phash", "=", values["phash"])]
        values["twin_id"] = self.search(same, order="id", limit=1).id
        return values

    @api.model
    def _picture_hash(self, content):
        """Perceptual hash, or nothing for a picture that says too little (one plain colour)."""
        try:
            found = dhash(content)
        except UNREADABLE:
            return False
        bits = int(found, 16).bit_count()
        return found if 4 <= bits <= 60 else False
