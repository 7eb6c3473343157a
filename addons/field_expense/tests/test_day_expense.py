from datetime import date, timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DAY, REP, MileageCommon


@tagged("post_install", "-at_install")
class TestDayExpense(MileageCommon):
    def _claim(self, day, user=None):
        day.with_user(user or self.rep).action_create_expense()
        return self.env["hr.expense"].search([("field_day_id", "in", day.ids)])

    def _assert_refused(self, day, words, user=None):
        with self.assertRaises(UserError) as refusal:
            day.with_user(user or self.rep).action_create_expense()
        self.assertIn(words, str(refusal.exception))
        self.assertFalse(day.expense_ids)

    # Creating

    def test_day_becomes_a_draft_expense(self):
        day = self._new_day(distance_m=42_350.0)
        action = day.with_user(self.rep).action_create_expense()
        expense = day.expense_ids
        self.assertEqual((action["res_model"], action["res_id"]), ("hr.expense", expense.id))
        self.assertRecordValues(
            expense,
            [
                {
                    "employee_id": self.employee.id,
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "product_id": self.product.id,
                    "date": DAY,
                    "quantity": 42.4,
                    "price_unit": 0.75,
                    "total_amount_currency": 31.8,
                    "total_amount": 31.8,
                    "payment_mode": "own_account",
                    "state": "draft",
                    "manager_id": self.leader.id,
                }
            ],
        )
        self.assertIn("08:12–17:45", expense.name)
        self.assertIn("2026", expense.name)

    def test_claiming_again_returns_the_existing_expense(self):
        day = self._new_day()
        first = self._claim(day)
        self.assertEqual(self._claim(day), first)
        self.assertEqual(day.with_user(self.rep).action_create_expense()["res_id"], first.id)

    def test_database_refuses_a_second_expense_of_a_day(self):
        expense = self._claim(self._new_day())
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            expense.sudo().copy({"field_day_id": expense.field_day_id.id})
            self.env.flush_all()
        self.assertFalse(expense.copy().field_day_id, "an ordinary copy is no claim of the day")

    def test_rate_of_the_day_holds_not_todays(self):
        self._new_rate(DAY, 2.0)
        before = self._claim(self._new_day(DAY - timedelta(days=1), 10_000))
        on_the_day = self._claim(self._new_day(DAY, 10_000))
        self.assertEqual((before.total_amount, on_the_day.total_amount), (7.5, 20.0))

    def test_rate_of_the_persons_vehicle(self):
        self._new_rate(date(2025, 1, 1), 0.3, "motorcycle")
        self.employee.field_vehicle_kind = "motorcycle"
        self.assertEqual(self._claim(self._new_day(distance_m=10_000)).total_amount, 3.0)

    def test_rate_with_many_decimals_is_not_rounded_first(self):
        self._new_rate(DAY, 0.6755)
        self.assertEqual(self._claim(self._new_day(distance_m=100_000)).total_amount, 67.55)

    def test_configured_category_and_category_without_cost(self):
        product = self.env["product.product"].create(
            {"name": "Own car", "can_be_expensed": True, "type": "service", "standard_price": 0}
        )
        self.company.field_mileage_product_id = product
        expense = self._claim(self._new_day(distance_m=10_000))
        self.assertEqual(expense.product_id, product)
        self.assertEqual((expense.price_unit, expense.total_amount), (0.75, 7.5))
        self.assertTrue(expense.product_has_cost)

    # Not creating

    def test_reasons_of_single_days(self):
        self._assert_refused(self._new_day(DAY, 0.0), "No distance")
        self._assert_refused(self._new_day(DAY - timedelta(days=1), state="new"), "calculated")
        self._assert_refused(self._new_day(date(2025, 12, 31)), "no mileage rate")

    def test_person_without_employee(self):
        loner = self._new_user("mileage_loner", REP)
        day = self._new_day(user=loner)
        self._assert_refused(day, "no employee", loner)
        employee = self._new_employee(loner)
        employee.active = False
        self._assert_refused(day, "no employee", loner)

    def test_no_category(self):
        self.product.can_be_expensed = False
        self._assert_refused(self._new_day(), "no expense category")

    def test_many_days_have_one_outcome_each(self):
        days = self.env["field.track.day"]
        for number, metres in enumerate((10_000, 20_000, 0)):
            days |= self._new_day(DAY - timedelta(days=number), metres)
        self._claim(days[0])
        days |= self._new_day(date(2025, 12, 31))
        action = days.with_user(self.rep).action_create_expense()
        run = self.env["field.expense.run"].browse(action["res_id"])
        outcomes = {line.day_id: (line.outcome, line.reason) for line in run.line_ids}
        self.assertEqual(outcomes[days[0]], ("existing", False))
        self.assertEqual(outcomes[days[1]], ("created", False))
        self.assertEqual(outcomes[days[2]][0], "skipped")
        self.assertIn("No distance", outcomes[days[2]][1])
        self.assertIn("no mileage rate", outcomes[days[3]][1])
        self.assertEqual((run.created_count, run.existing_count, run.skipped_count), (1, 1, 2))
        opened = self.env["hr.expense"].search(
            run.with_user(self.rep).action_open_expenses()["domain"]
        )
        self.assertEqual(opened, days.expense_ids)

    def test_query_count_does_not_grow_with_the_days(self):
        counts = []
        for start, number in ((0, 2), (20, 12)):
            days = self.env["field.track.day"]
            for offset in range(number):
                days |= self._new_day(DAY - timedelta(days=start + offset), 10_000 + offset * 100)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            reasons = days.with_user(self.rep)._do_create_expenses()[1]
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertFalse(reasons)
        # Odoo's own create posts messages one by one: what is allowed is its share per record.
        self.assertLess((counts[1] - counts[0]) / 10, 12, counts)

    # Following the day

    def test_draft_follows_the_rebuilt_day(self):
        day = self._new_day(distance_m=10_000)
        expense = self._claim(day)
        day.write({"distance_m": 12_340.0, "last_fix": day.last_fix + timedelta(hours=1)})
        self.assertEqual((expense.quantity, expense.field_km), (12.3, 12.3))
        self.assertEqual(expense.total_amount, 9.23)  # 12.3 × 0.75 = 9.225
        self.assertIn("08:12–18:45", expense.name)
        self.assertFalse(expense.field_distance_changed)

    def test_what_was_typed_by_hand_stays(self):
        day = self._new_day(distance_m=10_000)
        expense = self._claim(day)
        with Form(expense.with_user(self.rep)) as form:
            form.quantity = 8.0
            form.name = "Only the business part"
        self.assertTrue(expense.field_km_edited)
        day.distance_m = 12_000.0
        self.assertEqual((expense.quantity, expense.field_km), (8.0, 12.0))
        self.assertEqual(expense.name, "Only the business part")
        self.assertEqual(expense.price_unit, 0.75)

    def test_submitted_expense_stays_and_says_so(self):
        day = self._new_day(distance_m=10_000)
        expense = self._claim(day)
        expense.with_user(self.rep).action_submit()
        day.distance_m = 15_000.0
        self.assertEqual((expense.quantity, expense.total_amount), (10.0, 7.5))
        self.assertTrue(expense.field_distance_changed)
        self.assertEqual((expense.field_km, expense.field_day_km), (10.0, 15.0))
        expense.with_user(self.rep).action_reset()
        self.assertEqual((expense.state, expense.quantity), ("draft", 15.0))
        self.assertFalse(expense.field_distance_changed)

    def test_change_below_the_rounding_is_no_change(self):
        day = self._new_day(distance_m=10_000)
        expense = self._claim(day)
        expense.with_user(self.rep).action_submit()
        day.distance_m = 10_020.0
        self.assertFalse(expense.field_distance_changed)

    def test_rebuild_without_change_writes_nothing(self):
        day = self._new_day(distance_m=10_000)
        expense = self._claim(day)
        self.env.flush_all()
        stamp = expense.write_date
        self.patch(self.registry["hr.expense"], "write", lambda *a: self.fail("written"))
        day.write({"distance_m": 10_010.0})
        self.env.flush_all()
        self.assertEqual(expense.write_date, stamp)

    # Both ways

    def test_buttons_both_ways(self):
        day = self._new_day()
        with self.assertRaises(UserError):
            day.with_user(self.rep).action_open_expense()
        expense = self._claim(day)
        self.assertEqual(day.with_user(self.rep).action_open_expense()["res_id"], expense.id)
        action = expense.with_user(self.rep).action_open_field_day()
        self.assertEqual(action["tag"], "field_tracking.day_playback")
        self.assertEqual(action["params"], {"day_id": day.id})
        with self.assertRaises(UserError):
            expense.copy().action_open_field_day()

    def test_days_to_claim(self):
        claimed, open_day = self._new_day(), self._new_day(DAY - timedelta(days=1))
        self._claim(claimed)
        Day = self.env["field.track.day"]
        for user in (self.rep, self.leader):
            found = Day.with_user(user).search([("has_expense", "=", False)])
            self.assertIn(open_day, found)
            self.assertNotIn(claimed, found)
            self.assertIn(claimed, Day.with_user(user).search([("has_expense", "=", True)]))
        self.assertEqual(claimed.with_user(self.leader).expense_state, "draft")
