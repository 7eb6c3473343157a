"""Grades by what a customer is worth and how he pays; what begins when he falls asleep."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestWorth(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.high, cls.low = (
            cls.env.ref("field_visit.field_grade_a"),
            cls.env.ref("field_visit.field_grade_d"),
        )
        (cls.env["field.grade"].search([]) - cls.high - cls.low).active = False
        (cls.high.threshold, cls.low.threshold) = (1000, 0)
        cls.shops = cls.dragon | cls.lucky
        cls.shops.user_id = cls.rita

    def _proposal(self, **vals):
        domain = repr([("id", "in", self.shops.ids)])
        wizard = self.env["field.grade.proposal"].with_user(self.lea)
        wizard = wizard.create({"domain": domain, **vals})
        wizard.action_preview()
        return wizard

    def _moves(self, wizard):
        return {line.partner_id: line.new_grade_id for line in wizard.line_ids}

    def test_potential_moves_only_those_of_whom_it_is_known(self):
        self.dragon.field_potential = 5000
        wizard = self._proposal(metric="potential")
        self.assertEqual(self._moves(wizard), {self.dragon: self.high})
        self.assertIn("1 of 2", wizard.summary)

    def _needs(self, *models):
        if any(model not in self.env for model in models):
            self.skipTest("the app is not installed")

    def _sell(self, partner, price, cost):
        product = self.env["product.product"].create({"name": "Tea", "standard_price": cost})
        line = {"product_id": product.id, "product_uom_qty": 10, "price_unit": price}
        order = self.env["sale.order"].create(
            {"partner_id": partner.id, "order_line": [(0, 0, {**line, "tax_ids": []})]}
        )
        order.action_confirm()
        order.date_order = "2026-11-01 04:00:00"
        return order

    def test_margin_is_what_is_left_over_the_cost(self):
        self._needs("sale.order")
        self._sell(self.dragon, 300, 150)
        self._sell(self.lucky, 300, 250)
        moves = self._moves(self._proposal(metric="turnover"))
        self.assertEqual(moves, {self.dragon: self.high, self.lucky: self.high})
        wizard = self._proposal(metric="margin")
        self.assertEqual(self._moves(wizard), {self.dragon: self.high, self.lucky: self.low})
        values = {line.partner_id: line.value for line in wizard.line_ids}
        self.assertEqual(values, {self.dragon: 1500, self.lucky: 500})

    def _invoice(self, partner, amount, paid):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2026-09-01",
                "invoice_date_due": "2026-10-01",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    (0, 0, {"name": "Tea", "quantity": 1, "price_unit": amount, "tax_ids": []})
                ],
            }
        )
        move.action_post()
        if paid:
            register = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            )
            register.create({"payment_date": paid})._create_payments()
        return move

    def test_who_pays_late_is_put_one_grade_lower(self):
        self._needs("account.move")
        if not self.env["account.journal"].search([("type", "=", "sale")], limit=1):
            self.skipTest("the company has no accounts")
        self.shops.field_potential = 5000
        self._invoice(self.dragon, 300, "2026-09-20")
        self._invoice(self.lucky, 100, "2026-09-20")
        self._invoice(self.lucky, 300, None)
        wizard = self._proposal(metric="potential", paid_least=60)
        self.assertEqual(wizard._get_paid_shares(self.shops)[self.lucky.id], 25)
        self.assertEqual(self._moves(wizard), {self.dragon: self.high, self.lucky: self.low})
        late = wizard.line_ids.filtered("is_late")
        self.assertEqual((late.partner_id, late.paid_share), (self.lucky, 25))
        wizard.action_apply()
        self.assertIn("25", self.lucky.field_grade_change_ids.reason)

    def test_grade_below_the_lowest_is_the_lowest(self):
        wizard = self.env["field.grade.proposal"].create({"paid_least": 50})
        grades = self.high | self.low
        self.assertEqual(wizard._find_grade(grades, 2000, None), self.high)
        self.assertEqual(wizard._find_grade(grades, 2000, 50), self.high)
        self.assertEqual(wizard._find_grade(grades, 2000, 49), self.low)
        self.assertEqual(wizard._find_grade(grades, 5, 10), self.low)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestWake(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.dragon | cls.lucky).user_id = cls.rita
        (cls.dragon | cls.lucky).field_life = "active"

    def _tasks(self):
        return self.env["field.task"].search([("partner_ids", "in", self.dragon.ids)])

    def test_nothing_begins_unless_the_policy_says_so(self):
        self.dragon._field_take_life("dormant")
        self.assertEqual((self.dragon.field_life, self.dragon.user_id), ("dormant", self.rita))
        self.assertFalse(self._tasks())

    def test_work_package_of_the_leader_with_a_visit_planned(self):
        self._policy(dormant_action="task", dormant_days=10)
        (self.dragon | self.lucky)._field_take_life("dormant")
        task = self._tasks()
        self.assertEqual(task.partner_ids, self.dragon | self.lucky)
        self.assertEqual((task.user_id, task.deadline), (self.lea, date(2026, 12, 3)))
        self.assertEqual(task.work_ids.user_id, self.rita)
        self.assertEqual(len(task.work_ids.visit_id), 2)
        (self.dragon | self.lucky)._field_take_life("dormant")
        self.assertEqual(len(self._tasks()), 1, "who sleeps does not fall asleep")

    def test_who_slept_at_the_first_look_is_left_alone(self):
        self._policy(dormant_action="task")
        self.dragon.field_life = False
        self.dragon._field_take_life("dormant")
        self.assertFalse(self._tasks())

    def test_release_leaves_a_word_on_the_card(self):
        self._policy(dormant_action="release")
        self.dragon._field_take_life("dormant")
        self.assertFalse(self.dragon.user_id)
        self.assertIn("Rita", self.dragon.message_ids[0].body)

    def test_the_night_does_it(self):
        self._policy(dormant_action="task")
        self.dragon.field_grade_id = self.env.ref("field_visit.field_grade_a")
        self.patch(
            type(self.env["res.partner"]),
            "_field_find_changed_lives",
            lambda model, batch, left=[{"dormant": self.dragon.ids}]: left.pop() if left else {},
        )
        with self.enter_registry_test_mode():
            self.env.ref("field_visit.ir_cron_field_life").method_direct_trigger()
        self.assertEqual(len(self._tasks()), 1)
