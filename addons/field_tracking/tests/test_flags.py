from dataclasses import replace
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import TrackCase
from odoo.addons.field_base.tools.errors import FieldRejected
from odoo.addons.field_tracking.tools.signals import DAY_RULES


class FlagCase(TrackCase):
    """Everybody works under a policy with all rules on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policy = cls.env["field.policy"].create(
            {"name": "Questions", "effective_from": "2020-02-03", "state": "draft"}
        )
        policy.action_add_flag_rules()
        policy.sudo().write({"state": "active"})
        cls.policy = policy

    def rule(self, code):
        return self.env.ref(f"field_tracking.field_flag_rule_{code}")

    def cheat(self, **values):
        """Yesterday's fixes with the same figures all day, as a mock app writes them."""
        values = {"accuracy": 5.0, "altitude": 10.0, **values}
        fixes = [replace(fix, **values) for fix in self.workday_fixes()]
        self.store(fixes)
        days = self.rebuild(self.rep)
        days._look_through()
        return days

    def flags(self, code=None):
        flags = self.env["field.flag"].search([("user_id", "=", self.rep.id)])
        return flags.filtered(lambda f: not code or f.rule_id.code == code)

    def honest_fixes(self):
        """Figures that flicker, as those of every receiver do."""
        return [
            replace(
                fix,
                accuracy=round(6 + (n * 7 % 11) / 2, 1),
                altitude=round(12 + (n * 5 % 13) / 3, 1),
                speed=fix.speed and round(fix.speed + (n % 5 - 2) / 4, 2),
            )
            for n, fix in enumerate(self.workday_fixes())
        ]

    def honest_day(self):
        self.store(self.honest_fixes())
        days = self.rebuild(self.rep)
        days._look_through()
        return days


