from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestPartner(VisitCase):
    def test_count_follows_what_the_reader_may_see(self):
        child = self.env["res.partner"].create({"name": "Cashier", "parent_id": self.dragon.id})
        self._plan()
        self._plan(partner=child)
        self._plan(user=self.olga)
        for user, count in ((self.rita, 2), (self.lea, 2), (self.olga, 1), (self.dora, 3)):
            self.assertEqual(self.dragon.with_user(user).field_visit_count, count, user.name)
        self.assertEqual(child.with_user(self.rita).field_visit_count, 1)
        self.assertEqual(self.lucky.with_user(self.dora).field_visit_count, 0)

    def test_visit_now_takes_todays_plan(self):
        plan = self._plan(plan_date="2026-11-23")
        self._plan(plan_date="2026-11-24")
        action = self.dragon.with_user(self.rita).action_field_visit_now()
        self.assertEqual(action["res_id"], plan.id)
        plan.action_check_in(AT_CUSTOMER)
        action = self.dragon.with_user(self.rita).action_field_visit_now()
        self.assertEqual(action["res_id"], plan.id)

    def test_visit_now_makes_an_unplanned_one(self):
        action = self.dragon.with_user(self.rita).action_field_visit_now()
        visit = self.env["field.visit"].browse(action["res_id"])
        self.assertTrue(visit.is_unplanned)
        self.assertEqual((visit.user_id, str(visit.plan_date)), (self.rita, "2026-11-23"))

    def test_button_opens_the_visits_of_the_customer(self):
        visit = self._plan()
        action = self.dragon.with_user(self.rita).action_field_visits()
        self.assertEqual(self.env["field.visit"].search(action["domain"]), visit)

    def test_floor_and_shop_number_find_the_customer(self):
        self.dragon.write({"street": "1 Nanjing Road", "street2": False, "city": "Shanghai"})
        visit = self._plan()
        before = visit.partner_address
        self.dragon.field_place_hint = "2F-12"
        self.assertEqual(visit.partner_address, f"2F-12, {before}")
        row = self.env["field.app"]._customers(self.dragon)[0]
        self.assertEqual((row["field_place_hint"], row["street"]), ("2F-12", "1 Nanjing Road"))
        change = self.env["field.partner.change"].with_user(self.rita)
        proposed = change._propose(self.dragon.id, {"field_place_hint": " B1-03 "}, "Moved")
        self.assertEqual(proposed.new_values, {"field_place_hint": "B1-03"})
