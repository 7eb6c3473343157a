from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEEP_DAYS = 30
TRIGGERS = {"insert": "i", "update": "u", "delete": "d"}

# Statement triggers with transition tables see every way a row can change: the ORM, its
# recomputations, cascades and plain SQL. A column that is gone (its module was removed) reads as
# null on both sides, so that nothing breaks until the triggers are made anew.
_FUNCTION = """
CREATE OR REPLACE FUNCTION field_change_note() RETURNS trigger LANGUAGE plpgsql AS $note$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO field_change (res_model, res_id)
        SELECT DISTINCT TG_ARGV[0], (to_jsonb(n) ->> TG_ARGV[1])::integer FROM field_new n
         WHERE to_jsonb(n) ->> TG_ARGV[1] IS NOT NULL;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO field_change (res_model, res_id)
        SELECT DISTINCT TG_ARGV[0], (to_jsonb(o) ->> TG_ARGV[1])::integer FROM field_old o
         WHERE to_jsonb(o) ->> TG_ARGV[1] IS NOT NULL;
    ELSE
        INSERT INTO field_change (res_model, res_id)
        SELECT DISTINCT TG_ARGV[0], touched.id
          FROM (SELECT to_jsonb(o) AS was, to_jsonb(n) AS is
                  FROM field_new n JOIN field_old o USING (id) OFFSET 0) pair
         CROSS JOIN LATERAL (VALUES ((was ->> TG_ARGV[1])::integer),
                                    (("is" ->> TG_ARGV[1])::integer)) touched(id)
         WHERE touched.id IS NOT NULL
           AND EXISTS (SELECT 1 FROM unnest(TG_ARGV[1:]) AS name
                        WHERE was -> name IS DISTINCT FROM "is" -> name);
    END IF;
    RETURN NULL;
END $note$
"""


