from lxml import etree

from odoo.tests import Form, HttpCase, tagged

from .common import ADMIN, LEADER, REP, FieldCase, build_team, make_event

MODELS = ("field.device", "field.workday", "field.event", "field.blob", "field.policy")


@tagged("post_install", "-at_install")
class TestViews(FieldCase):
    def test_everybody_gets_the_views_of_his_role(self):
        for user in (self.rep, self.leader, self.admin, self.auditor):
            for model in MODELS:
                for view in ("list", "form", "search"):
                    with self.subTest(user=user.login, model=model, view=view):
                        arch = self.as_user(model, user).get_view(view_type=view)["arch"]
                        self.assertTrue(etree.fromstring(arch).xpath("//field"))

    def test_journal_and_uploads_are_read_only(self):
        for model in ("field.event", "field.blob"):
            for view in ("list", "form"):
                root = etree.fromstring(
                    self.as_user(model, self.admin).get_view(view_type=view)["arch"]
                )
                for attribute in ("create", "edit", "delete"):
                    self.assertEqual(root.get(attribute), "false", f"{model} {view}")

    def test_policy_form(self):
        with Form(self.as_user("field.policy", self.admin)) as form:
            form.name = "City team"
            form.fence_mode = "hard"
            form.fence_radius = 150
            form.day_end_hour = 20.5
        self.assertEqual(form.record.scope, "company")
        self.assertEqual(form.record.fence_radius, 150)

    def test_device_form(self):
        with Form(self.as_user("field.device", self.rep)) as form:
            form.name = "My tracker"
            form.kind = "tracker"
        self.assertEqual(form.record.user_id, self.rep)

    def test_menus_by_role(self):
        def menus(user):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            own = self.env["ir.model.data"].search(
                [("module", "=", "field_base"), ("model", "=", "ir.ui.menu")]
            )
            return {data.name for data in own if data.res_id in visible}

        self.assertFalse(menus(self.internal))
        self.assertIn("field_workday_menu", menus(self.rep))
        self.assertNotIn("field_base_menu_team", menus(self.rep))
        self.assertIn("field_base_menu_team", menus(self.leader))
        self.assertNotIn("field_base_menu_config", menus(self.leader))
        self.assertIn("field_policy_menu", menus(self.admin))
        self.assertIn("field_event_menu", menus(self.auditor))
        self.assertNotIn("field_workday_menu", menus(self.auditor))

    def test_roles_include_each_other(self):
        self.assertTrue(self.admin.has_group(LEADER))
        self.assertTrue(self.leader.has_group(REP))
        self.assertFalse(self.auditor.has_group(REP))
        self.assertTrue(self.env.ref("base.user_admin").has_group(ADMIN))


@tagged("post_install", "-at_install")
class TestScreens(HttpCase):
    """The screens work on a phone, in a real browser, without an error on the console."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        build_team(cls)
        cls.device = FieldCase.make_device.__func__(cls, cls.rep)
        events = [make_event("workday.open"), make_event("no.such_kind", 2)]
        cls.env["field.event"].with_user(cls.rep)._sync(cls.device, events)

    def open(self, path, selector, user):
        code = f"""
            const width = document.documentElement.scrollWidth;
            if (width > window.innerWidth) {{
                throw new Error(`{path}: the page is ${{width}} wide`);
            }}
            console.log("test successful");
        """
        ready = f"Boolean(document.querySelector({selector!r}))"
        self.browser_js(f"/odoo/{path}", code, ready, login=user.login, timeout=120)

    def test_my_workdays(self):
        self.open("field-workdays", ".o_kanban_record:not(.o_kanban_ghost) .badge", self.rep)

    def test_workday_form(self):
        day = self.env["field.workday"].search([("user_id", "=", self.rep.id)])
        self.open(f"field-workdays/{day.id}", ".o_form_view .o_statusbar_status", self.rep)

    def test_journal(self):
        self.open("field-journal", ".o_kanban_record:not(.o_kanban_ghost) .badge", self.leader)

    def test_device_form(self):
        self.open(
            f"field-devices/{self.device.id}",
            "button[name=action_revoke], .o_cp_action_menus, .o_form_statusbar",
            self.admin,
        )

    def test_policies(self):
        self.open("field-policies", ".o_kanban_record:not(.o_kanban_ghost)", self.admin)
