from odoo import api, models
from odoo.fields import Domain

from ..tools.collection import Collection, plain

LOOKS = 500
ANNOUNCEMENTS = 200


class FieldApp(models.AbstractModel):
    """What the phone knows of its person's rights: the consent to sign, who looked at him."""

    _inherit = "field.app"

    @api.model
    def _collections(self):
        own = [("user_id", "=", self.env.uid)]
        return super()._collections() | {
            "consent": Collection(
                "res.users", [("id", "=", self.env.uid)], rows=self._consent, digest=True
            ),
            "access_log": Collection(
                "field.access.log",
                own,
                ("viewer_id", "at", "kind", "reason"),
                order="at desc, id desc",
                cap=LOOKS,
                rows=self._looks,
            ),
            "announcements": Collection(
                "field.announcement.receipt",
                Domain("user_id", "=", self.env.uid)
                & Domain("announcement_id.state", "=", "published")
                & (
                    Domain("announcement_id.expires_on", "=", False)
                    | Domain("announcement_id.expires_on", ">=", "today")
                ),
                ("announcement_id", "read_at"),
                order="id desc",
                cap=ANNOUNCEMENTS,
                rows=self._announcements,
            ),
        }

    @api.model
    def _me_values(self, user):
        state = self.env["field.consent"]._get_states(user)[user.id]
        values = super()._me_values(user)
        return values | {"consent": {name: state[name] for name in ("required", "valid")}}

    @api.model
    def _consent(self, users):
        """The text of the person's present policy, and whether he has signed it."""
        states = self.env["field.consent"]._get_states(users)
        policies = self.env["field.policy"]._get_for_users(users)
        return [
            {
                "id": user.id,
                **_state(states[user.id]),
                "sections": policies[user.id]._get_consent_sections(user, user.lang or "en_US"),
            }
            for user in users
        ]

    @api.model
    def _announcements(self, receipts):
        """One row per announcement to the person; ``announcement_id`` is what he confirms."""
        return [
            {
                "id": receipt.id,
                "announcement_id": announcement.id,
                "subject": announcement.name,
                "body": announcement.body or "",
                "from": announcement.author_id.sudo().name,
                "at": plain(announcement.published_at),
                "urgent": announcement.is_urgent,
                "must_read": announcement.must_read,
                "read_at": plain(receipt.read_at),
            }
            for receipt in receipts
            for announcement in receipt.announcement_id
        ]

    @api.model
    def _looks(self, rows):
        return [
            {
                "id": row.id,
                "at": plain(row.at),
                "viewer": {"id": row.viewer_id.id, "name": row.viewer_id.sudo().name},
                "kind": row.kind,
                "reason": row.reason,
            }
            for row in rows
        ]


def _state(values):
    return {
        name: value if isinstance(value, bool) else plain(value) for name, value in values.items()
    }
