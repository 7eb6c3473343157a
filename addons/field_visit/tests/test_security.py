from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import AT_CUSTOMER, REP, VisitCase
from .test_steps import PNG

MODELS = ("field.visit", "field.visit.step", "field.visit.photo")


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestSecurity(VisitCase):
    """Who sees the visits of Rita (under Lea) and Olga (under Otis)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visits = {}
        for user in (cls.rita, cls.olga):
            visit = cls._plan(user=user)
            visit.action_check_in(AT_CUSTOMER)
            visit.step_ids.filtered(lambda step: step.kind == "photo").add_photo(PNG)
            cls.visits[user] = visit
        cls.env.flush_all()

    def _seen(self, user, model):
        self.env.invalidate_all()
        found = self.env[model].with_user(user).search([])
        owners = found.sudo().mapped("visit_id.user_id" if "step" in model else "user_id")
        # the database may hold visits of other people
        return set(owners & (self.rita | self.ravi | self.olga))

    def test_reading_by_role(self):
        expected = {
            self.rita: {self.rita},
            self.ravi: set(),
            self.olga: {self.olga},
            self.lea: {self.rita},
            self.otis: {self.olga},
            self.dora: {self.rita, self.olga},
            self.audra: {self.rita, self.olga},
        }
        for user, owners in expected.items():
            for model in MODELS:
                with self.subTest(user=user.name, model=model):
                    self.assertEqual(self._seen(user, model), owners)

    def test_no_field_role_sees_nothing(self):
        for model in (*MODELS, "field.sop", "field.sop.step"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.nina).search([])
        with self.assertRaises(AccessError):
            self.dragon.with_user(self.nina).field_visit_count  # noqa: B018

    def test_no_way_around_the_rule(self):
        """Neither by id, grouping, export, name search, chatter nor by the other models."""
        self.ravi.group_ids += self.env.ref("base.group_allow_export")
        visit = self.visits[self.rita].with_user(self.ravi)
        self.env.invalidate_all()
        Visit = self.env["field.visit"].with_user(self.ravi)
        for attempt in (
            lambda: visit.read(["partner_id"]),
            lambda: visit.export_data(["partner_id"]),
            lambda: visit.get_check_in_preview(AT_CUSTOMER),
            lambda: visit.message_post(body="hello"),
            lambda: visit.write({"note": "mine now"}),
            lambda: visit.action_cancel("away with it"),
            lambda: visit.step_ids.sudo().with_user(self.ravi).read(["name"]),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(Visit.name_search("Golden"))
        self.assertFalse(Visit.formatted_read_group([], ["user_id"], ["__count"]))
        messages = self.env["mail.message"].with_user(self.ravi)
        domain = [("model", "=", "field.visit"), ("res_id", "=", visit.id)]
        self.assertFalse(messages.search(domain))
        attachments = self.env["ir.attachment"].with_user(self.ravi)
        self.assertFalse(attachments.search([("res_model", "=", "field.visit.step")]))

    def test_auditor_reads_and_changes_nothing(self):
        visit = self.visits[self.rita].with_user(self.audra)
        self.assertEqual(visit.partner_id, self.dragon)
        for attempt in (
            lambda: visit.write({"note": "x"}),
            lambda: visit.unlink(),
            lambda: visit.copy(),
            lambda: visit.action_cancel("x"),
            lambda: visit.step_ids[0].write({"note": "x"}),
            lambda: self.sop.with_user(self.audra).write({"name": "x"}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_representative_cannot_plan_for_others_or_delete(self):
        with self.assertRaises(AccessError):
            self.env["field.visit"].with_user(self.rita).create(
                {"partner_id": self.dragon.id, "user_id": self.olga.id}
            )
        with self.assertRaises(AccessError):
            self._plan().unlink()
        with self.assertRaises(AccessError):
            self.sop.with_user(self.rita).write({"strict_order": True})

    def test_leader_plans_for_his_team_only(self):
        Visit = self.env["field.visit"].with_user(self.lea)
        self.assertTrue(Visit.create({"partner_id": self.dragon.id, "user_id": self.rita.id}))
        with self.assertRaises(AccessError):
            Visit.create({"partner_id": self.dragon.id, "user_id": self.olga.id})

    def test_steps_and_photos_are_made_by_the_visit_only(self):
        visit = self.visits[self.rita]
        for user in (self.rita, self.lea, self.dora):
            with self.assertRaises(AccessError):
                self.env["field.visit.step"].with_user(user).create(
                    {"visit_id": visit.id, "key": "x", "name": "x", "kind": "check"}
                )
            with self.assertRaises(AccessError):
                self.env["field.visit.photo"].with_user(user).create(
                    {"step_id": visit.step_ids[0].id, "blob_uuid": "x", "source": "app"}
                )

    def test_other_company_is_out_of_sight(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            login="v_stranger",
            groups="field_base.field_base_group_admin",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in MODELS:
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
        self.assertNotIn(self.sop, self.env["field.sop"].with_user(stranger).search([]))
        self.assertNotIn(self.sop, self.env["field.sop.step"].with_user(stranger).search([]).sop_id)

    def test_procedure_of_another_company_is_not_used(self):
        other = self.env["res.company"].create({"name": "Other"})
        rep = new_test_user(
            self.env,
            login="v_other_rep",
            groups=REP,
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        visit = self.env["field.visit"].with_user(rep).create({"partner_id": self.dragon.id})
        self.assertNotEqual(visit.sop_id, self.sop)
        self.assertEqual(visit.company_id, other)
