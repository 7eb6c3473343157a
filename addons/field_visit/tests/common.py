from odoo.tests import TransactionCase

from odoo.addons.field_base.tests.people import new_chart, new_people

REP = "field_base.field_base_group_rep"
LEADER = "field_base.field_base_group_leader"
ADMIN = "field_base.field_base_group_admin"
AUDITOR = "field_base.field_base_group_auditor"

# One degree of latitude is 111.2 km everywhere, so north-south offsets are easy to read.
PIN = (31.2304000, 121.4737000)
METRE = 1 / 111195.0


def north(metres, accuracy=8.0):
    """A fix that many metres north of PIN."""
    return {"lat": PIN[0] + metres * METRE, "lng": PIN[1], "accuracy": accuracy, "fix_age": 1.0}


AT_CUSTOMER = north(24)
NEARBY = north(280, accuracy=50)
FAR = north(1300, accuracy=12)


class VisitCommon:
    """The people and places of the tests.

    Dora (director, administrator)
    ├── Lea (leader)      Otis (leader)
    │   ├── Rita (rep)    └── Olga (rep)
    │   └── Ravi (rep)
    Audra (auditor), Nina (no field role)
    """

    @classmethod
    def _set_up_people(cls):
        roles = {"dora": ADMIN, "lea": LEADER, "otis": LEADER, "audra": AUDITOR}
        roles |= dict.fromkeys(("rita", "ravi", "olga"), REP) | {"nina": "base.group_user"}
        logins = {f"v_{name}": role for name, role in roles.items()}
        users = new_people(cls.env, logins, tz="Asia/Shanghai")
        for name, user in zip(roles, users, strict=True):
            setattr(cls, name, user)
        new_chart(
            cls.env,
            {
                cls.dora: None,
                cls.lea: cls.dora,
                cls.otis: cls.dora,
                cls.rita: cls.lea,
                cls.ravi: cls.lea,
                cls.olga: cls.otis,
            },
        )

    @classmethod
    def _set_up_places(cls):
        cls.dragon, cls.nowhere, cls.lucky = cls.env["res.partner"].create(
            [
                {
                    "name": "Golden Dragon",
                    "partner_latitude": PIN[0],
                    "partner_longitude": PIN[1],
                },
                {"name": "No Pin Store"},
                {
                    "name": "Lucky 88",
                    "partner_latitude": PIN[0] + 5000 * METRE,
                    "partner_longitude": PIN[1],
                },
            ]
        )
        cls.sop = cls.env["field.sop"].create(
            {
                "name": "Test procedure",
                "sequence": 1,
                "company_id": cls.env.company.id,
                "step_ids": [
                    (0, 0, {"name": "Look", "kind": "check", "sequence": 1, "key": "look"}),
                    (0, 0, {"name": "Shelf", "kind": "photo", "sequence": 2, "key": "shelf"}),
                    (0, 0, {"name": "Talk", "kind": "note", "sequence": 3, "key": "talk"}),
                    (
                        0,
                        0,
                        {"name": "Extra", "sequence": 4, "key": "extra", "required": False},
                    ),
                ],
            }
        )

    @classmethod
    def _policy(cls, user=None, **vals):
        """Change the rules that hold for ``user`` (Rita)."""
        policy = cls.env["field.policy"]._get_for_users(user or cls.rita)[(user or cls.rita).id]
        policy.sudo().write(vals)
        return policy

    @classmethod
    def _plan(cls, user=None, partner=None, **vals):
        """A planned visit, as its representative sees it."""
        user = user or cls.rita
        vals = {"partner_id": (partner or cls.dragon).id, "user_id": user.id, **vals}
        visit = cls.env["field.visit"]._with_planner().create(vals)
        return visit.with_env(cls.env).with_user(user)

    def _let_time_to_explain_pass(self, visits):
        for visit in visits.sudo():
            visit._with_evidence().truth_due_at = visit.check_out_at

    def _step(self, visit, key):
        return visit.step_ids.filtered(lambda step: step.key == key)

    def assertRejected(self, code, method, *args, **kwargs):
        """The call raises FieldRejected with this code, and the sentence is returned."""
        from odoo.addons.field_base.tools.errors import FieldRejected

        with self.assertRaises(FieldRejected) as caught:
            method(*args, **kwargs)
        self.assertEqual(caught.exception.code, code)
        return str(caught.exception.args[0])


class VisitCase(VisitCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_people()
        cls._set_up_places()
