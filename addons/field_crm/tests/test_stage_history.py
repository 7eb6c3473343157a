from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .pipeline import AUDITOR, PipelineCommon


@tagged("post_install", "-at_install")
class TestStageHistory(PipelineCommon):
    def test_a_life_step_by_step(self):
        deal = self._new_deal("Life")
        self._age(deal, 10)
        deal.stage_id = self.quote
        self._age(deal, 4)
        deal.stage_id = self.needs
        deal.action_set_lost()
        deal.action_restore()
        deal.action_set_won()
        self.assertEqual(
            self._steps(deal),
            [
                ("enter", self.env["crm.stage"], self.first),
                ("forward", self.first, self.quote),
                ("back", self.quote, self.needs),
                ("lost", self.needs, self.needs),
                ("reopen", self.needs, self.needs),
                ("won", self.needs, self.signed),
            ],
        )
        rows = self.env["field.stage.history"].search([("lead_id", "=", deal.id)], order="id")
        self.assertAlmostEqual(rows[1].days, 10, 1)
        self.assertAlmostEqual(rows[2].days, 4, 1)
        self.assertEqual(rows.mapped("amount"), [1000.0] * 6)
        self.assertEqual(rows.user_id, self.rep)
        self.assertEqual(set(rows.mapped("entered_on")), {deal.field_entered_on})

    def test_farthest_stage_stays_when_the_deal_goes_back(self):
        self.deal.stage_id = self.negotiation
        self.deal.stage_id = self.needs
        self.assertEqual(self.deal.field_top_stage_id, self.negotiation)

    def test_a_lead_enters_when_it_is_converted(self):
        lead = self._new_deal("Lead", type="lead")
        self.assertFalse(self._steps(lead))
        self.assertFalse(lead.field_entered_on)
        lead.convert_opportunity(self.customer)
        self.assertEqual([step[0] for step in self._steps(lead)], ["enter"])
        self.assertTrue(lead.field_entered_on)

    def test_import(self):
        columns = ["id", "name", "type", "team_id/.id", "stage_id/.id"]
        row = ["field_crm_test.h", "Imported", "opportunity", str(self.team.id)]
        Lead = self.env["crm.lead"]
        (deal_id,) = Lead.load(columns, [[*row, str(self.needs.id)]])["ids"]
        deal = Lead.browse(deal_id)
        self.assertEqual([step[0] for step in self._steps(deal)], ["enter"])
        Lead.load(columns, [[*row, str(self.quote.id)]])
        self.assertEqual(self._steps(deal)[1:], [("forward", self.needs, self.quote)])

    def test_paths_that_write_no_stage(self):
        """The stage that Odoo computes anew when the team changes goes round `write`."""
        other = self.env["crm.team"].create({"name": "Other", "company_id": self.company.id})
        late = self.env["crm.stage"].create(
            {"name": "Late", "sequence": 900, "team_ids": other.ids}
        )
        self.deal.team_id = other
        self.env.flush_all()
        self.assertEqual(self._steps(self.deal)[1:], [("forward", self.first, late)])

    def test_low_level_write(self):
        self.deal.flush_recordset()
        self.deal._write({"stage_id": self.needs.id})
        self.assertEqual(self._steps(self.deal)[1:], [("forward", self.first, self.needs)])

    def test_merge(self):
        other = self._new_deal("Other")
        other.stage_id = self.negotiation
        self._age(other, 1)
        self.env.cr.execute(
            "UPDATE crm_lead SET field_entered_on = '2026-01-01' WHERE id = %s", (self.deal.id,)
        )
        self.env.invalidate_all()
        merged = (self.deal | other).merge_opportunity()
        self.assertEqual(merged, other)
        self.assertEqual(str(merged.field_entered_on), "2026-01-01")
        self.assertEqual(merged.field_top_stage_id, self.negotiation)
        self.assertEqual([step[0] for step in self._steps(merged)], ["enter", "forward"])

    def test_many_in_one_statement_and_nothing_without_a_change(self):
        deals = self.env["crm.lead"].union(*(self._new_deal(f"D{n}") for n in range(30)))
        deals.write({"stage_id": self.needs.id})
        deals.write({"stage_id": self.needs.id, "priority": "1"})
        rows = self.env["field.stage.history"].search([("lead_id", "in", deals.ids)])
        self.assertEqual(len(rows), 60)

    def test_in_whose_name(self):
        self.deal.with_user(self.rep).stage_id = self.needs
        row = self.env["field.stage.history"].search([("lead_id", "=", self.deal.id)], limit=1)
        self.assertEqual(row.by_id, self.rep)

    def test_nobody_rewrites_it(self):
        row = self.env["field.stage.history"].search([("lead_id", "=", self.deal.id)])
        with self.assertRaises(UserError):
            row.days = 1
        with self.assertRaises(UserError):
            row.unlink()
        for user in (self.rep, self.leader):
            with self.assertRaises(AccessError):
                row.with_user(user).create({"lead_id": self.deal.id, "event": "won"})

    def test_taken_over_from_odoo(self):
        self.env.cr.flush()
        self.deal.stage_id = self.needs
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM field_stage_history")
        self.env.invalidate_all()
        self.env["field.stage.history"]._take_over_tracking()
        self.assertEqual(self._steps(self.deal)[-1:], [("forward", self.first, self.needs)])

    def test_weights_from_the_order(self):
        self.env["crm.stage"].search([]).field_weight = 0
        (self.env["crm.stage"].search([("is_won", "=", False)]) - self.stages).unlink()
        self.env["crm.stage"]._field_spread_weights()
        weights = (self.stages - self.signed).mapped("field_weight")
        self.assertEqual(weights, [20, 40, 60, 80])

    def test_who_sees_what(self):
        auditor = self._new_user("deal_auditor", AUDITOR)
        manager = self._new_user("deal_all", "sales_team.group_sale_salesman_all_leads")
        History = self.env["field.stage.history"]
        domain = [("lead_id", "=", self.deal.id)]
        for user, sees in (
            (self.rep, True),
            (self.rep2, False),
            (self.leader, True),
            (self.sibling, False),
            (manager, True),
            (auditor, True),
        ):
            rows = History.with_user(user)
            self.assertEqual(bool(rows.search(domain)), sees, user.login)
            groups = rows.formatted_read_group(domain, ["event"], ["__count"])
            self.assertEqual(bool(groups), sees)
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._new_user(
            "deal_stranger",
            "sales_team.group_sale_salesman_all_leads",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertFalse(History.with_user(stranger).search([("company_id", "=", self.company.id)]))
