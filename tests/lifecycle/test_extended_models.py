"""What we add to Odoo's own models takes nothing from those who have no role of ours."""

from odoo.tests import TransactionCase, new_test_user, tagged
from tests.support.repository import modules


@tagged("post_install", "-at_install", "standard")
class TestExtendedModels(TransactionCase):
    def test_restricted_fields_are_not_copied(self):
        """Odoo reads all that it copies as the user: one field he may not see and he cannot copy."""
        copied = [
            f"{model._name}.{name}"
            for model in self.env.registry.values()
            if model._original_module not in modules()
            for name, field in model._fields.items()
            if field._module in modules() and "field_base" in (field.groups or "") and field.copy
        ]
        self.assertFalse(copied)

    def test_somebody_without_a_role_works_on_contacts_as_before(self):
        clerk = new_test_user(
            self.env, "clerk", groups="base.group_user,base.group_partner_manager"
        )
        contact = self.env["res.partner"].with_user(clerk).create({"name": "Golden Dragon"})
        copy = contact.copy()
        copy.write({"name": "Lucky 88", "city": "Shanghai"})
        self.assertEqual(copy.read(["name"])[0]["name"], "Lucky 88")
        copy.unlink()
