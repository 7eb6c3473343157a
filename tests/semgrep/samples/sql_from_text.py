from odoo.tools import SQL


class Position:
    def read(self, name, ids, cr):
        # ruleid: field-sql-from-text
        self.env.cr.execute(f"SELECT id FROM {name}")
        # ruleid: field-sql-from-text
        cr.execute("SELECT id FROM %s" % name)
        # ruleid: field-sql-from-text
        cr.execute("SELECT id FROM " + name)
        # ruleid: field-sql-from-text
        cr.execute("SELECT id FROM {}".format(name))
        query = f"SELECT id FROM {name}"
        # ruleid: field-sql-from-text
        cr.execute(query)
        # ruleid: field-sql-from-text
        self.env.execute_query(SQL(f"SELECT id FROM {name}"))
        # ok: field-sql-from-text
        self.env.execute_query(SQL("SELECT id FROM %s WHERE id = ANY(%s)", SQL.identifier(name), ids))
        # ok: field-sql-from-text
        cr.execute("SELECT id FROM field_visit WHERE id = ANY(%s)", [ids])
