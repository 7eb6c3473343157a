from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import VisitCase
from .test_sync import SyncCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestTaskAbout(SyncCommon, VisitCase):
    """A work package that serves a lead or an opportunity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "crm.lead" not in cls.env:
            cls.skipTest(cls, "without leads a work package is about none")
        cls._set_up_phone()
        cls.seller = cls.env.ref("sales_team.group_sale_salesman")
        manager = cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.lea.sudo().group_ids += manager
        cls.rita.sudo().group_ids += cls.seller
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Coolers",
                "type": "opportunity",
                "partner_id": cls.dragon.id,
                "user_id": cls.rita.id,
            }
        )

    def _task(self, **vals):
        values = {"name": "Measure the wall", "deadline": "2026-11-27", "needs_acceptance": True}
        values |= {"about_ref": f"crm.lead,{self.lead.id}", "assignee_id": self.rita.id}
        return self.env["field.task"].with_user(self.lea).create(values | vals)

    def _package(self, task):
        (row,) = self.env["field.app"].with_user(self.rita)._work_packages(self.rita)
        return next(one for one in row["packages"] if one["id"] == task.id)

    def test_customer_and_person_of_the_lead_are_proposed(self):
        Task = self.env["field.task"].with_user(self.lea)
        with Form(Task.with_context(default_about_ref=f"crm.lead,{self.lead.id}")) as form:
            form.name = "Measure the wall"
            form.deadline = date(2026, 11, 27)
            self.assertEqual(form.partner_ids.ids, self.dragon.ids)
            self.assertFalse(form.assignee_id, "who looks after the customer does it")
        self.assertEqual(
            (form.record.about_model, form.record.about_id), ("crm.lead", self.lead.id)
        )
        self.lead.partner_id = False
        with Form(Task) as form:
            form.name = "Find out who decides"
            form.deadline = date(2026, 11, 27)
            form.about_ref = f"crm.lead,{self.lead.id}"
            self.assertEqual(form.assignee_id, self.rita, "a lead without a customer has a person")

    def test_who_does_it_opens_it_on_desk_and_phone(self):
        task = self._task()
        task.action_give_out()
        work = task.sudo().work_ids.with_user(self.rita)
        self.assertEqual(work.about_ref, self.lead)
        about = self._package(task)["about"]
        self.assertEqual(about, {"model": "crm.lead", "id": self.lead.id, "name": "Coolers"})

    def test_work_is_no_right_to_read_the_lead(self):
        """Ravi's lead, Rita's work: she learns neither its name nor that there is one."""
        self.lead.user_id = self.ravi
        task = self._task()
        task.action_give_out()
        self.assertFalse(task.sudo().work_ids.with_user(self.rita).about_ref)
        self.assertIsNone(self._package(task)["about"])
        with self.assertRaisesRegex(ValidationError, "read yourself"):
            task.with_user(self.rita).sudo(False)._check_about()

    def test_a_lead_that_is_gone_is_no_trouble(self):
        task = self._task()
        task.action_give_out()
        self.lead.unlink()
        self.env.invalidate_all()
        self.assertFalse(task.about_ref)
        self.assertIsNone(self._package(task)["about"])
        task.write({"deadline": "2026-11-28"})

    def test_another_lead_is_a_new_version(self):
        task = self._task()
        task.action_give_out()
        work = task.sudo().work_ids.with_user(self.rita)
        work.action_accept()
        other = self.lead.copy({"name": "Shelves"})
        task.write({"about_ref": other, "goal": "Two walls"})
        self.assertEqual(task.version, 2, "one change, one version")
        self.assertEqual((work.state, work.is_changed), ("new", True))
        self.assertIn("Two walls", work.change_text)
        self.assertNotIn("Shelves", work.change_text)

    def test_lead_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.lead.write({"partner_id": False, "user_id": False, "team_id": False})
        self.lead.company_id = company
        self.lea.sudo().company_ids += company
        task = self.env["field.task"].with_user(self.lea)
        both = task.with_context(allowed_company_ids=(self.lea.company_id | company).ids)
        with self.assertRaisesRegex(ValidationError, "belongs to Elsewhere"):
            both.create(
                {
                    "name": "Measure",
                    "deadline": "2026-11-27",
                    "about_ref": f"crm.lead,{self.lead.id}",
                }
            )

    def test_documents_of_any_kind_are_not_taken(self):
        with self.assertRaises(ValidationError):
            self._task(about_ref=f"res.users,{self.rita.id}")

    def test_the_lead_counts_and_opens_its_work(self):
        if "field_task_count" not in self.lead:
            self.skipTest("field_crm is not installed")
        task = self._task()
        lead = self.lead.with_user(self.lea)
        self.assertEqual((lead.field_task_count, lead.field_can_give_work), (1, True))
        action = lead.action_field_open_tasks()
        self.assertEqual(self.env["field.task"].search(action["domain"]), task)
        self.assertFalse(self.lead.with_user(self.rita).field_can_give_work)