@tagged("post_install", "-at_install")
class TestFlags(FlagCase, TransactionCase):
    def test_nothing_is_looked_for_until_a_rule_is_on(self):
        self.policy.sudo().flag_rule_ids.unlink()
        self.cheat(mock=True)
        self.assertFalse(self.flags())
        self.assertFalse(self.Day._days_to_look_through())

    def test_mock_app_is_asked_about_and_the_person_first(self):
        self.cheat()
        flag = self.flags("frozen")
        self.assertEqual((flag.state, flag.is_told), ("asked", False))
        self.assertEqual(flag.threshold, 10)
        self.assertGreater(flag.evidence["metres"], 1000)
        self.assertTrue(flag.with_user(self.rep).question.startswith("Between "))
        self.assertNotIn("%(", flag.question)
        self.assertEqual(flag.activity_ids.user_id, self.rep)
        self.assertFalse(self.env["field.flag"].with_user(self.leader).search([]))

    def test_supporting_rules_alone_ask_nobody(self):
        self.policy.sudo().flag_ask_weight = 9
        self.cheat()
        flag = self.flags("frozen")
        self.assertEqual(flag.state, "new")
        self.assertFalse(self.env["field.flag"].with_user(self.rep).search([]))

    def test_network_and_clock_support_a_question(self):
        line = self.policy.sudo().flag_rule_ids.filtered(lambda line: line.rule_id.code == "wifi")
        line.threshold = 2000
        fixes = [replace(fix, network="w") for fix in self.honest_fixes()]
        self.store(fixes)
        moments = [
            fields.Datetime.to_datetime("1970-01-01") + timedelta(seconds=f.ts) for f in fixes
        ]
        journal = self.env["field.device.journal"].sudo()
        for at in (moments[5], moments[-5]):
            journal.create(
                {
                    "device_id": self.device.id,
                    "user_id": self.rep.id,
                    "company_id": self.device.company_id.id,
                    "kind": "clock",
                    "at": at,
                    "received_at": at,
                }
            )
        self.rebuild(self.rep)._look_through()
        self.assertGreaterEqual(self.flags("wifi").evidence["km"], 2)
        self.assertEqual(self.flags("clock").evidence["count"], 2)
        self.assertEqual(set(self.flags().mapped("state")), {"new"}, "both together ask nobody")

    def test_leader_hears_after_the_policys_hours(self):
        self.cheat()
        self.env["field.flag"]._cron_tell()
        self.assertFalse(self.flags("frozen").is_told)
        with freeze_time(fields.Datetime.now() + timedelta(hours=2, minutes=1)):
            self.env["field.flag"]._cron_tell()
        flag = self.flags("frozen")
        self.assertTrue(flag.with_user(self.leader).has_access("read"))
        self.assertIn(self.leader, flag.activity_ids.user_id)
        self.assertFalse(flag.with_user(self.neighbour).has_access("read"))

    def test_answer_tells_the_leader_at_once_and_he_decides(self):
        self.cheat()
        flag = self.flags("frozen")
        answer = (
            self.env["field.flag.reply"]
            .with_user(self.rep)
            .create({"kind": "answer", "flag_ids": flag.ids, "text": "My phone was being repaired"})
        )
        answer.action_reply()
        self.assertEqual((flag.state, flag.is_told), ("explained", True))
        self.assertEqual(flag.activity_ids.user_id, self.leader)
        verdict = (
            self.env["field.flag.reply"]
            .with_user(self.leader)
            .create({"kind": "false_alarm", "flag_ids": flag.ids, "text": "I saw the phone"})
        )
        verdict.action_reply()
        self.assertEqual((flag.state, flag.decided_by_id), ("false_alarm", self.leader))
        self.assertFalse(flag.activity_ids)
        with self.assertRaises(FieldRejected):
            flag.with_user(self.rep)._do_explain("Too late")

    def test_only_the_person_answers_and_never_decides(self):
        self.cheat()
        flag = self.flags("frozen")
        for user in (self.leader, self.stranger):
            with self.assertRaises(AccessError):
                flag.with_user(user).action_answer()
        with self.assertRaises(AccessError):
            flag.with_user(self.rep).action_false_alarm()
        flag.sudo().is_told = True
        with self.assertRaises(AccessError):
            flag.with_user(self.neighbour)._do_decide("confirmed")
        own = flag.copy({"user_id": self.leader.id, "is_told": True})
        with self.assertRaises(AccessError):
            own.with_user(self.leader)._do_decide("false_alarm")

    def test_empty_answer_is_refused_and_settled_is_settled(self):
        self.cheat()
        flag = self.flags("frozen")
        with self.assertRaises(FieldRejected):
            flag.with_user(self.rep)._do_explain("   ")
        flag.with_user(self.boss)._do_decide("confirmed")
        with self.assertRaises(UserError):
            flag.with_user(self.boss)._do_decide("false_alarm")

    def test_late_positions_bring_a_question_up_to_date(self):
        days = self.cheat()
        before = self.flags("frozen")
        days._look_through()
        self.assertEqual(self.flags("frozen"), before)
        self.assertEqual(before.state, "asked")

    def test_noted_question_goes_with_its_cause(self):
        self.policy.sudo().flag_ask_weight = 30
        days = self.cheat()
        self.assertTrue(self.flags("frozen"))
        days._sync_flags({})
        self.assertFalse(self.flags())

    def test_rule_that_cries_wolf_says_so(self):
        rule = self.rule("frozen")
        self.assertFalse(rule._describe_record_so_far())
        self.cheat()
        flag = self.flags("frozen")
        flag._do_decide("false_alarm")
        for n in range(1, 5):
            flag.copy({"date": flag.date - timedelta(days=n), "state": "false_alarm"})
        rule.invalidate_recordset()
        self.assertTrue(rule.cries_wolf)
        self.assertEqual(rule.false_count, 5)
        self.assertIn("cries wolf", rule._describe_record_so_far())
        for n in range(5, 8):
            flag.copy({"date": flag.date - timedelta(days=n), "state": "confirmed"})
        rule.invalidate_recordset()
        self.assertFalse(rule.cries_wolf)
        self.assertAlmostEqual(rule.hit_rate, 3 / 8, delta=0.006)

    def test_replayed_day(self):
        self.honest_day()
        today = [replace(f, ts=f.ts + 86400) for f in self.honest_fixes()]
        self.store(today)
        self.rebuild(self.rep)._look_through()
        flag = self.flags("replay")
        self.assertEqual(flag.state, "asked")
        self.assertIn(flag.evidence["other_date"], flag.question)

    def test_clock_set_back(self):
        fixes = self.honest_fixes()
        held = fixes[100:130]
        first = fixes[:100] + fixes[130:]
        for fix in first:
            moment = fields.Datetime.to_datetime("1970-01-01") + timedelta(seconds=fix.ts + 2)
            with freeze_time(moment):
                self.store([fix])
        self.store(held)
        self.rebuild(self.rep)._look_through()
        self.assertEqual(self.flags("backdated").state, "asked")

    def test_honest_day_is_not_asked_about(self):
        self.honest_day()
        self.assertFalse(self.flags())

    def test_trial_run_tells_before_anything_is_switched_on(self):
        draft = self.policy.copy({"state": "draft", "effective_from": fields.Date.today()})
        self.assertEqual(len(draft.flag_rule_ids), len(self.policy.flag_rule_ids))
        self.policy.sudo().flag_rule_ids.unlink()
        self.cheat()
        self.assertFalse(self.flags())
        today = fields.Date.today()
        trial = draft.with_user(self.boss)._trial_flags(
            self.rep | self.stranger, today - timedelta(days=5), today
        )
        self.assertIn(self.rule("frozen").name, [hit.note for hit in trial])
        self.assertEqual({hit.record.user_id.id for hit in trial}, {self.rep.id})
        self.assertFalse(self.flags(), "a trial run asks nobody")
        nobody = draft.with_user(self.neighbour)._trial_flags(
            self.rep, today - timedelta(days=5), today
        )
        self.assertFalse(nobody)

    def test_rules_of_a_policy_in_force_stay(self):
        line = self.policy.flag_rule_ids[:1].with_user(self.boss)
        for change in (
            lambda: line.write({"threshold": 99}),
            lambda: line.unlink(),
            lambda: self.policy.with_user(self.boss).write({"flag_rule_ids": [(5, 0, 0)]}),
        ):
            with self.assertRaises(UserError):
                change()
        self.assertIn(
            ["frozen", 10.0], self.policy._snapshot()["flag_rule_ids"], "kept with each day"
        )

    def test_consent_tells_of_the_rules_and_asks_anew(self):
        bare = self.policy.copy({"state": "draft", "flag_rule_ids": [(5, 0, 0)]})
        self.assertNotEqual(bare._get_consent_version(), self.policy._get_consent_version())
        self.assertEqual(len(self.policy._consent_what()), len(bare._consent_what()) + 1)

    def test_who_reads_a_question_is_noted(self):
        self.cheat()
        flag = self.flags("frozen")
        flag.is_told = True
        self.env.flush_all()
        self.env.invalidate_all()
        flag.with_user(self.leader).read(["question", "evidence"])
        looks = self.env["field.access.log"].search(
            [("user_id", "=", self.rep.id), ("viewer_id", "=", self.leader.id)]
        )
        self.assertIn("field.flag", looks.mapped("res_model"))

    def test_every_rule_has_a_detector_and_reads_well(self):
        rules = self.env["field.flag.rule"].search([])
        self.assertEqual(set(rules.mapped("code")), {*DAY_RULES, "replay", "clock"})
        self.assertEqual(len(rules), len(set(rules.mapped("question"))))
