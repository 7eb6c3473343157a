"""Two cards of one customer, each with a life of its own: rules, lines, work, pictures, visits."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import PIN, VisitCase
from odoo.addons.field_base.tests.test_pins import DOOR, WRONG_PIN, samples_at
from odoo.addons.field_base.tools.pins import propose


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestCustomerMerge(VisitCase):
    """A Monday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["field.frequency.rule"].search([]).active = False
        cls.twin = cls.env["res.partner"].create({"name": "golden dragon"})
        cls.both = cls.dragon | cls.twin
        cls.both.user_id = cls.rita

    def _merge(self):
        """The way of Odoo's own wizard; a leader's decision goes the same."""
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(self.both.ids, self.dragon)
        self.assertFalse(self.twin.exists())
        self.env.invalidate_all()

    def _end(self, visits):
        at = {"check_in_at": "2026-11-20 02:00:00", "check_out_at": "2026-11-20 03:00:00"}
        visits._with_evidence().write({"state": "done", **at})

    def _rule(self, **vals):
        domain = repr([("id", "in", self.both.ids)])
        values = {"name": "Weekly", "domain": domain, "times": 1, "period": "week"}
        return self.env["field.frequency.rule"].create({**values, "days_ahead": 7, **vals})

    def test_both_cards_under_one_frequency(self):
        rule = self._rule()
        rule._do_generate()
        visits = self.env["field.visit"].search([("rule_id", "=", rule.id)])
        self.assertEqual(len(visits), len(set(visits.mapped("rule_period"))) * 2)
        self._merge()
        self.assertEqual(visits.partner_id, self.dragon)
        self.assertEqual(set(visits.mapped("rule_number")), {0, 1})
        rule._do_generate()
        left = visits.exists()
        self.assertEqual(len(left), len(set(left.mapped("rule_period"))), "too much is taken back")
        self.assertEqual(rule._do_generate(), (0, 0))

    def test_done_visits_of_one_week_are_both_kept(self):
        rule = self._rule()
        rule._do_generate()
        visits = self.env["field.visit"].search([("rule_id", "=", rule.id)], order="plan_date")
        first = visits.filtered(lambda v: v.rule_period == visits[0].rule_period)
        self.assertEqual(first.partner_id, self.both)
        self._end(first)
        self._merge()
        rule._do_generate()
        self.assertEqual((first.exists(), first.partner_id), (first, self.dragon))

    def test_leader_merges_under_a_frequency(self):
        self._rule()._do_generate()
        Pair = self.env["field.customer.duplicate"]
        Pair._find()
        pair = Pair.search([("partner_id", "=", self.twin.id)])
        pair.with_user(self.lea).action_merge()
        self.assertFalse(self.twin.exists())
        self.assertEqual(pair.state, "merged")

    def test_both_cards_on_one_line(self):
        lines = self.env["field.line"].create(
            [
                {
                    "name": name,
                    "user_id": self.rita.id,
                    "date_from": "2026-11-23",
                    day: True,
                    "stop_ids": [(0, 0, {"partner_id": one.id}) for one in partners],
                }
                for name, day, partners in (
                    ("Both", "on_mon", self.both),
                    ("Twin's", "on_tue", self.twin),
                )
            ]
        )
        lines[0]._do_generate()
        visits = self.env["field.visit"].search([("line_id", "=", lines[0].id)])
        touched = visits.filtered(lambda v: v.partner_id == self.twin)[:1]
        touched.note = "Bring the key"
        days = set(visits.mapped("line_day"))
        self._merge()
        left = visits.exists()
        self.assertEqual((touched.exists(), touched.line_day), (touched, False))
        self.assertEqual(sorted((left - touched).mapped("line_day")), sorted(days))
        self.assertEqual(lines.stop_ids.partner_id, self.dragon)
        self.assertEqual([len(line.stop_ids) for line in lines], [1, 1])

    def test_one_work_for_both_cards(self):
        task = self.env["field.task"].create(
            {
                "name": "Put up the poster",
                "date_from": "2026-11-23",
                "deadline": "2026-11-27",
                "partner_ids": [(6, 0, self.both.ids)],
            }
        )
        task.action_give_out()
        work = task.work_ids.filtered(lambda w: w.partner_id == self.twin)
        self.assertEqual(len(task.work_ids), 2)
        self._end(work.visit_id)
        self.assertEqual(work.state, "done")
        self._merge()
        self.assertEqual((task.work_ids, work.partner_id), (work, self.dragon))

    def test_one_reference_and_one_open_pin(self):
        for partner in self.both:
            visit = self._plan(partner=partner).sudo()
            step = {"visit_id": visit.id, "name": "Shelf", "kind": "photo", "key": "shelf"}
            values = {
                "step_id": self.env["field.visit.step"].create(step).id,
                "blob_uuid": f"merge-{partner.id}",
                "source": "app",
            }
            values |= {"is_reference": True, "reference_key": "shelf"}
            self.env["field.visit.photo"].create(values)
            found = propose(samples_at(DOOR), WRONG_PIN)
            self.env["field.pin.proposal"]._propose(partner, found)
        self._merge()
        photos = self.env["field.visit.photo"].search([("partner_id", "=", self.dragon.id)])
        self.assertEqual(sorted(photos.mapped("is_reference")), [False, True])
        pins = self.env["field.pin.proposal"].search([("partner_id", "=", self.dragon.id)])
        self.assertEqual(sorted(pins.mapped("state")), ["open", "superseded"])

    def test_figures_of_the_card_that_stays(self):
        self.env.company.field_visits_counted = "all"
        visit = self._plan(partner=self.twin, plan_date="2026-11-20").sudo()
        self._end(visit)
        self.env.flush_all()
        self.assertEqual(self.twin.field_last_visit_date, date(2026, 11, 20))
        self.assertFalse(self.dragon.field_last_visit_date)
        self._merge()
        self.assertEqual(self.dragon.field_last_visit_date, date(2026, 11, 20))
        self.assertTrue(visit.name.startswith(self.dragon.name), visit.name)
        self.assertAlmostEqual(visit.lat, PIN[0], 5)

    def test_each_company_has_its_list(self):
        other = self.env["res.company"].create({"name": "Other company of the merge"})
        Pair = self.env["field.customer.duplicate"]
        for company in (self.env.company, other, other):
            Pair.with_company(company)._find()
        pairs = Pair.search([("partner_id", "=", self.twin.id)])
        self.assertEqual(pairs.company_id, self.env.company | other)
        self.assertEqual(len(pairs), 2)
        own = pairs.filtered(lambda pair: pair.company_id == self.env.company)
        own.with_user(self.lea).action_merge()
        self.assertEqual(pairs.exists(), own, "what the other had to look at is settled")
