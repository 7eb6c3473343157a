from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import chart_sql


def _is_zone(name):
    try:
        return bool(ZoneInfo(name))  # cached, unlike the list of all zones
    except (ZoneInfoNotFoundError, ValueError):
        return False


class ResUsers(models.Model):
    _inherit = "res.users"

    field_leader_ids = fields.Many2many(
        "res.users",
        string="Leaders",
        compute="_compute_field_leader_ids",
        search="_search_field_leader_ids",
        compute_sudo=True,
        groups="base.group_user",
        help="Everybody above this person in the organisation chart, at every depth, and whoever "
        "leads an area that this person works in.",
    )

    def _field_chart_sql(self, users, plain, with_areas):
        """One of the queries of tools.chart_sql; a company without areas pays nothing for them.

        :param tuple users: ids to start from
        """
        read = {"hr.employee": ("parent_id", "user_id", "active")}
        code = plain
        if self.env["field.area"]._is_used():
            read["field.area"] = ("parent_id", "active", "leader_ids", "member_ids")
            code = with_areas
        flush = [self.env[model]._fields[name] for model, names in read.items() for name in names]
        return SQL(code, users=users, to_flush=flush)

    def _field_below_sql(self, leader_ids):
        """A query of the ids of everybody below some leaders.

        :param tuple leader_ids: users
        """
        return self._field_chart_sql(leader_ids, chart_sql.BELOW, chart_sql.BELOW_WITH_AREAS)

    def _compute_field_leader_ids(self):
        leaders = dict.fromkeys(self.ids, ())
        if self.ids:
            query = self._field_chart_sql(
                tuple(self.ids), chart_sql.ABOVE, chart_sql.ABOVE_WITH_AREAS
            )
            for user_id, leader_id in self.env.execute_query(query):
                leaders[user_id] += (leader_id,)
        for user in self:
            user.field_leader_ids = [fields.Command.set(leaders.get(user._origin.id, ()))]

    @api.model
    def _search_field_leader_ids(self, operator, value):
        """Always a sub-query, never a list of ids: record rules are cached, charts change."""
        if operator != "in":
            return NotImplemented
        leader_ids = tuple(value) if not isinstance(value, (SQL, str)) else None
        if leader_ids is None or not all(isinstance(i, int) and i for i in leader_ids):
            return NotImplemented
        if not leader_ids:
            return Domain.FALSE
        return Domain("id", "in", SQL("(%s)", self._field_below_sql(leader_ids)))

    def _field_subordinates(self):
        """All users below these leaders, at any depth (sudo)."""
        return self.sudo().search([("field_leader_ids", "in", self.ids)])

    def _field_leader_chain(self, company):
        """The leaders above one person in a company, the nearest first (sudo): those of the chart,
        then those of the areas the person works in.

        :returns: res.users, in this order
        """
        self.ensure_one()
        domain = [("user_id", "=", self.id), ("company_id", "=", company.id)]
        employee = self.env["hr.employee"].sudo().search(domain, limit=1)
        leaders, seen = self.sudo().browse(), employee
        while (employee := employee.parent_id) and employee not in seen:
            seen |= employee
            leaders |= employee.user_id.filtered("active")
        return (leaders | self.env["field.area"].sudo()._leaders_of(self, company)) - self

    def _field_nearest_leader(self, company=None):
        """Whom to tell first about one person (sudo), or nobody.

        :param company: res.company; the person's own when left out
        """
        return self._field_leader_chain(company or self.sudo().company_id)[:1]

    def _field_tz(self):
        """Name of the zone this person's days are counted in; always a valid one."""
        self.ensure_one()
        user = self.sudo()
        for name in (user.tz, user.company_id.resource_calendar_id.tz):
            if name and _is_zone(name):
                return name
        return "UTC"
