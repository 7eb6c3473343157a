"""Who may do what with every model of ours: `access_table.txt` says it, and this compares.

One row of each model belongs to a representative. Columns are people as seen from him: colleague, his
leader, a leader beside that one, administrator, auditor, data protection officer, finance, an
administrator of another company, an employee without a role, a portal user. A model without a line
must be closed to the last two; its line is written with FIELD_ACCESS_TABLE=write, and read before it
is kept.
"""

import os
from pathlib import Path

from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from . import access_table

TABLE = Path(__file__).with_name("access_table.txt")
GROUP = "field_base.field_base_group_%s"


@tagged("post_install", "-at_install", "standard")
class TestAccessTable(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        other = cls.env["res.company"].create({"name": "Elsewhere"})
        export = cls.env.ref("base.group_allow_export")
        cls.env.ref("base.group_user").implied_ids |= export
        cls.env.ref("base.group_portal").implied_ids |= export

        def person(name, groups, company=company):
            return new_test_user(
                cls.env,
                f"table_{name}",
                groups=groups,
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
                context={"no_reset_password": True},
            )

        cls.people = {
            "own": person("own", GROUP % "rep"),
            "colleague": person("colleague", GROUP % "rep"),
            "leader": person("leader", GROUP % "leader"),
            "beside": person("beside", GROUP % "leader"),
            "admin": person("admin", GROUP % "admin"),
            "auditor": person("auditor", GROUP % "auditor"),
            "officer": person("officer", GROUP % "privacy"),
            "finance": person("finance", "field_expense.field_expense_group_finance"),
            "elsewhere": person("elsewhere", GROUP % "admin", other),
            "employee": person("employee", "base.group_user"),
            "portal": person("portal", "base.group_portal"),
        }
        cls._employ()
        own = cls.people["own"]
        shop = cls.env["res.partner"].create({"name": "Shop", "user_id": own.id})
        cls.rows = access_table.Rows(cls.env, own, company, shop)

    @classmethod
    def _employ(cls):
        above = {}
        for name, boss in (("leader", None), ("beside", None), ("own", "leader")):
            user = cls.people[name]
            values = {"name": user.name, "user_id": user.id, "parent_id": above.get(boss)}
            above[name] = cls.env["hr.employee"].create(values).id

    def row(self, model):
        """`field.visit  rw - rw …`, one word for each person."""
        number = self.rows.id_of(model)
        self.env.flush_all()
        found = [
            access_table.rights(self.env[model].with_user(user).browse(number))
            for user in self.people.values()
        ]
        return f"{model:<28} " + " ".join(f"{word:<9}" for word in found).rstrip()

    @mute_logger("odoo.sql_db", "odoo.models.unlink", "odoo.addons.base.models.ir_model")
    def test_everybody_may_what_the_table_says(self):
        head = f"{'':<28} " + " ".join(f"{name:<9}" for name in self.people).rstrip()
        models = [m for m in access_table.our_models(self.env) if self.rows.try_id_of(m)]
        found = {model: self.row(model) for model in models}
        if os.environ.get("FIELD_ACCESS_TABLE") == "write":
            TABLE.write_text("\n".join([head, *found.values()]) + "\n")
        said = {line.split()[0]: line for line in TABLE.read_text().splitlines()[1:]}
        self.assertEqual({m: line for m, line in found.items() if m in said}, said)
        for model in found.keys() - said.keys():  # until somebody has read and added its line
            self.assertEqual(found[model].split()[-2:], ["-", "-"], found[model])
