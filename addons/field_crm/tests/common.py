import uuid
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import TransactionCase, freeze_time, new_test_user

REP = "field_base.field_base_group_rep"
LEADER = "field_base.field_base_group_leader"


def digits_joined(text):
    """The text without blanks and hyphens: however a phone number is written, it is found.

    Ask it for seven digits at least. Three of them are some record's id on a bad day."""
    return str(text).replace(" ", "").replace("-", "")


class LeadPoolCommon(TransactionCase):
    """One company, one pool, and this organisation chart::

    leader
    ├── rep        member of the pool
    ├── rep2       member of the pool
    └── outsider   no member
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.leader = cls._new_user("pool_leader", LEADER)
        cls.rep = cls._new_user("pool_rep", REP)
        cls.rep2 = cls._new_user("pool_rep2", REP)
        cls.outsider = cls._new_user("pool_outsider", REP)
        cls._new_chart(cls.leader, cls.rep | cls.rep2 | cls.outsider)
        cls.pool = cls.env["field.lead.pool"].create(
            {"name": "Shanghai East", "member_ids": [Command.set((cls.rep | cls.rep2).ids)]}
        )
        cls.lead, cls.lead2, cls.lead3 = cls._new_leads("Corner shop", "Noodle bar", "Tea house")

    @classmethod
    def _new_user(cls, login, groups, **values):
        quiet = {"no_reset_password": True}
        return new_test_user(
            cls.env, login, groups=groups, context=quiet, tz="Asia/Shanghai", **values
        )

    @classmethod
    def _new_chart(cls, leader, reps):
        boss = cls.env["hr.employee"].create({"name": leader.name, "user_id": leader.id})
        cls.env["hr.employee"].create(
            [{"name": rep.name, "user_id": rep.id, "parent_id": boss.id} for rep in reps]
        )

    @classmethod
    def _new_leads(cls, *names, **values):
        defaults = {"type": "lead", "user_id": False, "team_id": False}
        defaults["field_pool_id"] = cls.pool.id
        return cls.env["crm.lead"].create([{"name": name, **defaults, **values} for name in names])

    def _history(self, lead):
        """The history rows of a lead, oldest first, as comparable tuples."""
        claims = self.env["field.lead.claim"].search([("lead_id", "=", lead.id)], order="id")
        return [(claim.event, claim.user_id, claim.reason) for claim in claims]


class OnThePhone:
    """What a phone sends, and what lies on it."""

    def _send(self, user, kind, at, **payload):
        device = self.env["field.device"].create(
            {"name": "Phone", "uuid": str(uuid.uuid4()), "user_id": user.id}
        )
        event = {
            "uuid": str(uuid.uuid4()),
            "seq": 0,
            "kind": kind,
            "captured_at": at.isoformat() + "Z",
            "payload": payload,
        }
        with freeze_time(at), patch.object(self.env.cr, "now", lambda: at):
            answer = self.env["field.event"].sudo()._sync(device.sudo(), [event])
            self.env.flush_all()
        return answer["results"][0]

    def _rows(self, user, name):
        app = self.env["field.app"].with_user(user)
        collection = app._collections()[name]
        records = app.env[collection.model].search(collection.domain)
        return {row["id"]: row for row in collection.rows_of(records)}
