from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import LeadPoolCommon
from odoo.addons.field_base.tools.errors import FieldRejected


@tagged("post_install", "-at_install")
class TestLimits(LeadPoolCommon):
    def _assert_cap_reached(self, lead, user=None):
        with self.assertRaises(FieldRejected) as refusal:
            lead.with_user(user or self.rep).action_claim()
        self.assertEqual(refusal.exception.code, "cap_reached")
        return str(refusal.exception)

    def test_without_limits_everything_can_be_claimed(self):
        (self.lead | self.lead2 | self.lead3).with_user(self.rep).action_claim()
        self.assertEqual((self.lead | self.lead2 | self.lead3).user_id, self.rep)

    def test_holding_cap_stops_and_frees(self):
        self.pool.holding_cap = 2
        (self.lead | self.lead2).with_user(self.rep).action_claim()
        message = self._assert_cap_reached(self.lead3)
        self.assertIn("2", message)
        self.assertIn("Shanghai East", message)
        self.lead.with_user(self.rep).action_return_to_pool("Too far")
        self.lead3.with_user(self.rep).action_claim()
        self.assertEqual(self.lead3.user_id, self.rep)

    def test_won_and_lost_leads_do_not_count_as_held(self):
        self.pool.holding_cap = 1
        self.lead.with_user(self.rep).action_claim()
        self.lead.action_set_won()
        self.lead2.with_user(self.rep).action_claim()
        self.lead2.action_set_lost()
        self.lead3.with_user(self.rep).action_claim()
        self.assertEqual(self.lead3.user_id, self.rep)

    def test_leads_handed_out_count_as_held(self):
        self.pool.holding_cap = 1
        self.lead.user_id = self.rep
        self._assert_cap_reached(self.lead2)

    def test_caps_hold_inside_one_claim_of_many(self):
        self.pool.holding_cap = 2
        leads = (self.lead | self.lead2 | self.lead3).with_user(self.rep)
        params = leads.action_claim()["params"]
        self.assertEqual(len(leads.sudo().filtered("user_id")), 2)
        self.assertEqual(params["type"], "warning")

    def test_limits_are_per_person_and_per_pool(self):
        self.pool.write({"holding_cap": 1, "claims_per_day": 1})
        self.lead.with_user(self.rep).action_claim()
        self.lead2.with_user(self.rep2).action_claim()
        other = self.pool.copy({"name": "West", "member_ids": self.pool.member_ids.ids})
        self.lead3.field_pool_id = other
        self.lead3.with_user(self.rep).action_claim()
        self.assertEqual(self.lead3.user_id, self.rep)

    def test_claims_per_day_follow_the_local_day(self):
        self.pool.claims_per_day = 1
        with freeze_time("2026-11-23 15:30:00"):  # 23:30 in Shanghai
            self.lead.with_user(self.rep).action_claim()
            self.lead.with_user(self.rep).action_return_to_pool("Closed down")
            self._assert_cap_reached(self.lead2)  # a return gives no second claim
        with freeze_time("2026-11-23 16:01:00"):  # 00:01 the next day
            self.lead2.with_user(self.rep).action_claim()
            self.assertEqual(self.lead2.user_id, self.rep)
            self._assert_cap_reached(self.lead3)

    def test_negative_limits_are_refused(self):
        for field in ("holding_cap", "claims_per_day"):
            with (
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.pool[field] = -1
                self.pool.flush_recordset()

    def test_typing_oneself_as_salesperson_is_a_claim(self):
        self.pool.holding_cap = 1
        self.lead.with_user(self.rep).user_id = self.rep
        self.assertEqual(self._history(self.lead), [("claim", self.rep, False)])
        with self.assertRaises(UserError):
            self.lead2.with_user(self.rep).write({"user_id": self.rep.id})
        self.assertFalse(self.lead2.user_id)

    def test_figures_on_the_pool(self):
        self.pool.write({"holding_cap": 5})
        self.lead.with_user(self.rep).action_claim()
        pool = self.pool.with_user(self.rep)
        self.assertTrue(pool.is_member)
        self.assertEqual((pool.free_count, pool.held_count), (2, 1))
        self.assertEqual((pool.my_held_count, pool.my_today_count), (1, 1))
        other = self.pool.with_user(self.rep2)
        self.assertEqual((other.my_held_count, other.my_today_count), (0, 0))
