import json
from datetime import date

from psycopg2.errors import LockNotAvailable

from odoo import api, models
from odoo.tools import SQL

from .field_position import PARTITION_LOCK

_PREFIX = "field_position_going_"
#: So much of a table (32 MB, about 300,000 rows) is read through in half a second.
SLICE_PAGES = 4_000
PAGE_BYTES = 8192
# Count, first, last, and a sum over what every row said: order plays no part in it.
_DESCRIBE = """
    SELECT user_id, count(*), min(ts), max(ts),
           sum(timestamp_hash_extended(
               ts, hashint8extended((lat::bigint << 32) # lng, device_id)))
      FROM %s WHERE company_id = %s AND %s GROUP BY user_id ORDER BY user_id
"""
# The first and the last row of each device: two look-ups in the key, however many rows there are.
_OWNERS = """
    SELECT DISTINCT d.id, o.company_id, o.user_id
      FROM field_device d, LATERAL (
           (SELECT company_id, user_id FROM %(table)s WHERE device_id = d.id ORDER BY ts LIMIT 1)
           UNION
           (SELECT company_id, user_id FROM %(table)s WHERE device_id = d.id
             ORDER BY ts DESC LIMIT 1)) o
     ORDER BY d.id
"""


class FieldPosition(models.Model):
    """How a month goes whose time is over for everybody, without anybody waiting for it.

    It is detached, in a moment, from the table that phones write to and people read; what it held
    is described for the certificates in slices; then it is dropped, in a moment. How far each
    company has come is written on the table itself, so that a job that was interrupted goes on.
    """

    _inherit = "field.position"

    @api.model
    def _owners(self, table):
        """``[(device id, company id, user id)]`` of everybody with rows in a month.

        :param table: SQL name of the month's table
        """
        return self.env.execute_query(SQL(_OWNERS, table=table))

    @api.model
    def _describe(self, table, company_id, which):
        """``[(user id, rows, first, last, sum)]`` of a company's rows.

        :param which: SQL condition on the rows
        """
        return self.env.execute_query(SQL(_DESCRIBE, table, company_id, which))

    @api.model
    def _delete(self, table, company, device_ids, users):
        """Delete rows of some people out of a month that others keep longer.

        :returns: what they were, as of :meth:`_describe`
        """
        which = SQL("device_id = ANY(%s) AND user_id = ANY(%s)", device_ids, users.ids)
        rows = self._describe(table, company.id, which)
        delete = SQL("DELETE FROM %s WHERE company_id = %s AND %s", table, company.id, which)
        self.env.cr.execute(delete)
        return rows

    @api.model
    def _detach_month(self, month):
        """Take a month out of sight. Whoever stores positions at this moment is waited for, a few
        seconds and no longer: then it is for the next night.

        :returns: whether it was done
        """
        if month in self._going_months():
            return False
        name, going = _names(month)
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute("SET LOCAL lock_timeout = '5s'")
                self.env.cr.execute("SELECT pg_advisory_xact_lock(%s)", [PARTITION_LOCK])
                self.env.cr.execute(SQL("ALTER TABLE field_position DETACH PARTITION %s", name))
                self.env.cr.execute(SQL("ALTER TABLE %s RENAME TO %s", name, going))
        except LockNotAvailable:
            return False
        self.env.registry.clear_cache()
        return True

    @api.model
    def _going_months(self):
        """First days of the months that are detached and not dropped yet."""
        rows = self.env.execute_query(
            SQL(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE %s",
                f"{_PREFIX}%",
            )
        )
        return sorted(date(int(name[-7:-3]), int(name[-2:]), 1) for (name,) in rows)

    @api.model
    def _describe_going(self, month, company):
        """Describe the next slice of a company's rows; drop the month when nobody's are left.

        :returns: rows as of :meth:`_describe`, none when this company has no more
        """
        table = _names(month)[1]
        read_to, pages = self._read_going(month)
        companies = {company_id for _device, company_id, _user in self._owners(table)}
        page, rows = read_to.get(str(company.id), 0), []
        while company.id in companies and page < pages and not rows:
            rows = self._describe(table, company.id, _slice(page))
            page += SLICE_PAGES
        read_to[str(company.id)] = page
        if not rows and all(read_to.get(str(one), 0) >= pages for one in companies):
            self.env.cr.execute(SQL("DROP TABLE %s", table))
        else:
            self.env.cr.execute(SQL("COMMENT ON TABLE %s IS %s", table, json.dumps(read_to)))
        return rows

    @api.model
    def _drop_going_months(self):
        """Whatever the job has not come to yet, when the module is removed."""
        for month in self._going_months():
            self.env.cr.execute(SQL("DROP TABLE %s", _names(month)[1]))

    @api.model
    def _read_going(self, month):
        """Up to which page a detached month is described for each company, and its pages."""
        [(said, size)] = self.env.execute_query(
            SQL(
                "SELECT obj_description(oid, 'pg_class'), pg_relation_size(oid)"
                " FROM pg_class WHERE oid = to_regclass(%s)",
                f"{_PREFIX}{month:%Y_%m}",
            )
        )
        return json.loads(said or "{}"), size // PAGE_BYTES


def _slice(page):
    """Rows of some pages: nobody writes to a detached table, so they stay where they are."""
    return SQL("ctid >= %s::tid AND ctid < %s::tid", f"({page},0)", f"({page + SLICE_PAGES},0)")


def _names(month):
    """SQL names of a month's table as long as it is in use, and when it is going."""
    return (
        SQL.identifier(f"field_position_{month:%Y_%m}"),
        SQL.identifier(f"{_PREFIX}{month:%Y_%m}"),
    )
