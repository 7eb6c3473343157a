import uuid
from datetime import datetime, timedelta

from odoo.tests import TransactionCase, new_test_user

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

    def user(login, groups, company=cls.company):
        return new_test_user(
            env,
            login=f"field_{login}",
            name=login.replace("_", " ").title(),
            groups=groups,
            tz="Asia/Shanghai",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
            context={"no_reset_password": True, "mail_create_nosubscribe": True},
        )

    def employee(user, manager=None):
        return env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": user.company_id.id,
                "parent_id": manager.id if manager else False,
            }
        )

    cls.director, cls.leader, cls.sibling = (
        user(login, LEADER) for login in ("director", "leader", "sibling")
    )
    cls.rep, cls.senior, cls.junior, cls.other_rep = (
        user(login, REP) for login in ("rep", "senior", "junior", "other_rep")
    )
    cls.admin = user("admin", ADMIN)
    cls.auditor = user("auditor", AUDITOR)
    cls.internal = user("internal", "base.group_user")
    cls.portal = user("portal", "base.group_portal")
    cls.stranger = user("stranger", LEADER, cls.other_company)
    cls.stranger_rep = user("stranger_rep", REP, cls.other_company)

    cls.emp_director = employee(cls.director)
    cls.emp_leader = employee(cls.leader, cls.emp_director)
    cls.emp_sibling = employee(cls.sibling, cls.emp_director)
    cls.emp_rep = employee(cls.rep, cls.emp_leader)
    cls.emp_senior = employee(cls.senior, cls.emp_leader)
    cls.emp_junior = employee(cls.junior, cls.emp_senior)
    cls.emp_other_rep = employee(cls.other_rep, cls.emp_sibling)
    emp_stranger = employee(cls.stranger)
    employee(cls.stranger_rep, emp_stranger)


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
