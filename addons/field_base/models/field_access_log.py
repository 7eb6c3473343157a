from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.errors import FieldRejected

KINDS = [
    ("live", "Live position"),
    ("track", "Track"),
    ("photo", "Photo"),
    ("recording", "Recording"),
    ("export", "Export of the data"),
]
# Somebody who leafs through a day opens it once, not at each click.
_INSERT = """
    INSERT INTO field_access_log
           (viewer_id, at, hour, user_id, company_id, kind, reason, res_model, res_id)
    SELECT %s, %s, %s, new.* FROM (VALUES %s)
        AS new (user_id, company_id, kind, reason, res_model, res_id)
     WHERE NOT EXISTS (
        SELECT 1 FROM field_access_log known
         WHERE known.viewer_id = %s AND known.hour = %s AND known.user_id = new.user_id
           AND known.kind = new.kind AND known.res_model = new.res_model
           AND known.res_id = new.res_id AND known.reason = new.reason)
    ON CONFLICT DO NOTHING
    RETURNING id
"""


class FieldAccessLog(models.Model):
    """Who looked at whose position, track, photo or recording, when and why. The person reads it.

    Written by the code that shows the data, in one statement however many people are shown. One
    row per viewer, person, thing, reason and hour.
    """

    _name = "field.access.log"
    _description = "Access log"
    _inherit = ["field.append.mixin", "field.scope.mixin"]
    _order = "at desc, id desc"
    _rec_name = "kind"
    _log_access = False

    user_id = fields.Many2one(string="Whose data", readonly=True)
    viewer_id = fields.Many2one(
        "res.users", "Who looked", required=True, readonly=True, index=True, ondelete="restrict"
    )
    at = fields.Datetime("When", required=True, readonly=True, index=True)
    hour = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(KINDS, "What", required=True, readonly=True)
    reason = fields.Char(required=True, readonly=True, default="")
    res_model = fields.Char("Document model", required=True, readonly=True, default="")
    res_id = fields.Many2oneReference(
        "Document", model_field="res_model", required=True, readonly=True, default=0
    )

    _once_an_hour = models.UniqueIndex(
        "(viewer_id, user_id, kind, res_model, res_id, hour, reason)",
        "This opening is already noted.",
    )

    @api.depends("viewer_id", "kind", "at")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{row.viewer_id.sudo().name}: {kinds.get(row.kind, '')}"

    @api.model
    def _log(self, subject_users, kind, reason=None, records=None):
        """Note that the current user opens data of these people.

        Nothing is noted of one's own data, nor of what the system does by itself.

        :param subject_users: res.users, any number
        :param str kind: see ``KINDS``
        :param records: what was opened; of several, each with its ``user_id``. None: as a whole
        """
        viewer = self.env.user
        if viewer._is_superuser() or not subject_users - viewer:
            return
        rows = self._prepare_rows(subject_users - viewer, kind, reason, records)
        if not self.env.cr.readonly:
            self._insert(viewer, rows)
        elif rows:  # a request that reads from a replica; it is answered after its commit
            self.env.cr.postcommit.add(partial(self._insert_apart, viewer, rows))

    @api.model
    def _insert_apart(self, viewer, rows):
        with self.env.registry.cursor() as cr:
            log = self.with_env(self.env(cr=cr))
            log._insert(viewer.with_env(log.env), rows)

    @api.model
    def _prepare_rows(self, subjects, kind, reason, records):
        reason = (reason or "").strip()[:500]
        if records is None:
            company_of = self._companies_of(subjects)
            things = [(user.id, company_of[user.id], "", 0) for user in subjects]
        else:
            things = [
                (row.user_id.id, row.company_id.id, row._name, row.id)
                for row in records.sudo()
                if row.user_id in subjects
            ]
        return [
            (user_id, company_id, kind, reason, model, res_id)
            for user_id, company_id, model, res_id in dict.fromkeys(things)
        ]

    @api.model
    def _companies_of(self, users):
        """The current company where the person belongs to it, else his main one."""
        current = self.env.company
        return {
            user.id: (current if current in user.company_ids else user.company_id).id
            for user in users.sudo()
        }

    @api.model
    def _insert(self, viewer, rows):
        if not rows:
            return
        now = fields.Datetime.now()
        hour = now.replace(minute=0, second=0, microsecond=0)
        values = SQL(", ").join(SQL("(%s, %s, %s, %s, %s, %s)", *row) for row in rows)
        query = SQL(_INSERT, viewer.id, now, hour, values, viewer.id, hour)
        self.flush_model()
        added = [row[0] for row in self.env.execute_query(query)]
        self._on_logged(self.sudo().browse(added))

    @api.model
    def _on_logged(self, rows):
        """Hook: new rows, written past the ORM."""

    @api.model
    def _check_reason(self, subject_users, kind, reason):
        """Ask for a reason where somebody's policy wants one and none was given this hour.

        :raises FieldRejected: ``reason_required``
        """
        viewer = self.env.user
        others = subject_users - viewer
        if (reason or "").strip() or viewer._is_superuser() or not others:
            return
        policies = self.env["field.policy"]._get_for_users(others)
        strict = {uid for uid, policy in policies.items() if policy.access_reason_required}
        if not strict:
            return
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        domain = [("viewer_id", "=", viewer.id), ("hour", "=", hour), ("kind", "=", kind)]
        domain += [("user_id", "in", list(strict)), ("reason", "!=", "")]
        told = self.sudo().search_fetch(domain, ["user_id"]).user_id.ids
        if strict - set(told):
            message = self.env._("Please say why you look at this. The person will see it.")
            raise FieldRejected("reason_required", message)
