from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.field_funnel_month import PARAMETER
from .pipeline import PipelineCommon

JANUARY = {"date_from": "2026-01-01", "date_to": "2026-01-31"}


@tagged("post_install", "-at_install")
class TestFunnel(PipelineCommon):
    """Six deals of January: hand-computed below."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        reason = cls.env["crm.lost.reason"].create({"name": "Too expensive"})
        rival = cls.env["field.competitor"].create({"name": "Rival"})
        cls.reason, cls.rival = reason, rival
        deals = [cls._new_deal(f"Deal {n}") for n in range(6)]
        deals[0].stage_id = cls.signed
        deals[1].stage_id = cls.negotiation
        deals[2].stage_id = cls.quote
        deals[2].stage_id = cls.needs
        deals[2].write({"field_lost_competitor_id": rival.id})
        deals[2].action_set_lost(lost_reason_id=reason.id)
        deals[3].action_set_lost(lost_reason_id=reason.id)
        deals[4].user_id = cls.rep2
        cls.deals = deals
        cls.env.flush_all()
        ids = tuple(deal.id for deal in deals)
        cls.env.cr.execute(
            "UPDATE crm_lead SET field_entered_on = '2026-01-15' WHERE id IN %s", (ids,)
        )
        cls.env.cr.execute(
            "UPDATE field_stage_history SET entered_on = '2026-01-15' WHERE lead_id IN %s", (ids,)
        )
        for deal, days in ((deals[0], 2), (deals[1], 4), (deals[2], 9)):
            cls.env.cr.execute(
                "UPDATE field_stage_history SET days = %s WHERE lead_id = %s AND"
                " from_stage_id = %s",
                (days, deal.id, cls.first.id),
            )
        cls.env.invalidate_all()

    def _funnel(self, user=None, **filters):
        Funnel = self.env["field.funnel"].with_user(user or self.leader)
        return Funnel.get_funnel({**JANUARY, "team_id": self.team.id, **filters})

    def _steps_of(self, funnel):
        return {s["stage"]: s for s in funnel["steps"] if s["stage"] in self.stages.ids}

    def test_figures_against_the_hand(self):
        funnel = self._funnel()
        self.assertEqual([funnel[key] for key in ("total", "won", "lost", "open")], [6, 1, 2, 3])
        steps = self._steps_of(funnel)
        reached = [steps[stage.id]["reached"] for stage in self.stages]
        self.assertEqual(reached, [6, 3, 3, 2, 1])
        self.assertAlmostEqual(steps[self.first.id]["conversion"], 0.5)
        self.assertAlmostEqual(steps[self.quote.id]["conversion"], 2 / 3)
        self.assertEqual(steps[self.first.id]["standing"], 2)
        self.assertEqual(steps[self.first.id]["lost"], 1)
        self.assertEqual(steps[self.needs.id]["lost"], 1)
        self.assertEqual(funnel["won_amount"], 1000.0)

    def test_median_days(self):
        steps = self._steps_of(self._funnel())
        # stays in the first stage that ended: 2, 4, 9 and the lost deal's 0
        self.assertEqual(steps[self.first.id]["median_days"], 3.0)

    def test_losses_by_each_dimension(self):
        for loss_by, name in (
            ("reason", "Too expensive"),
            ("user", self.rep.name),
            ("stage", self.first.name),
        ):
            losses = self._funnel(loss_by=loss_by)["losses"]
            self.assertIn(name, [loss["name"] for loss in losses])
        losses = {x["name"]: x["count"] for x in self._funnel(loss_by="competitor")["losses"]}
        self.assertEqual(losses, {"Rival": 1, "Not stated": 1})
        losses = self._funnel(loss_by="product")["losses"]
        self.assertEqual((losses[0]["name"], losses[0]["share"]), ("Not stated", 1))

    def test_cohort_rows(self):
        (cohort,) = self._funnel()["cohorts"]
        self.assertEqual((cohort["month"], cohort["total"]), ("2026-01-01", 6))
        self.assertFalse(self._funnel(date_from="2026-02-01", date_to="2026-02-28")["total"])

    def test_each_sees_his_own(self):
        self.assertEqual(self._funnel(self.rep)["total"], 5)
        self.assertEqual(self._funnel(self.rep2)["total"], 1)
        self.assertEqual(self._funnel(self.sibling)["total"], 0)
        self.assertEqual(self._funnel(user_id=self.rep2.id)["total"], 1)
        names = [user["id"] for user in self._funnel(self.rep)["users"]]
        self.assertEqual(names, self.rep.ids)
        self.assertIsNone(self._steps_of(self._funnel(self.sibling))[self.first.id]["median_days"])
        portal = self._new_user("deal_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self._funnel(portal)

    def test_drill_down_opens_the_same_deals(self):
        funnel = self._funnel()
        filters = {**JANUARY, "team_id": self.team.id}
        Funnel = self.env["field.funnel"].with_user(self.leader)

        def opened(what, value=None, **extra):
            action = Funnel.get_drill_action({**filters, **extra}, what, value)
            Lead = self.env["crm.lead"].with_user(self.leader).with_context(action["context"])
            return Lead.search_count(action["domain"])

        steps = self._steps_of(funnel)
        for stage in self.stages:
            for what in ("reached", "standing", "lost"):
                self.assertEqual(opened(what, stage.id), steps[stage.id][what], (what, stage.name))
        self.assertEqual(opened("all"), 6)
        self.assertEqual(opened("won"), 1)
        self.assertEqual(opened("lost"), 2)
        self.assertEqual(opened("cohort", "2026-01-01"), 6)
        self.assertEqual(opened("loss", self.rival.id, loss_by="competitor"), 1)
        self.assertEqual(opened("loss", False, loss_by="competitor"), 1)

    def test_filters_that_are_none_are_refused(self):
        for bad in ({"loss_by": "password"}, {"date_from": "soon"}, {"team_id": "x"}):
            with self.assertRaises(UserError):
                self._funnel(**bad)

    def test_competitor_is_asked_for_with_the_reason(self):
        deal = self._new_deal("Lost")
        wizard = self.env["crm.lead.lost"].with_user(self.rep)
        wizard.create(
            {"lead_ids": deal.ids, "field_competitor_id": self.rival.id}
        ).action_lost_reason_apply()
        self.assertEqual(deal.field_lost_competitor_id, self.rival)
        self.assertEqual(deal.won_status, "lost")


@tagged("post_install", "-at_install")
class TestFunnelCounts(PipelineCommon):
    """Months that were counted before give what counting the deals gives, whatever happened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Too expensive"})
        cls.manager = cls.env.ref("base.user_admin")
        cls.deals = cls.env["crm.lead"].concat(*(cls._new_deal(f"Deal {n}") for n in range(9)))
        for n, deal in enumerate(cls.deals):
            deal.expected_revenue = 100 + n
            deal.stage_id = cls.stages[n % 5]
            deal.field_entered_on = f"2026-0{1 + n // 3}-1{n % 3}"
        cls.deals[7].action_set_lost(lost_reason_id=cls.reason.id)
        cls.env.flush_all()
        cls.Month = cls.env["field.funnel.month"]

    def _state(self, value):
        self.env["ir.config_parameter"].sudo().set_param("field_crm.funnel_counts", value)

    def _same(self, **filters):
        """The funnel with the counts is the funnel without."""
        filters = {"date_from": "2026-01-01", "date_to": "2026-05-20", **filters}
        Funnel = self.env["field.funnel"].with_user(self.manager)
        with_counts = Funnel.get_funnel(filters)
        self._state("off")
        self.assertEqual(with_counts, Funnel.get_funnel(filters))
        self._state("on")
        return with_counts

    def _count(self):
        with self.enter_registry_test_mode():
            self.env.ref("field_crm.ir_cron_funnel_count").method_direct_trigger()
        self.env.invalidate_all()

    def _marked(self):
        return {str(month) for month in self.env["field.funnel.mark"]._get_months()}

    def test_begins_by_itself_and_in_two_steps(self):
        self._count()
        self.assertEqual(self.env["ir.config_parameter"].sudo().get_param(PARAMETER), "off")
        with patch.object(type(self.Month), "_estimate_deals", return_value=200_000):
            self._count()
        self.assertFalse(self.Month.search_count([]), "first changes begin to be marked")
        self._count()
        self.assertGreater(self.Month.search_count([]), 0)
        self.assertEqual(self.env["ir.config_parameter"].sudo().get_param(PARAMETER), "on")

    def test_every_change_shows_at_once(self):
        self._state("armed")
        self._count()
        self.assertEqual(self._marked(), set())
        self._same()
        self.env.cr.execute("UPDATE field_funnel_month SET deals = deals + 1000")
        self.assertGreater(self._same_is_read(), 1000, "they are what is read")
        self.Month._count_all()
        for change, month in (
            (lambda: self.deals[0].write({"stage_id": self.quote.id}), "2026-01-01"),
            (lambda: self.deals[3].action_set_lost(lost_reason_id=self.reason.id), "2026-02-01"),
            (lambda: self.deals[6].write({"expected_revenue": 5000}), "2026-03-01"),
            (lambda: self.deals[1].write({"active": False, "probability": 0}), "2026-01-01"),
            (lambda: self.deals[4].unlink(), "2026-02-01"),
            (lambda: self._new_deal("New").write({"field_entered_on": "2026-03-05"}), "2026-03-01"),
            (lambda: self.deals[8].write({"field_entered_on": "2026-01-05"}), "2026-03-01"),
        ):
            change()
            self.env.flush_all()
            self.assertIn(month, self._marked())
            self._same()
            self._same(loss_by="stage", team_id=self.team.id)
            self._count()
            self.assertEqual(self._marked(), set())
            self._same()

    def _same_is_read(self):
        filters = {"date_from": "2026-01-01", "date_to": "2026-05-20"}
        return self.env["field.funnel"].with_user(self.manager).get_funnel(filters)["total"]

    def test_part_of_a_month_is_counted_from_the_deals(self):
        self._state("armed")
        self._count()
        found = self._same(date_from="2026-01-11", date_to="2026-02-11")
        self.assertGreaterEqual(found["total"], 4)

    def test_a_rep_sees_no_more_than_before(self):
        before = (
            self.env["field.funnel"].with_user(self.rep).get_funnel({"date_from": "2026-01-01"})
        )
        self._state("armed")
        self._count()
        after = self.env["field.funnel"].with_user(self.rep).get_funnel({"date_from": "2026-01-01"})
        self.assertEqual(before, after)
        with self.assertRaises(AccessError):
            self.Month.with_user(self.rep).search([])
