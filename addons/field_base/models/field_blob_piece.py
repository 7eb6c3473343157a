from datetime import timedelta

from psycopg2 import Binary
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ..tools.errors import FieldRejected

MAX_BLOB = 15 * 1024 * 1024
MAX_UNFINISHED = 300 * 1024 * 1024  # bytes of unfinished files a device may leave with us
KEEP_DAYS = 14


class FieldBlobPiece(models.Model):
    """Part of a file on its way; gone as soon as the file is whole."""

    _name = "field.blob.piece"
    _description = "Part of an upload"
    _rec_name = "uuid"
    _order = "uuid, first"
    _log_access = False

    uuid = fields.Char("Upload ID", required=True, readonly=True)
    device_id = fields.Many2one(
        "field.device", required=True, readonly=True, index=True, ondelete="cascade"
    )
    first = fields.Integer("From byte", required=True, readonly=True)
    size = fields.Integer("Size (bytes)", required=True, readonly=True)
    total = fields.Integer("Whole (bytes)", required=True, readonly=True)
    content = fields.Binary(attachment=False, readonly=True)
    received_at = fields.Datetime(required=True, readonly=True, index=True)

    _place_uniq = models.Constraint(
        "UNIQUE(uuid, device_id, first)", "This part of the file is already there."
    )

    @api.model
    def _offset(self, device, uuid):
        """How many bytes of the file have arrived without a gap."""
        self.flush_model()
        query = SQL(
            """SELECT COALESCE(sum(size), 0) FROM field_blob_piece
                WHERE device_id = %s AND uuid = %s""",
            device.id,
            uuid,
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _add(self, device, uuid, span, content):
        """Keep a part of a file. Bytes that are already there are skipped.

        :param tuple span: ``(first, last, total)``
        :returns: how many bytes there are now
        :raises FieldRejected: ``bad_range`` ``too_large`` ``quota``
        """
        first, last, total = span
        offset = self._offset(device, uuid)
        if len(content) != last - first + 1 or first > offset:
            message = self.env._("The file continues at byte %(offset)s.", offset=offset)
            raise FieldRejected("bad_range", message)
        if total > MAX_BLOB:
            message = self.env._("A file may have %(limit)s MB.", limit=MAX_BLOB // 1024**2)
            raise FieldRejected("too_large", message)
        content = content[offset - first :]
        if not content:
            return offset
        self._check_total(device, uuid, total)
        self._check_unfinished(device, len(content))
        self._insert(device, uuid, offset, total, content)
        return offset + len(content)

    def _check_total(self, device, uuid, total):
        domain = [("device_id", "=", device.id), ("uuid", "=", uuid), ("total", "!=", total)]
        if self.search_count(domain, limit=1):
            message = self.env._("The file had another size before.")
            raise FieldRejected("bad_range", message)

    def _check_unfinished(self, device, size):
        query = SQL(
            "SELECT COALESCE(sum(size), 0) FROM field_blob_piece WHERE device_id = %s", device.id
        )
        if self.env.execute_query(query)[0][0] + size > MAX_UNFINISHED:
            message = self.env._("Too many files were begun. Finish them first.")
            raise FieldRejected("quota", message)

    def _insert(self, device, uuid, first, total, content):
        """Plain SQL: the ORM would carry megabytes of base64 through its cache."""
        query = SQL(
            """INSERT INTO field_blob_piece
                      (uuid, device_id, first, size, total, content, received_at)
               VALUES (%s, %s, %s, %s, %s, %s, %s)""",
            uuid,
            device.id,
            first,
            len(content),
            total,
            Binary(content),
            fields.Datetime.now(),
        )
        try:
            self.env.cr.execute(query, log_exceptions=False)
        except UniqueViolation as exc:
            raise ConcurrencyError("Another request brings the same part") from exc

    @api.model
    def _join(self, device, uuid):
        """The whole file; its parts are removed."""
        query = SQL(
            """DELETE FROM field_blob_piece WHERE device_id = %s AND uuid = %s
               RETURNING first, content""",
            device.id,
            uuid,
        )
        rows = self.env.execute_query(query)
        self.invalidate_model()
        return b"".join(bytes(content) for _first, content in sorted(rows, key=lambda row: row[0]))

    @api.autovacuum
    def _gc_pieces(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.env.cr.execute(SQL("DELETE FROM field_blob_piece WHERE received_at < %s", limit))
