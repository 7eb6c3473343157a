from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.field_visit import EVIDENCE_FIELDS, PLANNER_FIELDS
from .common import AT_CUSTOMER, VisitCase

FORGERIES = {
    "state": "done",
    "check_in_at": "2026-01-01 08:00:00",
    "check_in_lat": 1.0,
    "check_in_verdict": "inside",
    "check_in_distance_m": 0.0,
    "check_in_reason": "none",
    "check_in_exception": False,
    "check_out_at": "2026-01-01 09:00:00",
    "check_out_verdict": "inside",
    "end_source": "user",
    "presence_state": "verified",
    "presence_min": 60,
    "duration_min": 60,
    "uuid": "00000000-0000-0000-0000-000000000000",
    "policy_snapshot": {},
    "lat": 0.0,
}


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestEvidence(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls._plan()
        cls.visit.action_check_in(AT_CUSTOMER)

    def test_nobody_writes_evidence(self):
        """Neither the person, nor the leader, the administrator or the superuser."""
        for user in (self.rita, self.lea, self.dora, self.env.user):
            for name, value in FORGERIES.items():
                with self.subTest(user=user.login, field=name), self.assertRaises(UserError):
                    self.visit.with_user(user).write({name: value})
        with self.assertRaises(UserError):
            self.visit.sudo().write({"state": "planned"})

    def test_nobody_creates_evidence(self):
        for name, value in FORGERIES.items():
            with self.subTest(field=name), self.assertRaises(UserError):
                self._plan(**{name: value})

    def test_evidence_cannot_be_imported(self):
        result = (
            self.env["field.visit"]
            .with_user(self.dora)
            .load(
                ["partner_id/.id", "user_id/.id", "plan_date", "state", "check_in_at"],
                [
                    [
                        str(self.dragon.id),
                        str(self.rita.id),
                        "2026-11-23",
                        "done",
                        "2026-11-23 01:00:00",
                    ]
                ],
            )
        )
        self.assertFalse(result["ids"])

    def test_forged_context_opens_nothing(self):
        for forged in (True, 1, "object"):
            with self.assertRaises(UserError):
                self.visit.with_context(field_visit_evidence=forged).write({"state": "planned"})

    def test_every_stored_fact_of_check_in_and_out_is_protected(self):
        facts = {
            name
            for name, field in self.visit._fields.items()
            if name.startswith(("check_in_", "check_out_", "presence_")) and field.store
        }
        self.assertFalse(facts - EVIDENCE_FIELDS)
        self.assertFalse(EVIDENCE_FIELDS - self.visit._fields.keys())

    def test_what_is_worked_out_or_noted_is_written_by_nobody(self):
        """Odoo stores what is sent for a field, computed or read-only, unless somebody objects."""
        base = {"id", "create_uid", "create_date", "write_uid", "write_date"}
        plan = {"route_at", "route_wait_min", "route_late_min", "route_note"}  # no evidence
        names = {
            name
            for name, field in self.visit._fields.items()
            if field.store and field.readonly and name not in base | plan
        }
        self.assertTrue({"verdict", "effective_min", "truth_score", "late_count"} <= names)
        self.assertFalse(PLANNER_FIELDS - names)
        for name in names:
            value = self.visit.sudo()._read_format([name])[0][name]
            with self.subTest(field=name):
                for user in (self.rita, self.dora):
                    with self.assertRaisesRegex(UserError, "typed in"):
                        self.visit.with_user(user).write({name: value})
                with self.assertRaisesRegex(UserError, "typed in"):
                    self._plan_by_hand({name: value})

    def _plan_by_hand(self, vals):
        about = {"partner_id": self.dragon.id, "user_id": self.rita.id}
        return self.env["field.visit"].with_user(self.rita).create({**about, **vals})

    def test_day_of_what_took_place_stays(self):
        visit = self.visit.with_user(self.rita)
        for vals in ({"plan_date": "2026-11-20"}, {"plan_time": 7.5}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                visit.write(vals)
        visit.write({"plan_date": "2026-11-23", "plan_time": 0, "note": "The same again"})
        self.assertEqual(visit.note, "The same again")

    def test_what_the_evidence_is_about_is_frozen(self):
        for vals in (
            {"partner_id": self.lucky.id},
            {"user_id": self.ravi.id},
            {"channel": "phone"},
            {"sop_id": False},
            {"step_ids": [(5,)]},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.visit.with_user(self.lea).write(vals)

    def test_plain_fields_stay_open(self):
        self.visit.write({"note": "Call back on Friday", "partner_id": self.dragon.id})
        self.assertEqual(self.visit.note, "Call back on Friday")

    def test_plan_can_still_change(self):
        visit = self._plan()
        visit.write({"partner_id": self.lucky.id, "plan_date": "2026-12-01", "plan_time": 9.5})
        self.assertEqual(visit.name, "Lucky 88 · 2026-12-01")

    def test_a_visit_that_took_place_stays(self):
        with self.assertRaises(UserError):
            self.visit.with_user(self.dora).unlink()
        self._plan().with_user(self.dora).unlink()

    def test_copy_is_a_new_plan(self):
        copy = self.visit.copy()
        self.assertEqual(copy.state, "planned")
        self.assertNotEqual(copy.uuid, self.visit.uuid)
        self.assertFalse(copy.check_in_at or copy.step_ids or copy.policy_id)

    def test_calendar_moves_a_plan_and_not_a_fact(self):
        plan = self._plan(plan_date="2026-11-24", plan_time=10)
        self.assertEqual(str(plan.start_at), "2026-11-24 02:00:00")
        plan.start_at = "2026-11-25 06:30:00"
        self.assertEqual((str(plan.plan_date), plan.plan_time), ("2026-11-25", 14.5))
        with self.assertRaises(UserError):
            self.visit.start_at = "2026-11-25 06:30:00"
