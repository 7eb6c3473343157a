from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

# Of the people below, those whose own policy lets this leader look. The policy is chosen as
# field.policy does it (person, job, nearest department, company; the latest version); the database
# says what day it is, because record rules are cached. While no policy narrows anything, which is
# asked once, nobody's policy is looked for.
_VIEWED = """
    SELECT u.id
      FROM res_users u
      LEFT JOIN hr_employee e ON e.user_id = u.id AND e.company_id = u.company_id AND e.active
      LEFT JOIN hr_version v ON v.id = e.current_version_id
      LEFT JOIN hr_department d ON d.id = v.department_id
      LEFT JOIN LATERAL (
            SELECT p.track_viewers
              FROM field_policy p,
                   LATERAL (SELECT string_to_array(trim('/' FROM d.parent_path), '/') AS path) way
             WHERE (SELECT EXISTS (SELECT FROM field_policy narrow
                                    WHERE narrow.active AND narrow.state = 'active'
                                      AND narrow.track_viewers <> 'leaders'))
               AND p.active AND p.state = 'active' AND p.company_id = u.company_id
               AND p.effective_from <= (now() AT TIME ZONE 'UTC')::date
               AND (p.user_id = u.id OR p.job_id = v.job_id
                    OR p.department_id::text = ANY(way.path)
                    OR num_nonnulls(p.user_id, p.job_id, p.department_id) = 0)
             ORDER BY p.user_id, p.job_id, array_position(way.path, p.department_id::text) DESC
                      NULLS LAST, p.effective_from DESC, p.id DESC
             LIMIT 1) rule ON TRUE
     WHERE u.id IN (%s)
       AND (COALESCE(rule.track_viewers, 'leaders') = 'leaders'
            OR rule.track_viewers = 'direct' AND EXISTS (
                SELECT FROM hr_employee own JOIN hr_employee leader ON leader.id = own.parent_id
                 WHERE own.user_id = u.id AND leader.user_id IN %s AND leader.active))
"""


class ResUsers(models.Model):
    _inherit = "res.users"

    field_track_viewer_ids = fields.Many2many(
        "res.users",
        string="Leaders who see the tracks",
        compute="_compute_field_track_viewer_ids",
        search="_search_field_track_viewer_ids",
        compute_sudo=True,
        groups="base.group_user",
        help="Those of the leaders whom the person's policy lets look at positions and tracks.",
    )

    def _compute_field_track_viewer_ids(self):
        policies = self.env["field.policy"]._get_for_users(self)
        employees = self.env["hr.employee"].sudo().search([("user_id", "in", self.ids)])
        direct = {employee.user_id.id: employee.parent_id.user_id for employee in employees}
        for user in self:
            viewers = policies[user.id].track_viewers
            leaders = user.field_leader_ids if viewers != "admin" else user.browse()
            if viewers == "direct":
                leaders &= direct.get(user.id, user.browse())
            user.field_track_viewer_ids = [Command.set(leaders.ids)]

    def _field_track_viewer_fields(self):
        policy, version = self.env["field.policy"]._fields, self.env["hr.version"]._fields
        names = ("track_viewers", "active", "state", "company_id", "effective_from")
        names += ("user_id", "job_id", "department_id")
        return [
            *(policy[name] for name in names),
            *(version[name] for name in ("job_id", "department_id")),
        ]

    @api.model
    def _search_field_track_viewer_ids(self, operator, value):
        """A sub-query, as for :meth:`_search_field_leader_ids`."""
        if operator != "in":
            return NotImplemented
        leader_ids = tuple(value) if not isinstance(value, (SQL, str)) else None
        if leader_ids is None or not all(isinstance(i, int) and i for i in leader_ids):
            return NotImplemented
        if not leader_ids:
            return Domain.FALSE
        flush = self._field_track_viewer_fields()
        below = self._field_below_sql(leader_ids)
        return Domain("id", "in", SQL("(%s)", SQL(_VIEWED, below, leader_ids, to_flush=flush)))
