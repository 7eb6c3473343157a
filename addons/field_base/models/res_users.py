from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Everybody below some people, at any depth and in any company. UNION (not UNION ALL) also ends
# when somebody managed to build a circle.
_BELOW = """
    WITH RECURSIVE below(id, user_id) AS (
        SELECT child.id, child.user_id
          FROM hr_employee leader JOIN hr_employee child ON child.parent_id = leader.id
         WHERE leader.user_id IN %s AND leader.active
        UNION
        SELECT child.id, child.user_id
          FROM below JOIN hr_employee child ON child.parent_id = below.id
    )
    SELECT user_id FROM below WHERE user_id IS NOT NULL
"""
_ABOVE = """
    WITH RECURSIVE above(origin, id) AS (
        SELECT user_id, parent_id FROM hr_employee
         WHERE user_id IN %s AND parent_id IS NOT NULL
        UNION
        SELECT above.origin, e.parent_id
          FROM above JOIN hr_employee e ON e.id = above.id
         WHERE e.parent_id IS NOT NULL
    )
    SELECT DISTINCT above.origin, leader.user_id
      FROM above JOIN hr_employee leader ON leader.id = above.id
     WHERE leader.user_id IS NOT NULL AND leader.active
"""


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
        help="Everybody above this person in the organisation chart, at every depth.",
    )

    def _field_chart_fields(self):
        employee = self.env["hr.employee"]
        return [employee._fields[name] for name in ("parent_id", "user_id", "active")]

    def _compute_field_leader_ids(self):
        leaders = dict.fromkeys(self.ids, ())
        if self.ids:
            query = SQL(_ABOVE, tuple(self.ids), to_flush=self._field_chart_fields())
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
        return Domain(
            "id", "in", SQL("(%s)", SQL(_BELOW, leader_ids, to_flush=self._field_chart_fields()))
        )

    def _field_subordinates(self):
        """All users below these leaders, at any depth (sudo)."""
        return self.sudo().search([("field_leader_ids", "in", self.ids)])

    def _field_leader_chain(self, company):
        """The leaders above one person in a company, the nearest first (sudo).

        :returns: res.users, in this order
        """
        self.ensure_one()
        domain = [("user_id", "=", self.id), ("company_id", "=", company.id)]
        employee = self.env["hr.employee"].sudo().search(domain, limit=1)
        leaders, seen = self.sudo().browse(), employee
        while (employee := employee.parent_id) and employee not in seen:
            seen |= employee
            leaders |= employee.user_id.filtered("active")
        return leaders - self

    def _field_tz(self):
        """Name of the zone this person's days are counted in; always a valid one."""
        self.ensure_one()
        user = self.sudo()
        for name in (user.tz, user.company_id.resource_calendar_id.tz):
            if name and _is_zone(name):
                return name
        return "UTC"
