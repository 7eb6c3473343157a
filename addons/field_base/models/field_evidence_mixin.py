from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.canonical import canonical, sha256_hex
from ..tools.retention import evidence_open, is_open

# Also plain SQL, a server action for example, is refused. Who owns the database can switch this
# off; what he changes then no longer fits the seals.
_FUNCTION = """
CREATE OR REPLACE FUNCTION field_evidence_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
    IF current_setting('field.evidence', true) IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION 'Evidence in % cannot be changed or deleted', TG_TABLE_NAME
              USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $guard$
"""


class FieldEvidenceMixin(models.AbstractModel):
    """Rows that prove something: written once, sealed within the hour, never changed or deleted.

    A model names the columns that must stay in ``_evidence_columns`` and gives what is sealed in
    :meth:`_evidence_values`. The retention rule alone may erase, and leaves a certificate.
    """

    _name = "field.evidence.mixin"
    _description = "Evidence"
    _evidence_columns = ()

    seal_id = fields.Many2one(
        "field.seal", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )

    def init(self):
        """The guard in the database, and the index that finds what is not sealed yet."""
        super().init()
        if self._abstract:
            return
        self._guard_evidence(self._table, self._evidence_columns)
        name = SQL.identifier(f"{self._table}_unsealed_idx")
        table = SQL.identifier(self._table)
        self.env.cr.execute(
            SQL("CREATE INDEX IF NOT EXISTS %s ON %s (id) WHERE seal_id IS NULL", name, table)
        )

    @api.model
    def _guard_evidence(self, table, columns, only=None):
        """Triggers that refuse to delete a row of a table or to change these columns.

        :param str only: a column; rows without a value in it are free
        """
        self.env.cr.execute(_FUNCTION)
        name = SQL.identifier(table)
        changed = SQL(" OR ").join(
            SQL("OLD.%(c)s IS DISTINCT FROM NEW.%(c)s", c=SQL.identifier(c)) for c in columns
        )
        held = SQL("OLD.%s IS NOT NULL", SQL.identifier(only)) if only else SQL("true")
        self.env.cr.execute(
            SQL(
                """DROP TRIGGER IF EXISTS field_evidence_delete ON %(table)s;
                DROP TRIGGER IF EXISTS field_evidence_update ON %(table)s;
                CREATE TRIGGER field_evidence_delete BEFORE DELETE ON %(table)s FOR EACH ROW
                       WHEN (%(held)s) EXECUTE FUNCTION field_evidence_guard();
                CREATE TRIGGER field_evidence_update BEFORE UPDATE ON %(table)s FOR EACH ROW
                       WHEN (%(held)s AND (%(changed)s)) EXECUTE FUNCTION field_evidence_guard()""",
                table=name,
                held=held,
                changed=changed,
            )
        )

    # --- what is sealed ------------------------------------------------------------------------

    def _evidence_values(self):
        """What of this row is sealed: a dict that can be written as JSON."""
        self.ensure_one()
        return {name: _plain(self[name]) for name in self._evidence_columns}

    def _evidence_digests(self):
        """``{id: SHA-256 of what is sealed of the row}``"""
        rows = self.sudo()
        return {
            row.id: sha256_hex(canonical({"model": self._name, **row._evidence_values()}))
            for row in rows
        }

    def _set_seal(self, seal):
        """Note which seal the rows are under."""
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET seal_id = %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                seal.id,
                self.ids,
            )
        )
        self.invalidate_recordset(["seal_id"])

    # --- erasing -------------------------------------------------------------------------------

    def _erase_evidence(self, reason):
        """Erase rows whose time is over. What is left: their digests in the seals, so that the
        rest can still be verified, and a certificate.

        :param str reason: which rule, for people to read
        :returns: the certificate
        """
        return self.env["field.erasure"].sudo()._erase(self.sudo(), reason)

    def write(self, vals):
        """Refused for what is sealed; corrections are new rows."""
        self.check_access("write")
        if self and not vals.keys().isdisjoint(self._evidence_columns) and not is_open(self.env):
            raise UserError(self.env._("Evidence cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_by_retention(self):
        if not is_open(self.env):
            raise UserError(self.env._("Evidence cannot be deleted."))

    def unlink(self):
        """Only by the retention rule."""
        if not is_open(self.env):
            return super().unlink()
        with evidence_open(self.env):
            return super().unlink()


def _plain(value):
    if isinstance(value, models.BaseModel):
        return value.id or None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return None if value is False else value
