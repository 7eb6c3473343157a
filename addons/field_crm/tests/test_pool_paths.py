from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LeadPoolCommon
from odoo.addons.field_base.tools.errors import FieldRejected


@tagged("post_install", "-at_install")
class TestPoolPaths(LeadPoolCommon):
    """Every way to an owner goes through the same gate."""

    def test_rep_cannot_hand_a_pool_lead_to_a_friend(self):
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rep).user_id = self.rep2

    def test_friends_do_not_hand_a_claimed_lead_to_each_other(self):
        """Each hand-over would start the clocks anew, past limits and waiting times."""
        self.lead.with_user(self.rep).action_claim()
        start = self.lead.field_clock_start
        mine = self.lead.with_user(self.rep)
        for way in (
            lambda: mine.write({"user_id": self.rep2.id}),
            lambda: mine.web_save({"user_id": self.rep2.id}, {}),
            lambda: mine._handle_salesmen_assignment(user_ids=self.rep2.ids),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                way()
        self.assertEqual((self.lead.user_id, self.lead.field_clock_start), (self.rep, start))
        mine.write({"user_id": self.rep.id, "name": "Same owner"})
        self.lead.with_user(self.leader).user_id = self.rep2
        self.assertEqual(self.lead.user_id, self.rep2)

    def test_who_works_on_a_held_lead_does_not_take_it(self):
        self.lead.with_user(self.rep).action_claim()
        self.env["field.deal.member"].create(
            {
                "lead_id": self.lead.id,
                "user_id": self.rep2.id,
                "role_id": self.env.ref("field_crm.field_deal_role_partner").id,
            }
        )
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rep2).user_id = self.rep2
        self.assertEqual(self.lead.user_id, self.rep)

    def test_what_has_become_an_opportunity_is_handed_on_as_in_odoo(self):
        self.lead.with_user(self.rep).action_claim()
        self.lead.with_user(self.rep).convert_opportunity(self.lead.partner_id)
        self.lead.with_user(self.rep).user_id = self.rep2
        self.assertEqual(self.lead.user_id, self.rep2)

    def test_rep_cannot_move_a_lead_out_of_its_pool(self):
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rep).field_pool_id = False
        self.lead.with_user(self.rep).action_claim()
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rep).write({"field_pool_id": False})

    def test_nobody_closes_what_he_has_not_claimed(self):
        """Lost today and reopened tomorrow would keep a lead for a friend."""
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        lead = self.lead.with_user(self.rep)
        for close in (
            lead.action_set_lost,
            lead.action_set_won,
            lead.action_archive,
            lambda: lead.write({"stage_id": won.id}),
            lambda: lead.write({"probability": 100}),
        ):
            with self.assertRaises(UserError):
                close()
        self.assertEqual((self.lead.active, self.lead.won_status), (True, "pending"))
        self.lead2.with_user(self.leader).action_set_lost()
        lead.action_claim()
        lead.action_set_lost()
        self.assertEqual((self.lead | self.lead2).mapped("won_status"), ["lost", "lost"])

    def test_leader_hands_out_to_his_people_only(self):
        self.lead.with_user(self.leader).user_id = self.rep
        self.assertEqual(self._history(self.lead), [("assign", self.rep, False)])
        stranger = self._new_user("pool_stranger", "field_base.field_base_group_rep")
        with self.assertRaises(AccessError):
            self.lead2.with_user(self.leader).user_id = stranger

    def test_leader_takes_for_himself_only_as_a_member(self):
        with self.assertRaises(FieldRejected):
            self.lead.with_user(self.leader).user_id = self.leader

    def test_sales_manager_hands_out_freely(self):
        manager = self._new_user("pool_manager", "sales_team.group_sale_manager")
        self.lead.with_user(manager).user_id = self.outsider
        self.assertEqual(self._history(self.lead), [("assign", self.outsider, False)])
        self.lead.with_user(manager).user_id = self.rep
        self.lead.with_user(manager).user_id = False
        self.assertEqual(
            self._history(self.lead)[1:],
            [("assign", self.rep, False), ("return", self.rep, False)],
        )

    def test_rep_puts_his_own_lead_into_a_pool(self):
        own = self.env["crm.lead"].create({"name": "Mine", "user_id": self.rep.id})
        own.with_user(self.rep).field_pool_id = self.pool
        own.with_user(self.rep).action_return_to_pool("Not my trade")
        self.assertTrue(own.field_in_pool)

    def test_conversion_to_opportunity_claims(self):
        self.pool.holding_cap = 1
        wizard = self.env["crm.lead2opportunity.partner"].with_user(self.rep)
        values = {"name": "convert", "action": "create", "user_id": self.rep.id}
        for lead in (self.lead, self.lead2):
            context = {"active_model": "crm.lead", "active_id": lead.id, "active_ids": lead.ids}
            record = wizard.with_context(**context).create(values)
            if lead == self.lead:
                record.action_apply()
            else:
                with self.assertRaises(UserError), self.cr.savepoint():
                    record.action_apply()
        self.assertEqual(self.lead.user_id, self.rep)
        self.assertEqual(self._history(self.lead), [("claim", self.rep, False)])
        self.assertFalse(self.lead2.user_id)

    def test_merge_cannot_swallow_a_pool_lead(self):
        own = self.env["crm.lead"].create({"name": "Mine", "user_id": self.rep.id})
        with self.assertRaises(UserError):
            (own | self.lead).with_user(self.rep).merge_opportunity()
        self.assertTrue(self.lead.exists())
        self.lead.with_user(self.rep).action_claim()
        (own | self.lead).with_user(self.rep).merge_opportunity()

    def test_import_of_salespeople_keeps_the_rules(self):
        self.env["ir.model.data"].create(
            {"name": "lead", "module": "__test__", "model": "crm.lead", "res_id": self.lead.id}
        )
        rows = [["__test__.lead", self.rep2.name]]
        result = self.env["crm.lead"].with_user(self.rep).load(["id", "user_id"], rows)
        self.assertFalse(result["ids"])
        self.assertFalse(self.lead.user_id)

    def test_pool_menu_of_crm_appears_with_the_first_pool(self):
        menu = self.env.ref("field_crm.crm_menu_lead_pool")
        admin = self.env.ref("base.user_admin")
        Menu = self.env["ir.ui.menu"].with_user(admin)
        self.assertIn(menu.id, Menu.load_menus(False))
        self._forget_all_pools()
        self.assertNotIn(menu.id, Menu.load_menus(False))

    def _forget_all_pools(self):
        """In SQL: a history refuses to be deleted, and pools with a history too."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM field_lead_claim")
        self.env.cr.execute("UPDATE crm_lead SET field_pool_id = NULL")
        self.env.cr.execute("DELETE FROM field_lead_pool_member_rel")
        self.env.cr.execute("DELETE FROM field_lead_pool")
        self.env.invalidate_all()
        self.env.registry.clear_cache()
