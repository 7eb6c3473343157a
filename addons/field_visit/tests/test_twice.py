"""The same customer visited twice within a few days: the board, the frequencies and the check-in
say so, by the days of the policy. And why a visit was missed, told on the phone."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import AT_CUSTOMER, VisitCase
from .test_sync import SyncCommon

MONDAY, TUESDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 03:00:00")
class TestTwice(SyncCommon, VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_phone()
        cls.near = cls._plan(user=cls.olga, plan_date=TUESDAY)

    def _one(self, payload):
        event = self._event("visit.missed_reason", payload)
        return self.env["field.event"]._sync(self.device, [event])["results"][0]

    def _card(self, visit):
        board = self.env["field.visit"].with_user(self.lea).get_plan_board()
        return next(card for card in board["visits"] if card["id"] == visit.id)

    # ---------------------------------------------------------------- board

    def test_nothing_is_said_until_the_policy_says_how_many_days(self):
        visit = self._plan(plan_date=MONDAY)
        self.assertEqual(visit.action_move("2026-11-25"), [])
        self.assertEqual(self._card(visit)["warning"], "")
        self.assertFalse(visit.get_check_in_preview(AT_CUSTOMER)["near"])

    def test_the_board_tells_of_visits_of_other_teams(self):
        self._policy(duplicate_days=3)
        visit = self._plan(plan_date=MONDAY)
        self.assertFalse(self.near.with_user(self.lea).has_access("read"))
        said = visit.with_user(self.lea).action_move("2026-11-25")
        self.assertEqual(said, ["Golden Dragon is visited on 11/24/2026 too, by Olga."])
        self.assertEqual(self._card(visit)["warning"], said[0])
        self.assertEqual(visit.action_move("2026-11-30"), [], "six days after")
        self.near.sudo().action_cancel("Closed")
        self.assertEqual(visit.action_move("2026-11-25"), [], "called off")

    def test_visits_of_another_customer_or_company_are_no_matter(self):
        self._policy(duplicate_days=3)
        self.assertEqual(self._plan(partner=self.lucky)._get_near_visits(), {})
        visit = self._plan(plan_date=MONDAY)
        self.assertEqual(visit._get_near_visits(), {visit.id: self.near.sudo()})
        self.env.flush_all()
        other = self.env["res.company"].create({"name": "Other"})
        self.env.cr.execute(
            "UPDATE field_visit SET company_id = %s WHERE id = %s", [other.id, self.near.id]
        )
        self.env.invalidate_all()
        self.assertEqual(visit._get_near_visits(), {})

    def test_one_query_however_many_visits(self):
        self._policy(duplicate_days=3)
        visits = self._plan(plan_date=MONDAY)
        for day in range(1, 9):
            visits |= self._plan(plan_date=date(2026, 12, day))
        visits._get_near_visits()
        self.env.flush_all()
        counts = []
        for some in (visits[:2], visits):
            before = self.env.cr.sql_log_count
            some._get_near_visits()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # ---------------------------------------------------------------- check-in

    def test_check_in_asks_when_somebody_was_there_before(self):
        self._policy(duplicate_days=3)
        visit = self._plan(plan_date=MONDAY)
        ahead = visit.get_check_in_preview(AT_CUSTOMER)["near"]
        self.assertFalse(ahead, "planned is not visited")
        done = self._plan(user=self.ravi, plan_date=MONDAY)
        done.action_check_in(AT_CUSTOMER)
        said = visit.get_check_in_preview(AT_CUSTOMER)["near"]
        self.assertEqual(said, "Golden Dragon is visited on 11/23/2026 too, by Ravi.")
        visit.action_check_in(AT_CUSTOMER)
        self.assertEqual(visit.state, "in_progress", "nobody is kept from it")

    def test_the_phone_knows_who_was_there_last(self):
        def row():
            App = self.env["field.app"].with_user(self.rita)
            return App._customers(self.dragon.with_user(self.rita))[0]

        self.assertEqual((row()["last_visit"], row()["last_by"]), (None, None))
        done = self._plan(user=self.olga, plan_date=MONDAY)
        done.action_check_in(AT_CUSTOMER)
        with freeze_time("2026-11-23 04:00:00"):
            done.action_check_out(AT_CUSTOMER)
        self.assertEqual((row()["last_visit"], row()["last_by"]), ("2026-11-23", "Olga"))
        own = self.env["field.app"].with_user(self.olga)
        self.assertIsNone(own._customers(self.dragon.with_user(self.olga))[0]["last_by"])
        self.assertEqual(
            self.env["field.app"]
            .with_user(self.rita)
            ._me_values(self.rita)["policy"]
            .get("duplicate_days"),
            0,
        )

    # ---------------------------------------------------------------- frequencies

    def test_frequencies_keep_apart_and_the_gap_says_why(self):
        (self.env["field.frequency.rule"].search([])).active = False
        self.dragon.user_id = self.rita
        rule = self.env["field.frequency.rule"].create(
            {
                "name": "Twice a week",
                "domain": repr([("id", "=", self.dragon.id)]),
                "times": 2,
                "period": "week",
                "days_ahead": 5,
            }
        )

        def days():
            return [
                v.plan_date for v in self.env["field.visit"].search([("rule_id", "=", rule.id)])
            ]

        rule._do_generate()
        self.assertEqual(len(days()), 1, "Olga's visit counts as one of the two")
        rule.active = False
        rule._do_generate()
        rule.active = True
        self._policy(duplicate_days=2)
        rule._do_generate()
        self.assertEqual(days(), [FRIDAY], "the only day far enough from Tuesday")
        self.assertFalse(self.env["field.plan.gap"].search([("rule_id", "=", rule.id)]))
        self.env["field.visit"].search([("rule_id", "=", rule.id)]).unlink()
        self._policy(duplicate_days=6)
        rule._do_generate()
        self.assertEqual(days(), [])
        gap = self.env["field.plan.gap"].search([("rule_id", "=", rule.id)])
        self.assertEqual((gap.user_id, gap.visits_missing, gap.near_missing), (self.rita, 1, 1))

    # ---------------------------------------------------------------- missed

    def test_the_phone_tells_why_a_visit_was_missed(self):
        visit = self._plan(plan_date=date(2026, 11, 20))
        reason = self.env["field.visit.reason"].create({"name": "No time", "usage": "missed"})
        told = {"visit_id": visit.id, "reason_id": reason.id}
        self.assertEqual(self._one(told)["code"], "wrong_state", "it is still planned")
        visit.sudo()._do_miss()
        self.assertEqual(self._one({"visit_id": visit.id})["code"], "reason_required")
        self.assertEqual(self._one({**told, "visit_id": self.near.id})["code"], "not_found")
        self.assertEqual(self._one(told)["state"], "applied")
        self.assertEqual((visit.state, visit.reason_id), ("missed", reason))
        count = len(visit.message_ids)
        self.assertEqual(self._one(told)["state"], "applied", "again is nothing")
        self.assertEqual(len(visit.message_ids), count)
        row = self.env["field.app"].with_user(self.rita)._visits(visit)[0]
        self.assertEqual(row["reason_id"], reason.id)
