from odoo.tests import tagged

from .common import FieldCase, make_event

INNER = {"_apply_one", "_apply_onchange_methods"}


@tagged("post_install", "-at_install")
class TestEventKinds(FieldCase):
    def test_every_kind_has_a_name(self):
        """Whatever modules are installed."""
        Event = self.env["field.event"]
        handlers = {name for name in dir(Event) if name.startswith("_apply_")} - INNER
        names = Event._get_kind_names()
        self.assertEqual({f"_apply_{kind.replace('.', '_')}" for kind in names}, handlers)

    def test_name_in_the_user_s_language(self):
        self.sync([make_event("contact.ping"), make_event("moon.walk")])
        known, unknown = self.env["field.event"].search([], order="id desc", limit=2)[::-1]
        self.assertEqual((known.kind_name, known.display_name), ("Sign of life", "Sign of life"))
        self.assertEqual(unknown.kind_name, "moon.walk", "an unknown kind shows as it came")
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["field_base"], ["zh_CN"])
        self.assertEqual(known.with_context(lang="zh_CN").kind_name, "手机在线")
