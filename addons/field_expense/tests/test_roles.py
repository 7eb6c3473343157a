from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import REP, MileageCommon


@tagged("post_install", "-at_install")
class TestRoles(MileageCommon):
    def test_rates_are_read_by_reps_and_changed_by_administrators(self):
        auditor = self._new_user("mileage_auditor", "field_base.field_base_group_auditor")
        for user in (self.rep, self.leader, auditor):
            rate = self.rate.with_user(user)
            self.assertEqual(rate.rate, 0.75)
            for change in (
                lambda rate=rate: rate.write({"rate": 9}),
                lambda rate=rate: rate.unlink(),
                lambda rate=rate: rate.create({"rate": 9}),
            ):
                with (
                    self.assertRaises(AccessError),
                    mute_logger("odoo.addons.base.models.ir_model"),
                ):
                    change()
        for login, group in (
            ("mileage_admin", "field_base.field_base_group_admin"),
            ("mileage_manager", "hr_expense.group_hr_expense_manager"),
        ):
            self.rate.with_user(self._new_user(login, group)).rate += 0.1

    def test_rates_stay_in_their_company(self):
        stranger = self._new_user("mileage_stranger", REP, self.company_data_2["company"])
        self.assertFalse(self.env["field.mileage.rate"].with_user(stranger).search([]))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.rate.with_user(stranger).read(["rate"])

    def test_plain_and_portal_users_see_no_rates(self):
        for group in ("base.group_user", "base.group_portal"):
            user = self._new_user(f"mileage_{group}", group)
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
                self.env["field.mileage.rate"].with_user(user).search([])

    def test_rep_cannot_claim_somebody_elses_day(self):
        other = self._new_user("mileage_rep2", REP)
        self._new_employee(other, parent_id=self.boss.id)
        day = self._new_day()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            day.with_user(other).action_create_expense()
        self.assertFalse(day.expense_ids)

    def test_leader_claims_for_his_people_only_as_expense_approver(self):
        day = self._new_day()
        with self.assertRaises(UserError) as refusal:
            day.with_user(self.leader).action_create_expense()
        self.assertIn(self.rep.name, str(refusal.exception))
        self.leader.group_ids |= self.env.ref("hr_expense.group_hr_expense_team_approver")
        day.with_user(self.leader).action_create_expense()
        self.assertEqual(day.expense_ids.employee_id, self.employee)

    def test_finance_reads_what_is_paid_and_nothing_of_where(self):
        day = self._new_day()
        day.with_user(self.rep).action_create_expense()
        finance = self._new_user("mileage_finance", "field_expense.field_expense_group_finance")
        mine = self.env["hr.expense"].with_user(finance).search([])
        self.assertEqual(mine.ids, day.expense_ids.ids)
        fields = {"field_km": {}, "field_day_km": {}, "total_amount": {}, "employee_id": {}}
        (row,) = mine.web_read(fields)
        self.assertEqual(row["field_km"], day.expense_ids.field_km)
        self.assertEqual(self.rate.with_user(finance).rate, 0.75)
        ours = [
            name
            for name, model in self.env.registry.items()
            if name.startswith("field.") and not model._abstract and not model._transient
        ]
        readable = {name for name in ours if self.env[name].with_user(finance).has_access("read")}
        self.assertEqual(readable, {"field.mileage.rate", "field.map.provider"})
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            mine.write({"name": "Other"})

    def test_auditor_creates_nothing(self):
        auditor = self._new_user("mileage_auditor", "field_base.field_base_group_auditor")
        day = self._new_day()
        with self.assertRaises(UserError):
            day.with_user(auditor).action_create_expense()
        self.assertFalse(day.expense_ids)

    def test_auditor_reads_the_expenses_of_tracked_days_only(self):
        auditor = self._new_user("mileage_auditor", "field_base.field_base_group_auditor")
        day = self._new_day()
        day.with_user(self.rep).action_create_expense()
        ordinary = self.create_expenses({"employee_id": self.employee.id})
        found = self.env["hr.expense"].with_user(auditor).search([])
        self.assertEqual(found, day.expense_ids)
        self.assertNotIn(ordinary, found)
        self.assertEqual(Form(found).name, day.expense_ids.name)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            found.write({"name": "x"})

    def test_rep_does_not_choose_his_own_vehicle(self):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self.employee.with_user(self.rep).write({"field_vehicle_kind": "car"})

    def test_rep_cannot_write_rate_or_day_of_his_expense_on_the_form(self):
        """The form shows them read-only; the price always follows the stored rate."""
        day = self._new_day(distance_m=10_000)
        day.with_user(self.rep).action_create_expense()
        expense = day.expense_ids.with_user(self.rep)
        with self.assertRaises(AccessError):
            expense.write({"field_km_rate": 99})
        with self.assertRaises(AccessError):
            expense.write({"field_day_id": False})
        with self.assertRaises(AccessError):
            expense.create(
                {"name": "x", "field_km_rate": 99, "quantity": 1, "product_id": self.product.id}
            )
        self.assertEqual(expense.price_unit, 0.75)