class FieldChange(models.Model):
    """Which records of the phone's collections were touched, by which transaction.

    Insert-only, written by database triggers. A reader that remembers the oldest transaction still
    running when it looked (``pg_snapshot_xmin``) and next time asks for everything from that
    transaction on misses nothing, however long somebody else's transaction took: a time or an id
    as cursor would skip what was written early and committed late.
    """

    _name = "field.change"
    _description = "Change for the phones"
    _order = "id"
    _rec_name = "res_model"
    _log_access = False

    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Integer("Record", required=True, readonly=True)
    at = fields.Datetime(readonly=True, index=True)

    def init(self):
        """The transaction's number has a type the ORM does not know."""
        self.env.cr.execute(
            """
            ALTER TABLE field_change
                ADD COLUMN IF NOT EXISTS xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
                ALTER COLUMN at SET DEFAULT (now() AT TIME ZONE 'UTC');
            CREATE INDEX IF NOT EXISTS field_change_xid_idx ON field_change (xid)
            """
        )
        self.env.cr.execute(_FUNCTION)

    # --- reading -------------------------------------------------------------------------------

    @api.model
    def _horizon(self):
        """``(oldest running transaction, next transaction)`` of this snapshot."""
        query = SQL(
            """SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint
                 FROM pg_current_snapshot() s"""
        )
        return self.env.execute_query(query)[0]

    @api.model
    def _since(self, transactions):
        """Records touched since, from the caller's snapshot.

        :param dict transactions: ``{model: transaction}``
        :returns: ``{model: {id}}``
        """
        if not transactions:
            return {}
        query = SQL(
            """SELECT DISTINCT c.res_model, c.res_id
                 FROM field_change c JOIN unnest(%s::text[], %s::text[]) AS w(model, xid)
                   ON c.res_model = w.model AND c.xid >= w.xid::xid8
                WHERE c.xid >= %s::xid8""",
            list(transactions),
            [str(xid) for xid in transactions.values()],
            str(min(transactions.values())),
        )
        found = {}
        for model, res_id in self.env.execute_query(query):
            found.setdefault(model, set()).add(res_id)
        return found

    @api.model
    def _touch(self, records):
        """Note records of which no column has changed, but what phones keep with them."""
        if records:
            query = SQL(
                "INSERT INTO field_change (res_model, res_id) SELECT %s, unnest(%s)",
                records._name,
                records.ids,
            )
            self.env.cr.execute(query)

    @api.model
    def _newest(self):
        """``[id, transaction]`` of the newest change, to know this database again by."""
        query = SQL("SELECT id, xid::text::bigint FROM field_change ORDER BY id DESC LIMIT 1")
        return next((list(row) for row in self.env.execute_query(query)), [0, 0])

    @api.model
    def _knows(self, mark):
        """Whether this is the database that gave the mark, and not an older copy of it."""
        if not mark[0]:
            return True
        query = SQL(
            "SELECT 1 FROM field_change WHERE id = %s AND xid = %s::xid8", mark[0], str(mark[1])
        )
        return bool(self.env.execute_query(query))

    @api.autovacuum
    def _gc_changes(self):
        """Phones that were away for longer start over; the newest row stays as the mark."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        query = SQL(
            "DELETE FROM field_change WHERE at < %s AND id < (SELECT max(id) FROM field_change)",
            limit,
        )
        self.env.cr.execute(query)

    # --- triggers ------------------------------------------------------------------------------

    @api.model
    def _watch(self, wanted):
        """Make the triggers as they should be; one query when nothing is to be done.

        :param dict wanted: ``{(table, model): [id column, other columns …]}``
        """
        wanted = {
            (table, f"field_change_{model.replace('.', '_')}"[:60]): [model, *columns]
            for (table, model), columns in wanted.items()
        }
        have = self._triggers()
        if have == wanted:
            return
        # other processes may be at it too, right after an update
        self.env.cr.execute("SELECT pg_advisory_xact_lock(hashtext('field_change'))")
        for key, arguments in have.items():
            if wanted.get(key) != arguments:
                self._drop_triggers(*key)
        for key, arguments in wanted.items():
            if have.get(key) != arguments:
                self._create_triggers(*key, arguments)

    @api.model
    def _triggers(self):
        """``{(table, name): arguments}`` of those that are complete."""
        query = SQL(
            """SELECT c.relname, left(t.tgname, -2), min(encode(t.tgargs, 'escape')), count(*)
                 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                 JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema
                WHERE t.tgname LIKE 'field\\_change\\_%%' GROUP BY 1, 2"""
        )
        return {
            (table, name): arguments.split("\\000")[:-1] if count == len(TRIGGERS) else None
            for table, name, arguments, count in self.env.execute_query(query)
        }

    @api.model
    def _drop_triggers(self, table, name):
        for suffix in TRIGGERS.values():
            self.env.cr.execute(
                SQL(
                    "DROP TRIGGER IF EXISTS %s ON %s",
                    SQL.identifier(f"{name}_{suffix}"),
                    SQL.identifier(table),
                )
            )

    @api.model
    def _create_triggers(self, table, name, arguments):
        self._drop_triggers(table, name)
        tables = {
            "insert": SQL("REFERENCING NEW TABLE AS field_new"),
            "update": SQL("REFERENCING OLD TABLE AS field_old NEW TABLE AS field_new"),
            "delete": SQL("REFERENCING OLD TABLE AS field_old"),
        }
        for operation, suffix in TRIGGERS.items():
            self.env.cr.execute(
                SQL(
                    "CREATE TRIGGER %s AFTER %s ON %s %s FOR EACH STATEMENT"
                    " EXECUTE FUNCTION field_change_note(%s)",
                    SQL.identifier(f"{name}_{suffix}"),
                    SQL(operation),
                    SQL.identifier(table),
                    tables[operation],
                    SQL(", ").join(SQL("%s", argument) for argument in arguments),
                )
            )
