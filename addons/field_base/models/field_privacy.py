from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..tools.collection import plain
from ..tools.data_part import DataPart

# More rows than this of one kind make a file nobody can open; the newest come first.
MOST_ROWS = 100_000
LOOKS_SHOWN = 8


class FieldPrivacy(models.AbstractModel):
    """Everything that is stored about a person, for himself: seen, counted, exported.

    A module adds what it stores::

        def _get_data_parts(self):
            return [*super()._get_data_parts(), DataPart("visits", self.env._("Visits"), …)]
    """

    _name = "field.privacy"
    _description = "What is stored about a person"

    @api.model
    def _get_data_parts(self):
        """:returns: list of tools.data_part.DataPart, in the order they are shown"""
        return [
            DataPart(
                "workdays",
                "field.workday",
                (
                    *("date", "open_at", "close_at", "state", "duration", "open_lat", "open_lng"),
                    *("close_lat", "close_lng", "odometer_open", "odometer_close"),
                ),
                self.env._("Workdays"),
                retention="retention_hours_days",
                order="date desc",
            ),
            DataPart(
                "pauses",
                "field.workday.pause",
                ("start_at", "end_at", "end_source"),
                self.env._("Pauses"),
                retention="retention_hours_days",
            ),
            DataPart(
                "alarms",
                "field.alarm",
                (
                    *("started_at", "kind", "state", "subject", "note", "lat", "lng"),
                    *("seen_by_id", "seen_at", "ended_at", "outcome"),
                ),
                self.env._("Safety alarms"),
                retention="retention_hours_days",
                order="started_at desc",
            ),
            DataPart(
                "messages",
                "field.notice",
                ("create_date", "kind", "subject", "channel", "sent_at"),
                self.env._("Messages"),
            ),
            DataPart("home", "field.home", ("set_at",), self.env._("Home area")),
            DataPart(
                "push",
                "mail.push.device",
                ("create_date", "field_device_id", "endpoint"),
                self.env._("Phones that messages wake"),
                owner="field_device_id.user_id",
            ),
            DataPart(
                "devices",
                "field.device",
                ("name", "kind", "state", "last_contact", "platform", "app_version"),
                self.env._("Devices"),
            ),
            DataPart(
                "journal",
                "field.event",
                ("happened_at", "kind", "state", "message", "payload", "hash"),
                self.env._("What the phone sent"),
                retention="retention_journal_days",
            ),
            DataPart(
                "files",
                "field.blob",
                ("create_date", "mimetype", "size", "sha256"),
                self.env._("Photos and recordings"),
                retention="retention_photo_days",
            ),
            DataPart(
                "consents",
                "field.consent",
                ("topic", "signed_at", "name", "state", "ended_at", "version", "text"),
                self.env._("Consents"),
            ),
            DataPart(
                "access_log",
                "field.access.log",
                ("at", "viewer_id", "kind", "reason"),
                self.env._("Who looked"),
                retention="retention_log_days",
                order="at desc",
            ),
            DataPart(
                "announcements",
                "field.announcement.receipt",
                ("announcement_id", "notified_at", "read_at"),
                self.env._("Announcements"),
            ),
            DataPart(
                "requests",
                "field.privacy.request",
                ("create_date", "kind", "subject", "text", "state", "answer"),
                self.env._("Objections and corrections"),
            ),
        ]

    # --- whose data, for whom ------------------------------------------------------------------

    @api.model
    def _check_person(self, user):
        """People get their own data; administrators anybody's of their companies, and it is noted.

        :raises AccessError: for everybody else
        """
        if not self._may_see(user):
            raise AccessError(
                self.env._("You can only see and export what is stored about yourself.")
            )

    @api.model
    def _may_see(self, user):
        viewer = self.env.user
        if user == viewer:
            return viewer.has_group("field_base.field_base_group_rep")
        is_admin = viewer.has_group("field_base.field_base_group_admin")
        return is_admin and bool(user.sudo().company_ids & viewer.company_ids)

    @api.model
    def _get_records(self, part, user, limit=None):
        """The rows of one kind about one person (sudo): only his, whatever the caller may see."""
        domain = Domain(part.owner, "=", user.id) & Domain(part.extra)
        Model = self.env[part.model].sudo().with_context(active_test=False)
        return Model.search(domain, order=part.order, limit=limit)

    # --- the page ------------------------------------------------------------------------------

    @api.model
    def get_my_data(self):
        """All that the page “My data” shows about the current user.

        :returns: dict with ``name``, ``policy``, ``consent``, ``parts``, ``looks``, ``requests``
        :raises AccessError: for who has no role in field sales
        """
        user = self.env.user
        self._check_person(user)
        policy = self.env["field.policy"]._get_for_users(user)[user.id]
        consent = self.env["field.consent"]._get_states(user)[user.id]
        return {
            "name": user.name,
            "policy": policy.name,
            "consent": {
                "required": consent["required"],
                "valid": consent["valid"],
                "signed_at": plain(consent["signed_at"]),
                "withdrawn_at": plain(consent["withdrawn_at"]),
            },
            "parts": [self._describe_part(part, user, policy) for part in self._get_data_parts()],
            "looks": self._get_looks(user),
            "requests": self._get_requests(user),
        }

    @api.model
    def _describe_part(self, part, user, policy):
        domain = Domain(part.owner, "=", user.id) & Domain(part.extra)
        Model = self.env[part.model].sudo().with_context(active_test=False)
        return {
            "key": part.key,
            "label": part.label,
            "count": Model.search_count(domain),
            "days": policy[part.retention] or 0 if part.retention else None,
        }

    @api.model
    def _get_looks(self, user):
        Log = self.env["field.access.log"].sudo()
        kinds = dict(Log._fields["kind"]._description_selection(self.env))
        rows = Log.search([("user_id", "=", user.id)], limit=LOOKS_SHOWN)
        return [
            {
                "id": row.id,
                "at": plain(row.at),
                "viewer": row.viewer_id.name,
                "what": kinds[row.kind],
                "reason": row.reason,
            }
            for row in rows
        ]

    @api.model
    def _get_requests(self, user):
        Request = self.env["field.privacy.request"].sudo()
        states = dict(Request._fields["state"]._description_selection(self.env))
        rows = Request.search([("user_id", "=", user.id)], limit=20)
        return [
            {
                "id": row.id,
                "subject": row.display_name,
                "state": row.state,
                "label": states[row.state],
                "answer": row.answer or "",
            }
            for row in rows
        ]

    # --- export --------------------------------------------------------------------------------

    @api.model
    def _export(self, user):
        """Everything about one person as plain values.

        :raises AccessError: see :meth:`_check_person`
        """
        self._check_person(user)
        self.env["field.access.log"]._log(user, "export")
        policy = self.env["field.policy"]._get_for_users(user)[user.id]
        user = user.sudo()
        return {
            "person": {
                "name": user.name,
                "login": user.login,
                "email": user.email or None,
                "tz": user._field_tz(),
                "lang": user.lang,
            },
            "exported_at": plain(fields.Datetime.now()),
            "company": self.env.company.name,
            "policy": policy._snapshot(),
            "data": {part.key: self._export_part(part, user) for part in self._get_data_parts()},
        }

    @api.model
    def _export_part(self, part, user):
        rows = self._get_records(part, user, limit=MOST_ROWS + 1)
        return {
            "label": part.label,
            "truncated": len(rows) > MOST_ROWS,
            "rows": [
                {name: _value(value) for name, value in row.items()}
                for row in rows[:MOST_ROWS].read(["id", *part.fields])
            ],
        }


def _value(value):
    """Many2one as id and name; the rest as it travels to the phone."""
    if isinstance(value, tuple) and len(value) == 2:
        return {"id": value[0], "name": value[1]}
    if isinstance(value, bytes):
        return None
    return value if isinstance(value, bool | dict) else plain(value)
