from freezegun import freeze_time

from odoo.tests import Form, tagged

from .common import AT_CUSTOMER, VisitCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestViews(VisitCase):
    def test_representative_plans_a_visit(self):
        with Form(self.env["field.visit"].with_user(self.rita)) as form:
            form.partner_id = self.lucky
        visit = form.record
        self.assertEqual(visit.user_id, self.rita)
        self.assertEqual(visit.sop_id, self.sop)
        self.assertEqual(visit.name, "Lucky 88 · 2026-11-23")
        self.assertAlmostEqual(visit.lat, self.lucky.partner_latitude, 6)

    def test_customer_is_fixed_after_the_check_in(self):
        visit = self._plan()
        visit.action_check_in(AT_CUSTOMER)
        with Form(visit) as form:
            form.note = "Call again"
            with self.assertRaises(AssertionError):
                form.partner_id = self.lucky
        self.assertEqual(visit.note, "Call again")

    def test_administrator_writes_a_procedure(self):
        with Form(self.env["field.sop"].with_user(self.dora)) as form:
            form.name = "Deep visit"
            with form.step_ids.new() as line:
                line.name = "Count the stock"
        self.assertEqual(form.record.step_count, 1)

    def test_filters_of_the_day(self):
        """The domains of the search view, as the web client evaluates them."""
        today = self._plan(plan_date="2026-11-23")
        tomorrow = self._plan(plan_date="2026-11-24")
        sunday = self._plan(plan_date="2026-11-22")
        self.env["res.lang"]._lang_get(self.rita.lang).week_start = "1"
        following = self._plan(plan_date="2026-11-30")
        forgotten = self._plan(partner=self.lucky, plan_date="2026-11-20")
        with freeze_time("2026-11-20 02:00:00"):
            forgotten.with_user(self.rita)._do_check_in(None)
        Visit = self.env["field.visit"].with_user(self.rita).with_context(tz="Asia/Shanghai")
        day = ["|", ("plan_date", "=", "today"), ("state", "=", "in_progress")]
        self.assertEqual(Visit.search(day), today | forgotten)
        week = [
            ("plan_date", ">=", "today =week_start"),
            ("plan_date", "<", "today =week_start +1w"),
        ]
        self.assertEqual(Visit.search(week), today | tomorrow)
        self.assertNotIn(sunday | following, Visit.search(week))

    def test_team_filter(self):
        mine, others = self._plan(), self._plan(user=self.olga)
        found = self.env["field.visit"].search([("user_id.field_leader_ids", "in", [self.lea.id])])
        self.assertIn(mine, found)
        self.assertNotIn(others, found)
