from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import LeadPoolCommon
from odoo.addons.field_base.tools.errors import FieldRejected


@tagged("post_install", "-at_install")
class TestClaim(LeadPoolCommon):
    def test_claim_makes_member_the_salesperson(self):
        notification = self.lead.with_user(self.rep).action_claim()
        self.assertEqual(self.lead.user_id, self.rep)
        self.assertTrue(self.lead.date_open)
        self.assertFalse(self.lead.field_in_pool)
        self.assertEqual(self.lead.field_pool_id, self.pool, "the pool stays, returns go there")
        self.assertIn("Corner shop", notification["params"]["message"])
        self.assertEqual(self._history(self.lead), [("claim", self.rep, False)])

    def test_claim_by_member_without_field_role(self):
        """A plain salesperson of a company that uses this module alone."""
        seller = self._new_user("pool_seller", "sales_team.group_sale_salesman")
        self.pool.member_ids = [Command.link(seller.id)]
        self.lead.with_user(seller).action_claim()
        self.assertEqual(self.lead.user_id, seller)

    def test_second_claim_is_told_who_took_it(self):
        self.lead.with_user(self.rep).action_claim()
        with self.assertRaises(FieldRejected) as refusal:
            self.lead.with_user(self.rep2).action_claim()
        self.assertEqual(refusal.exception.code, "already_claimed")
        self.assertIn("Corner shop", str(refusal.exception))
        self.assertIn(self.rep.name, str(refusal.exception))
        self.assertEqual(self.lead.user_id, self.rep)
        self.assertEqual(len(self._history(self.lead)), 1)

    def test_claim_again_by_holder_changes_nothing(self):
        self.lead.with_user(self.rep).action_claim()
        self.lead.with_user(self.rep).action_claim()
        self.assertEqual(len(self._history(self.lead)), 1)

    def test_outsider_learns_nothing_from_the_refusal(self):
        refusals = []
        missing = self.env["crm.lead"].browse(self.lead3.id + 100000)
        for lead in (self.lead, missing):
            with self.assertRaises(FieldRejected) as refusal:
                lead.with_user(self.outsider).action_claim()
            refusals.append((refusal.exception.code, str(refusal.exception)))
        self.assertEqual(refusals[0], refusals[1])
        self.assertEqual(refusals[0][0], "not_member")
        self.assertNotIn("Corner", refusals[0][1])
        self.assertFalse(self.lead.user_id)

    def test_closed_leads_and_closed_pools_cannot_be_claimed(self):
        self.lead.action_set_lost()
        self.lead2.action_set_won()
        for lead in (self.lead, self.lead2):
            with self.assertRaises(FieldRejected) as refusal:
                lead.with_user(self.rep).action_claim()
            self.assertEqual(refusal.exception.code, "not_claimable")
        self.pool.active = False
        with self.assertRaises(FieldRejected) as refusal:
            self.lead3.with_user(self.rep).action_claim()
        self.assertEqual(refusal.exception.code, "not_claimable")

    def test_claim_many_reports_each_refusal(self):
        self.lead2.with_user(self.rep2).action_claim()
        leads = (self.lead | self.lead2 | self.lead3).with_user(self.rep)
        params = leads.action_claim()["params"]
        self.assertEqual(self.lead.user_id | self.lead3.user_id, self.rep)
        self.assertEqual(self.lead2.user_id, self.rep2)
        self.assertEqual(params["type"], "warning")
        self.assertIn("2 leads", params["message"])
        self.assertIn("Noodle bar", params["message"])

    def test_claim_query_count_does_not_grow(self):
        """Counted per lead on top of a first one: the ORM's own write may add a constant."""
        self._new_leads("First").with_user(self.rep).action_claim()
        few = self._new_leads(*[f"Few {n}" for n in range(2)])
        many = self._new_leads(*[f"Many {n}" for n in range(12)])
        counts = []
        for leads in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            leads.with_user(self.rep).action_claim()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 1, counts)

    def test_who_comes_too_late_costs_one_look_at_the_table(self):
        """Most claims of a wanted lead are refused: they read nothing but what decides."""
        self.lead.with_user(self.rep).action_claim()
        leads = (self.lead | self.env["crm.lead"].browse(self.lead3.id + 100000)).with_user(
            self.rep2
        )
        counts = []
        for _again in range(2):  # the first time asks for the person's groups
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            _claimed, refused = leads._do_claim()
            self.assertEqual(len(refused), 2)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], 1)

    def test_a_claim_reads_no_whole_rows(self):
        """A lead has a hundred columns, a company as many: a claim looks at a few of them."""
        self.env.flush_all()
        self.env.invalidate_all()
        read = []
        fetch = type(self.lead)._fetch_query

        def spy(records, query, fields):
            read.append(len(list(fields)))
            return fetch(records, query, fields)

        with patch.object(type(self.lead), "_fetch_query", spy):
            self.lead.with_user(self.rep).action_claim()
            self.env.flush_all()
        self.assertTrue(read)
        self.assertLess(max(read), 50, read)

    def test_the_team_of_a_claimer_is_remembered_until_it_changes(self):
        teams = self.env["crm.team"].create(
            [{"name": name, "use_leads": True, "sequence": 1} for name in ("One", "Two")]
        )
        leads = self._new_leads("A", "B", "C")
        teams[0].member_ids = self.rep
        leads[0].with_user(self.rep).action_claim()
        with patch.object(type(teams), "_get_default_team_id", side_effect=AssertionError):
            leads[1].with_user(self.rep).action_claim()
        teams[0].member_ids = [Command.clear()]
        teams[1].member_ids = self.rep
        leads[2].with_user(self.rep).action_claim()
        self.assertEqual(leads.team_id.ids, [*teams[0].ids, *teams[1].ids])
        self.assertEqual(leads[2].team_id, teams[1])

    def test_claimed_lead_goes_to_the_team_of_the_pool(self):
        team = self.env["crm.team"].create({"name": "East", "use_leads": True})
        self.pool.team_id = team
        self.lead.with_user(self.rep).action_claim()
        self.assertEqual(self.lead.team_id, team)

    def test_pool_lead_belongs_to_the_company_of_the_pool(self):
        self.assertEqual(self.lead.company_id, self.company)

    # Return

    def test_holder_returns_with_a_reason(self):
        self.lead.with_user(self.rep).action_claim()
        self.lead.with_user(self.rep).action_return_to_pool("  Moved to Suzhou ")
        self.assertTrue(self.lead.field_in_pool)
        self.assertFalse(self.lead.date_open, "can be claimed and counted anew")
        self.assertEqual(
            self._history(self.lead),
            [("claim", self.rep, False), ("return", self.rep, "Moved to Suzhou")],
        )
        self.lead.with_user(self.rep2).action_claim()
        self.assertEqual(self.lead.user_id, self.rep2)

    def test_return_needs_a_reason(self):
        self.lead.with_user(self.rep).action_claim()
        for reason in ("", "   ", False, None, 5):
            with self.assertRaises(UserError):
                self.lead.with_user(self.rep).action_return_to_pool(reason)
        self.assertEqual(self.lead.user_id, self.rep)

    def test_return_only_by_holder_or_above(self):
        self.lead.with_user(self.rep).action_claim()
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rep2).action_return_to_pool("I want it")
        self.lead.with_user(self.leader).action_return_to_pool("On leave")
        self.assertEqual(self._history(self.lead)[-1], ("return", self.rep, "On leave"))

    def test_return_what_has_no_pool_is_refused(self):
        own = self.env["crm.lead"].create({"name": "Own", "user_id": self.rep.id})
        with self.assertRaises(UserError):
            own.with_user(self.rep).action_return_to_pool("why not")
        with self.assertRaises(UserError):
            self.lead.with_user(self.rep).action_return_to_pool("already there")

    def test_wizard_asks_the_reason_and_leaves_a_lead_that_is_gone(self):
        self.lead.with_user(self.rep).action_claim()
        self.pool.member_ids = [Command.unlink(self.rep.id)]
        wizard_model = self.env["field.lead.return"].with_user(self.rep)
        form = Form(wizard_model.with_context(active_ids=self.lead.ids))
        with self.assertRaises(AssertionError):
            form.save()
        form.reason = "Wrong district"
        action = form.save().action_confirm()
        self.assertEqual(action["xml_id"], "field_crm.crm_lead_action_held_mine")
        self.assertTrue(self.lead.field_in_pool)

    # History

    def test_history_cannot_be_changed_or_deleted(self):
        self.lead.with_user(self.rep).action_claim()
        claim = self.env["field.lead.claim"].search([("lead_id", "=", self.lead.id)])
        with self.assertRaises(UserError):
            claim.write({"user_id": self.rep2.id})
        with self.assertRaises(UserError):
            claim.unlink()
        admin = self._new_user("pool_admin", "field_base.field_base_group_admin")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            claim.with_user(admin).copy()
        self.assertEqual(claim.user_id, self.rep)

    def test_history_outlives_the_lead(self):
        self.lead.with_user(self.rep).action_claim()
        claim = self.env["field.lead.claim"].search([("lead_id", "=", self.lead.id)])
        self.lead.unlink()
        self.assertTrue(claim.exists())
        self.assertEqual(claim.lead_name, "Corner shop")

    # Position

    def test_lead_takes_the_position_of_its_customer(self):
        partner = self.env["res.partner"].create(
            {"name": "Shop", "partner_latitude": 31.23, "partner_longitude": 121.47}
        )
        self.lead.partner_id = partner
        self.assertEqual((self.lead.field_lat, self.lead.field_lng), (31.23, 121.47))
        partner.write({"partner_latitude": 31.3, "partner_longitude": 121.5})
        self.assertEqual((self.lead.field_lat, self.lead.field_lng), (31.3, 121.5))

    def test_own_position_stays_while_the_customer_has_none(self):
        self.lead.write({"field_lat": 31.1, "field_lng": 121.1})
        self.lead.partner_id = self.env["res.partner"].create({"name": "Nowhere"})
        self.assertEqual((self.lead.field_lat, self.lead.field_lng), (31.1, 121.1))
