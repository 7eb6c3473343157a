import io

import xlsxwriter

from odoo.fields import Command
from odoo.tests import tagged

from .common import LeadPoolCommon

OPTIONS = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8"}
IMPORTER = "sales_team.group_sale_manager"
MAIL = """From: Li Na <li.na@noodles.example>
To: {to}
Subject: Please call me
Message-ID: <lead-1@noodles.example>
Date: Mon, 16 Nov 2026 09:00:00 +0800
Content-Type: text/plain; charset=utf-8

We want 30 cases.
"""


@tagged("post_install", "-at_install")
class TestChannels(LeadPoolCommon):
    """Whatever way a lead comes, it has a source and lies in the pool it belongs to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool.takes_new = True
        cls.team = cls.env["crm.team"].create({"name": "Inbox", "use_leads": True})
        cls.Lead = cls.env["crm.lead"]

    def _is_taken(self, lead, channel):
        self.assertEqual(lead.field_pool_id, self.pool, channel)
        self.assertTrue(lead.field_in_pool)
        self.assertEqual(lead.source_id, self.env.ref(f"field_crm.utm_source_{channel}"))

    def test_mail_to_the_address_of_a_team(self):
        domain = self.env["mail.alias.domain"].create({"name": "leads.example"})
        self.env.company.alias_domain_id = domain
        self.team.write({"alias_name": "sales-inbox", "alias_domain_id": domain.id})
        raw = MAIL.format(to="sales-inbox@leads.example")
        lead = self.Lead.browse(self.env["mail.thread"].message_process(False, raw))
        self.assertEqual((lead.name, lead.team_id), ("Please call me", self.team))
        self.assertEqual(lead.medium_id, self.env.ref("utm.utm_medium_email"))
        self._is_taken(lead, "email")

    def test_website_form(self):
        """As the controller of Odoo's website forms creates its record: as superuser, with the
        website in the context and the medium "website"."""
        form = self.Lead.with_context(website_id=1, mail_create_nosubscribe=True).sudo()
        medium = self.env.ref("utm.utm_medium_website")
        values = {"contact_name": "Li Na", "name": "Website: offer", "medium_id": medium.id}
        lead = form.create({**values, "user_id": False, "team_id": self.team.id})
        self.assertEqual(lead.medium_id, medium)
        self._is_taken(lead, "website")

    def _import(self, content, mimetype):
        wizard = self.env["base_import.import"].create(
            {
                "res_model": "crm.lead",
                "file": content,
                "file_name": "leads",
                "file_type": mimetype,
            }
        )
        columns = ["name", "partner_name", "phone", "user_id"]
        answer = wizard.execute_import(columns, columns, OPTIONS)
        self.assertFalse(answer["messages"])
        return self.Lead.browse(answer["ids"])

    def test_import_of_rows(self):
        """What Odoo's import calls for every kind of file."""
        leads = self.Lead.with_context(import_file=True)
        answer = leads.load(["name", "partner_name", "user_id"], [["A", "甲一食品", ""]])
        self.assertFalse(answer["messages"])
        self._is_taken(self.Lead.browse(answer["ids"]), "import")

    def test_import_of_csv_and_xlsx(self):
        self._require_import()
        rows = [["name", "company", "phone", "user"], ["A", "甲一食品", "+8613800001001", ""]]
        text = "\n".join(",".join(row) for row in rows).encode()
        self._is_taken(self._import(text, "text/csv"), "import")
        rows[1] = ["B", "乙二食品", "+8613800001002", ""]
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        lead = self._import(buffer.getvalue(), kind)
        self.assertEqual(lead.partner_name, "乙二食品")
        self._is_taken(lead, "import")

    def test_a_list_of_the_same_kind_is_mapped_as_the_last_one(self):
        """Odoo's import, as its screen calls it: what somebody chose for the columns of a file is
        proposed for the next one with the same headers, to everybody and over what was guessed."""
        self._require_import()
        heads = ["Zuständig", "公司", "Ansprechpartner", "手机", "phone"]
        chosen = ["user_id", "name", "contact_name", "referred", "phone"]
        first = self._file(heads, ["", "甲一食品", "Li Na", "13800001001", "021 5555 0001"])
        guessed = self._preview(first)
        self.assertNotEqual([guessed.get(column) for column in range(5)], [[one] for one in chosen])
        answer = self._run(first, chosen, heads)
        self.assertFalse(answer["messages"])

        again = self._file(
            heads[::-1], ["021 5555 0002", "13800001002", "Wang Fang", "乙二食品", ""]
        )
        colleague = again.with_user(self._new_user("importer", IMPORTER))
        matches = self._preview(colleague)
        self.assertEqual(
            [matches[column] for column in range(5)], [[one] for one in reversed(chosen)]
        )
        fields_ = [matches[column][0] for column in range(5)]
        answer = self._run(colleague, fields_, heads[::-1])
        self.assertFalse(answer["messages"])
        lead = self.Lead.browse(answer["ids"])
        self.assertEqual(
            (lead.name, lead.contact_name, lead.referred), ("乙二食品", "Wang Fang", "13800001002")
        )
        self._is_taken(lead, "import")

        fields_[2] = "function"
        self._run(colleague, fields_, heads[::-1])
        self.assertEqual(self._preview(colleague)[2], ["function"], "the latest choice")

    def _run(self, wizard, fields_, heads):
        """As the screen does: headers are remembered in small letters."""
        return wizard.execute_import(fields_, [head.lower() for head in heads], OPTIONS)

    def _require_import(self):
        if "base_import.import" not in self.env:
            self.skipTest("Odoo's import is not installed here")

    def _file(self, heads, row):
        text = "\n".join(",".join(cells) for cells in (heads, row)).encode()
        return self.env["base_import.import"].create(
            {
                "res_model": "crm.lead",
                "file": text,
                "file_name": "leads.csv",
                "file_type": "text/csv",
            }
        )

    def _preview(self, wizard):
        """``{column: path of the field}`` as proposed, before anybody chooses."""
        preview = wizard.parse_preview(OPTIONS)
        self.assertNotIn("error", preview)
        return {int(column): path for column, path in preview["matches"].items()}

    def test_by_hand_and_what_was_said_stays(self):
        self._is_taken(self.Lead.create({"name": "C", "user_id": False}), "hand")
        fair = self.env["utm.source"].create({"name": "Fair"})
        mine = self.Lead.create({"name": "D", "user_id": self.rep.id, "source_id": fair.id})
        self.assertFalse(mine.field_pool_id, "somebody has it already")
        self.assertEqual(mine.source_id, fair)

    def test_region_decides_and_nothing_happens_unasked(self):
        region = self.env["field.lead.region"].create({"name": "East"})
        self.pool.region_ids = [Command.set(region.ids)]
        self.assertFalse(self.Lead.create({"name": "E", "user_id": False}).field_pool_id)
        self.pool.write({"region_ids": [Command.clear()], "takes_new": False})
        lead = self.Lead.create({"name": "F", "user_id": False})
        self.assertFalse(lead.field_pool_id)
        self.assertTrue(lead.source_id)

    def test_a_company_without_pools_finds_odoo_as_it_was(self):
        self.env["field.lead.pool"].search([]).active = False
        self.assertFalse(self.Lead.create({"name": "G", "user_id": False}).source_id)
