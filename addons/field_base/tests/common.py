import uuid
from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import TransactionCase

from .people import new_chart, new_people

REP = "field_base.field_base_group_rep"
LEADER = "field_base.field_base_group_leader"
ADMIN = "field_base.field_base_group_admin"
AUDITOR = "field_base.field_base_group_auditor"


def build_team(cls):
    """The people of all tests.

    ::

        director (leader)
        ├── leader (leader)
        │   ├── rep
        │   └── senior (rep)
        │       └── junior (rep)
        └── sibling (leader)
            └── other_rep
        stranger (leader of another company)
        └── stranger_rep
    """
    env = cls.env
    cls.company = env.company
    cls.other_company = env["res.company"].create({"name": "Other Trading"})
    cls.company.resource_calendar_id.tz = "Asia/Shanghai"

    def hire(groups, company=cls.company):
        users = new_people(
            env,
            {f"field_{name}": role for name, role in groups.items()},
            tz="Asia/Shanghai",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for name, user in zip(groups, users, strict=True):
            setattr(cls, name, user)

    leaders, reps = ("director", "leader", "sibling"), ("rep", "senior", "junior", "other_rep")
    others = {"admin": ADMIN, "auditor": AUDITOR}
    others |= {"internal": "base.group_user", "portal": "base.group_portal"}
    hire(dict.fromkeys(leaders, LEADER) | dict.fromkeys(reps, REP) | others)
    hire({"stranger": LEADER, "stranger_rep": REP}, cls.other_company)
    employees = new_chart(
        env,
        {
            cls.director: None,
            cls.leader: cls.director,
            cls.sibling: cls.director,
            cls.rep: cls.leader,
            cls.senior: cls.leader,
            cls.junior: cls.senior,
            cls.other_rep: cls.sibling,
            cls.stranger: None,
            cls.stranger_rep: cls.stranger,
        },
    )
    for name in (*leaders, *reps):
        setattr(cls, f"emp_{name}", employees[getattr(cls, name)])


def make_event(kind="contact.ping", seq=1, at=None, payload=None, **extra):
    """An event as a phone sends it; ``at`` is naive UTC."""
    at = at or datetime.utcnow() - timedelta(seconds=1000 - seq)
    event = {
        "uuid": str(uuid.uuid4()),
        "seq": seq,
        "kind": kind,
        "captured_at": at.isoformat(timespec="milliseconds") + "Z",
        "prev_hash": "",
        "payload": payload or {},
    }
    return {**event, **extra}


class FieldCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        build_team(cls)
        cls.device = cls.make_device(cls.rep)

    @classmethod
    def make_device(cls, user, **values):
        return cls.env["field.device"].create(
            {
                "name": f"Phone of {user.name}",
                "user_id": user.id,
                "company_id": user.company_id.id,
                **values,
            }
        )

    def as_user(self, model, user):
        """The model as the user's own web client sees it."""
        env = self.env(user=user, su=False, context={"allowed_company_ids": user.company_ids.ids})
        return env[model]

    def sync(self, events, device=None, sent_at=None, final=True):
        """What the sync endpoint does, in the environment that it makes."""
        device = device or self.device
        env = self.env(
            user=device.user_id,
            su=False,
            context={"lang": "en_US", "allowed_company_ids": device.company_id.ids},
        )
        return env["field.event"]._sync(device.with_env(env), events, sent_at, final)
