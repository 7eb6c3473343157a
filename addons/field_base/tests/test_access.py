from datetime import datetime

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import FieldCase, make_event

MODELS = ("field.device", "field.workday", "field.event", "field.blob")


@tagged("post_install", "-at_install")
class TestAccess(FieldCase):
    """The wrong person gets nothing, on whichever way he asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = {model: cls.env[model] for model in MODELS}
        cls.people = cls.rep | cls.senior | cls.junior | cls.other_rep | cls.leader
        cls.people |= cls.sibling | cls.director | cls.stranger_rep
        for user in cls.people:
            cls._make_rows(user)
        # the right to export at all is not what is tested here
        cls.env.ref("base.group_user").implied_ids |= cls.env.ref("base.group_allow_export")

    @classmethod
    def _make_rows(cls, user):
        device = cls.make_device(user)
        event = make_event("workday.open", at=datetime(2026, 11, 20, 1))
        Event = cls.env["field.event"].with_user(user).with_company(device.company_id)
        Event._sync(device, [event])
        blob = cls.env["field.blob"].create(
            {
                "uuid": event["uuid"],
                "sha256": "0" * 64,
                "size": 3,
                "mimetype": "image/png",
                "user_id": user.id,
                "company_id": device.company_id.id,
                "device_id": device.id,
            }
        )
        blob.attachment_id = cls.env["ir.attachment"].create(
            {"name": "x.png", "raw": b"abc", "res_model": "field.blob", "res_id": blob.id}
        )
        cls.rows["field.device"] |= device
        cls.rows["field.blob"] |= blob
        own = [("user_id", "=", user.id)]
        cls.rows["field.event"] |= cls.env["field.event"].search(own)
        cls.rows["field.workday"] |= cls.env["field.workday"].search(own)

    def visible(self, user):
        """Whose rows the role matrix lets this user see."""
        return {
            self.rep: self.rep,
            self.senior: self.senior,  # leads somebody in the chart, but has not the role
            self.leader: self.leader | self.rep | self.senior | self.junior,
            self.sibling: self.sibling | self.other_rep,
            self.director: self.people - self.stranger_rep,
            self.admin: self.people - self.stranger_rep,
            self.auditor: self.people - self.stranger_rep,
            self.stranger: self.stranger_rep,
            self.stranger_rep: self.stranger_rep,
        }[user]

    def roles(self):
        return (
            self.rep | self.senior | self.leader | self.sibling | self.director | self.admin
        ) + (self.auditor | self.stranger | self.stranger_rep)

    def test_search(self):
        for user in self.roles():
            for model in MODELS:
                with self.subTest(user=user.login, model=model):
                    found = self.as_user(model, user).search([])
                    rows = self.rows[model].filtered(lambda r, u=user: r.user_id in self.visible(u))
                    self.assertEqual(found & self.rows[model], rows)

    def test_read_group(self):
        for user in self.roles():
            for model in MODELS:
                with self.subTest(user=user.login, model=model):
                    groups = self.as_user(model, user)._read_group([], ["user_id"], ["__count"])
                    people = self.env["res.users"].union(*(group[0] for group in groups))
                    # a database in use has people of its own
                    self.assertEqual(people.sudo() & self.people, self.visible(user))

    def test_read_export_and_name_search(self):
        for user in self.roles():
            for model in MODELS:
                hidden = self.rows[model].filtered(
                    lambda r, u=user: r.user_id not in self.visible(u)
                )
                for row in self.as_user(model, user).browse(hidden.ids):
                    with self.subTest(user=user.login, model=model, owner=row.sudo().user_id.login):
                        self.assertFalse(row.has_access("read"))
                        with self.assertRaises(AccessError):
                            row.read(["user_id"])
                        with self.assertRaises(AccessError):
                            row.export_data(["user_id"])
                        found = self.as_user(model, user).name_search("", limit=1000)
                        self.assertNotIn(row.id, [row_id for row_id, _name in found])

    def test_search_on_hidden_values_is_no_oracle(self):
        hidden = self.rows["field.device"].filtered(lambda d: d.user_id == self.other_rep)
        Device = self.as_user("field.device", self.rep)
        self.assertFalse(Device.search_count([("uuid", "=", hidden.uuid)]))
        with self.assertRaises(AccessError):
            Device.search([("token_hash", "like", "a")])
        with self.assertRaises(AccessError):
            Device.search([("user_id", "=", self.rep.id)]).read(["token_hash"])

    def test_no_role_sees_nothing(self):
        for user in (self.internal, self.portal):
            for model in (*MODELS, "field.policy"):
                with self.subTest(user=user.login, model=model):
                    rows = self.as_user(model, user)
                    with self.assertRaises(AccessError):
                        rows.search([])
                    with self.assertRaises(AccessError):
                        rows._read_group([], [], ["__count"])
                    with self.assertRaises(AccessError):
                        rows.create({})

    def test_nobody_writes_what_he_should_not(self):
        for user in self.roles():
            for model in MODELS:
                row = self.rows[model].filtered(lambda r, u=user: r.user_id in self.visible(u))[:1]
                row = self.as_user(model, user).browse(row.ids)
                admin = user == self.admin
                with self.subTest(user=user.login, model=model):
                    self.assertTrue(row.has_access("read"))
                    may_write = admin and model in ("field.device", "field.workday")
                    self.assertEqual(row.has_access("write"), may_write)
                    self.assertEqual(row.has_access("unlink"), admin and model == "field.device")
                    if not may_write:
                        with self.assertRaises(AccessError):
                            row.write({"user_id": user.id})
                    if not (admin and model == "field.device"):
                        with self.assertRaises(AccessError):
                            row.unlink()

    def test_a_device_is_created_for_oneself_only(self):
        Device = self.as_user("field.device", self.rep)
        self.assertEqual(Device.create({"name": "Mine", "kind": "tracker"}).user_id, self.rep)
        with self.assertRaises(AccessError):
            Device.create({"name": "Not mine", "user_id": self.other_rep.id})
        with self.assertRaises(AccessError):
            self.as_user("field.device", self.auditor).create({"name": "Audit"})

    def test_policies_are_read_by_all_and_changed_by_administrators(self):
        policy = self.env["field.policy"].search([("company_id", "=", self.company.id)], limit=1)
        for user in self.roles():
            row = self.as_user("field.policy", user).browse(policy.ids)
            with self.subTest(user=user.login):
                same_company = user.company_id == self.company
                self.assertEqual(row.has_access("read"), same_company)
                self.assertEqual(row.has_access("write"), user == self.admin)

    def test_rpc(self):
        """The same through the door that a browser uses."""
        hidden = self.rows["field.workday"].filtered(lambda r: r.user_id == self.other_rep)
        Day = self.as_user("field.workday", self.rep)
        with self.assertRaises(AccessError):
            call_kw(Day, "web_read", [hidden.ids, {"open_at": {}}], {})
        with self.assertRaises(AccessError):
            call_kw(Day, "action_close", [hidden.ids], {})
        found = call_kw(Day, "web_search_read", [[], {"user_id": {}}], {})["records"]
        self.assertEqual({row["user_id"] for row in found}, {self.rep.id})
        for model in MODELS:
            with self.assertRaises(AccessError):
                call_kw(self.as_user(model, self.portal), "search_read", [[]], {})

    def test_only_these_methods_can_be_called_by_rpc(self):
        """Every method without underscore is open to any login: each is a decision."""
        own = {"action_new_token", "action_revoke", "action_open_today", "action_close"}
        own |= {"action_retry", "action_open_target", "write", "create"}
        own |= {"action_new_version", "action_activate", "action_back_to_draft"}
        own |= {"action_pause", "action_resume", "action_trial", "action_wipe"}
        own |= {"action_cancel_wipe", "action_evidence_file", "unlink", "init"}
        own |= {"action_print_paper"}
        for model in (*MODELS, "field.policy", "field.device.token", "field.scope.mixin"):
            for klass in type(self.env[model]).__mro__:
                if klass.__module__.startswith("odoo.addons.field_base"):
                    public = {n for n, m in vars(klass).items() if callable(m) and n[0] != "_"}
                    self.assertFalse(public - own, f"{model}: {public - own}")

    def test_attachment_follows_the_upload(self):
        for user in self.roles() + self.internal + self.portal:
            for blob in self.rows["field.blob"]:
                file = self.as_user("ir.attachment", user).browse(blob.attachment_id.id)
                may = user in self.roles() and blob.user_id in self.visible(user)
                with self.subTest(user=user.login, owner=blob.user_id.login):
                    self.assertEqual(file.has_access("read"), may)
                    self.assertFalse(file.has_access("write"))

    def test_other_company_even_for_an_administrator(self):
        self.admin.company_ids |= self.other_company
        Day = self.as_user("field.workday", self.admin)
        both = self.company | self.other_company
        everybody = Day.with_context(allowed_company_ids=both.ids).search([]).user_id
        self.assertIn(self.stranger_rep, everybody)
        one = Day.with_context(allowed_company_ids=self.company.ids).search([]).user_id
        self.assertNotIn(self.stranger_rep, one)

    def test_chart_change_changes_access_at_once(self):
        Day = self.as_user("field.workday", self.leader)
        day = Day.search([("user_id", "=", self.rep.id)])
        self.assertTrue(day.has_access("read"))
        self.emp_rep.parent_id = self.emp_sibling
        self.assertFalse(day.has_access("read"))
        self.assertFalse(Day.search([("user_id", "=", self.rep.id)]))
        self.assertTrue(day.with_user(self.sibling).has_access("read"))

    def test_uninstalling_takes_the_uploaded_files_along(self):
        files = self.rows["field.blob"].attachment_id
        other = self.env["ir.attachment"].create(
            {"name": "x", "raw": b"x", "res_model": "res.users", "res_id": self.rep.id}
        )
        uninstall_hook(self.env)
        self.assertTrue(files)
        self.assertFalse(files.exists())
        self.assertTrue(other.exists())
