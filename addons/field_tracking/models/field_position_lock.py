"""The third lock on working time: what lies outside is not shown, on whatever path it is asked for.

Searches, groups, exports and readings of records all go through ``_search``; only the server's own
work (sudo) and the person himself see more.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class FieldPositionLock(models.AbstractModel):
    _name = "field.position.lock.mixin"
    _description = "Positions that are shown for working time only"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        query = super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
        if self.env.su or bypass_access or query.is_empty():
            return query
        locked = self._get_locked_times(Domain(domain))
        if locked:
            query.add_where(self._get_shown_sql(query.table, locked))
        return query

    @api.model
    def _get_locked_times(self, domain):
        """Working times of everybody but the reader, where the policy asks that.

        :returns: ``{user.id: [(start, end)]}``, naive UTC, for people with such a lock only
        """
        found, (start, end) = {}, self._get_bounds(domain)
        for company in self.env.companies:
            Policy = self.env["field.policy"].sudo().with_company(company)
            if not Policy._has_working_time_lock(company.id):
                continue
            users = self._get_people(company)
            for user_id, times in Policy._get_working_times(users, start, end).items():
                if times != [(start, end)]:
                    found[user_id] = times
        return found

    @api.model
    def _get_people(self, company):
        """Whose positions somebody could come across: they all have a last one."""
        rows = self.env["field.position.last"].sudo().search([("company_id", "=", company.id)])
        return rows.user_id - self.env.user

    @api.model
    def _get_bounds(self, domain):
        """The moments that a domain on ``ts`` leaves in question, as narrow as is easily seen."""
        low = fields.Datetime.to_datetime(min(self.env["field.position"]._existing_months()))
        high = fields.Datetime.now() + timedelta(days=1)
        parts = domain.children if getattr(domain, "OPERATOR", "") == "&" else [domain]
        for part in parts:
            if getattr(part, "field_expr", "") != "ts" or not part.value:
                continue
            if part.operator in (">", ">="):
                low = max(low, fields.Datetime.to_datetime(part.value))
            elif part.operator in ("<", "<="):
                high = min(high, fields.Datetime.to_datetime(part.value))
        return low, max(low, high)

    @api.model
    def _get_shown_sql(self, table, locked):
        """Condition on a row: nobody's lock concerns it, or it lies in his working time."""
        person, moment = SQL.identifier(table, "user_id"), SQL.identifier(table, "ts")
        rows = [(user, *span) for user, times in locked.items() for span in times]
        return SQL(
            """(%(person)s <> ALL(%(locked)s) OR EXISTS (
                SELECT 1
                  FROM unnest(%(users)s::int[], %(starts)s::timestamp[], %(ends)s::timestamp[])
                    AS working(user_id, since, until)
                 WHERE working.user_id = %(person)s
                   AND %(moment)s BETWEEN since AND until))""",
            person=person,
            moment=moment,
            locked=list(locked),
            users=[user for user, _start, _end in rows],
            starts=[start for _user, start, _end in rows],
            ends=[end for _user, _start, end in rows],
        )


class FieldPosition(models.Model):
    _name = "field.position"
    _inherit = ["field.position", "field.position.lock.mixin"]


class FieldPositionLast(models.Model):
    _name = "field.position.last"
    _inherit = ["field.position.last", "field.position.lock.mixin"]
