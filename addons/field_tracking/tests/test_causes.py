from dataclasses import replace
from datetime import timedelta

from odoo.tests import TransactionCase, tagged

from ..tools.parse import Contact
from .common import TrackCase


@tagged("post_install", "-at_install")
class TestGapCauses(TrackCase, TransactionCase):
    def gap(self):
        return self.Day.search([("user_id", "=", self.rep.id)]).gap_ids

    def test_a_sign_of_life_gives_the_gap_its_cause(self):
        self.store(self.workday_fixes())
        self.rebuild(self.rep)
        gap = self.gap()
        self.assertEqual((len(gap), gap.cause, gap.heartbeats), (1, "unknown", 0))
        inside = int((gap.start - self.now().min.replace(year=1970)).total_seconds()) + 300
        journal = self.env["field.device.journal"]
        for _n in range(2):
            journal._note(
                self.device, [Contact(inside, 0.5, False), Contact(inside, kind="hidden")]
            )
        self.assertEqual(len(journal.search([("user_id", "=", self.rep.id)])), 2, "once each")
        self.rebuild(self.rep)
        self.assertEqual((self.gap(), self.gap().cause, self.gap().heartbeats), (gap, "hidden", 2))

    def test_an_empty_battery(self):
        fixes = [replace(fix, battery=0.02) for fix in self.workday_fixes()]
        self.store(fixes)
        self.rebuild(self.rep)
        self.assertEqual(self.gap().cause, "battery")

    def test_a_changed_clock(self):
        self.store(self.workday_fixes())
        self.rebuild(self.rep)
        self.device.clock_set_at = self.gap().start + timedelta(minutes=5)
        self.gap().day_id._rebuild()
        self.assertEqual(self.gap().cause, "clock")


@tagged("post_install", "-at_install")
class TestPlanAgainstActual(TrackCase, TransactionCase):
    def test_the_day_against_the_plan(self):
        if "field.visit" not in self.env:
            self.skipTest("field_visit is not installed: see the journey tests for the real thing")
        self.store(self.workday_fixes())
        [day] = self.rebuild(self.rep)
        shops = self.env["res.partner"].create([{"name": f"Shop {n}"} for n in range(3)])
        visits = self.env["field.visit"].create(
            [
                {
                    "user_id": self.rep.id,
                    "partner_id": shop.id,
                    "plan_date": day.date,
                    "plan_time": n + 9,
                }
                for n, shop in enumerate(shops)
            ]
        )
        done = {"state": "done", "check_in_at": day.first_fix, "check_out_at": day.last_fix}
        visits[0]._with_evidence().write(done)
        visits[2]._with_evidence().write({**done, "is_unplanned": True})
        day._rebuild()
        self.assertEqual((day.plan_count, day.plan_done, day.plan_in_order), (2, 1, 1))
        self.assertEqual((day.plan_unplanned, day.plan_score), (1, 0.5))
