from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import FieldCase

# All that the data protection officer reads of ours; also with every other module installed.
READABLE = {
    "field.access.log",
    "field.api.client",
    "field.api.scope",
    "field.consent",
    "field.map.provider",  # as every employee
    "field.policy",
    "field.policy.profile",
    "field.privacy.request",
    "field.retention.certificate",
    "field.webhook",
    "field.webhook.topic",
}
# Who has set up a face match, and by which consent; never a number of a face.
OF_OTHER_MODULES = {"field.face.enrolment"}
OFFICER = "field_base.field_base_group_privacy"


@tagged("post_install", "-at_install")
class TestDataProtectionOfficer(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quiet = {"no_reset_password": True}
        cls.officer = new_test_user(
            cls.env, "field_dpo", groups=f"{OFFICER},base.group_allow_export", context=quiet
        )
        cls.env["field.access.log"].with_user(cls.leader)._log(cls.rep, "live", "Where is he?")
        cls.request = (
            cls.env["field.privacy.request"]
            .with_user(cls.rep)
            .create({"kind": "object", "text": "No tracks on Fridays"})
        )

    def test_what_is_open_and_what_is_not(self):
        ours = [
            name
            for name, model in self.env.registry.items()
            if name.startswith("field.") and not model._abstract and not model._transient
        ]
        readable = {
            name for name in ours if self.env[name].with_user(self.officer).has_access("read")
        }
        wanted = READABLE | (OF_OTHER_MODULES & set(ours))
        self.assertEqual(readable, wanted)
        for name in wanted - {"field.privacy.request"}:
            model = self.env[name].with_user(self.officer)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(model.has_access(operation), f"{name} {operation}")

    def test_every_path_to_places_is_closed(self):
        env = self.env(user=self.rep, su=False)
        day = env["field.workday"]._do_open(self.rep.with_env(env), fields.Datetime.now())
        days = self.as_user("field.workday", self.officer)
        for path in (
            lambda: days.search([]),
            lambda: days.browse(day.id).read(["open_lat"]),
            lambda: days.web_search_read([], {"open_lat": {}}),
            lambda: days.formatted_read_group([], ["user_id"], ["__count"]),
            lambda: days.browse(day.id).export_data(["open_lat"]),
            lambda: days.search_count([("open_lat", ">", 0)]),
        ):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                path()

    def test_reads_the_log_of_his_company_and_no_other(self):
        log = self.as_user("field.access.log", self.officer)
        self.assertIn("Where is he?", log.search([]).mapped("reason"))
        elsewhere = new_test_user(
            self.env,
            "field_dpo_elsewhere",
            groups=OFFICER,
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
            context={"no_reset_password": True},
        )
        self.assertFalse(self.as_user("field.access.log", elsewhere).search([]))
        self.assertFalse(self.as_user("field.privacy.request", elsewhere).search([]))

    def test_answers_requests_and_is_told_of_them_first(self):
        self.assertEqual(self.request.sudo().activity_ids.user_id, self.officer)
        request = self.as_user("field.privacy.request", self.officer).browse(self.request.id)
        request.answer = "From now on Fridays are off."
        request.action_accept()
        self.assertEqual((request.state, request.handler_id), ("accepted", self.officer))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self.as_user("field.privacy.request", self.leader).browse(request.id).action_start()

    def test_prints_the_papers_of_a_policy(self):
        policy = self.env["field.policy"]._get_for_users(self.rep)[self.rep.id]
        mine = self.as_user("field.policy", self.officer).browse(policy.id)
        self.assertTrue(mine._render_paper("notice").startswith(b"%PDF"))

    def test_menus(self):
        visible = self.env["ir.ui.menu"].with_user(self.officer)._visible_menu_ids()
        menus = {
            name: self.env.ref(f"field_base.{name}").id in visible
            for name in (
                "field_privacy_menu_all",
                "field_policy_menu_privacy",
                "field_workday_menu",
            )
        }
        self.assertEqual(list(menus.values()), [True, True, False])
