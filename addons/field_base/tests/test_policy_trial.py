from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from .common import FieldCase


def at(day, hour, minute=0):
    """Wall clock in Shanghai in November 2026 as naive UTC."""
    return datetime(2026, 11, day, hour, minute) - timedelta(hours=8)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 04:00:00")
class TestPolicyTrial(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.default = cls.env["field.policy"].search([("company_id", "=", cls.company.id)])
        cls.calendar = cls.company.resource_calendar_id
        cls.calendar.write({"flexible_hours": False, "two_weeks_calendar": False})
        cls.calendar.attendance_ids.unlink()
        cls.calendar.attendance_ids = [
            (0, 0, {"name": "x", "dayofweek": str(n), "hour_from": 9, "hour_to": 17})
            for n in range(5)
        ]
        cls.default.calendar_id = cls.calendar

    def day(self, day, start=9, end=18, user=None, pause=0):
        user = user or self.rep
        row = self.as_user("field.workday", user)._do_open(user, at(day, start))
        if pause:
            row._do_pause(at(day, 12))
            row._do_resume(at(day, 12) + timedelta(minutes=pause))
        if end:
            row._do_close(at(day, end))
        else:
            row.sudo()._auto_close_due()
        return row

    def trial(self, user=None, **rules):
        draft = self.default.copy({"state": "draft", "effective_from": date(2026, 12, 1), **rules})
        trial = self.as_user("field.policy.trial", user or self.admin)
        trial = trial.create({"policy_id": draft.id})
        trial.action_run()
        return trial

    def hits(self, trial, check):
        lines = trial.line_ids.filtered(lambda line: line.check_name == check)
        return self.env["field.workday"].browse(sorted(lines.mapped("res_id")))

    def test_late_ends(self):
        early, late = self.day(18, end=17), self.day(19, end=21)
        trial = self.trial(day_end_hour=20)
        found = self.hits(trial, "Days that end after the closing hour")
        self.assertEqual(found & (early | late), late)
        line = trial.line_ids.filtered(lambda line: line.res_id == late.id)[:1]
        self.assertEqual(line.note, "Would have closed itself at 20:00.")
        self.assertEqual(line.action_open()["res_id"], late.id)

    def test_forgotten_ends(self):
        day = self.day(19, end=None)
        self.assertIn(day, self.hits(self.trial(day_end_hour=20), "Days nobody ended"))
        self.assertNotIn(day, self.hits(self.trial(), "Days nobody ended"))

    def test_late_starts(self):
        day = self.day(19, start=10)
        title = "Days that begin late"
        self.assertNotIn(day, self.hits(self.trial(), title))  # late under today's rules too
        lenient = self.day(18)
        lenient.sudo().open_at += timedelta(minutes=5)
        self.assertIn(lenient, self.hits(self.trial(grace_start_min=0), title))

    def test_pauses(self):
        day = self.day(19, pause=90)
        title = "Pauses over the limit"
        self.assertIn(day, self.hits(self.trial(pause_limit_min=60), title))
        self.assertNotIn(day, self.hits(self.trial(pause_limit_min=120), title))
        self.assertNotIn(day, self.hits(self.trial(), title))

    def test_days_off(self):
        sunday = self.day(15)
        title = "Days on which no position would be kept"
        self.assertIn(sunday, self.hits(self.trial(working_time_lock="both"), title))
        self.assertNotIn(sunday, self.hits(self.trial(), title))

    def test_how_far_back(self):
        day = self.day(2, end=21)
        trial = self.trial(day_end_hour=20)
        self.assertIn(day, self.hits(trial, "Days that end after the closing hour"))
        with Form(trial) as form:
            form.days = 10
        trial.action_run()
        self.assertNotIn(day, self.hits(trial, "Days that end after the closing hour"))

    def test_a_leader_sees_his_people(self):
        mine, other = self.day(19, end=21), self.day(19, end=21, user=self.other_rep)
        title = "Days that end after the closing hour"
        found = self.hits(self.trial(self.leader, day_end_hour=20), title)
        self.assertEqual(found & (mine | other), mine)
        found = self.hits(self.trial(self.director, day_end_hour=20), title)
        self.assertEqual(found & (mine | other), mine | other)
        for user in (self.rep, self.auditor, self.internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.trial(user)
        trial = self.trial(self.leader)
        with self.assertRaises(AccessError):
            trial.with_user(self.sibling).read(["summary"])

    def test_only_people_it_would_hold_for(self):
        day = self.day(19, end=21)
        trial = self.trial(day_end_hour=20, user_id=self.senior.id)
        self.assertFalse(self.hits(trial, "Days that end after the closing hour") & day)
        self.assertEqual(trial.people_count, 1)

    def test_nothing_changes(self):
        day = self.day(19, end=21)
        self.env.invalidate_all()
        before = day.read()
        self.trial(day_end_hour=20)
        self.env.invalidate_all()
        self.assertEqual(day.read(), before)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 04:00:00")
class TestPolicyProfile(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.default = cls.env["field.policy"].search([("company_id", "=", cls.company.id)])
        cls.eu = cls.env.ref("field_base.field_policy_profile_eu_sales")

    def apply(self, **values):
        form = Form(self.as_user("field.policy.profile.apply", self.admin))
        form.profile_id = self.eu
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_every_profile_makes_a_valid_policy(self):
        names = self.env["field.policy"]._get_rule_names()
        for number, profile in enumerate(self.env["field.policy.profile"].search([])):
            with self.subTest(profile=profile.code):
                policy = self.env["field.policy"].create(
                    {
                        "name": "x",
                        "effective_from": date(2027, 1, 1 + number),
                        **profile._get_values(),
                    }
                )
                self.env.flush_all()
                for name, value in profile._get_values().items():
                    self.assertIn(name, names)
                    self.assertEqual(policy[name], value)
                self.assertTrue(profile.rules_table)

    def test_preview_then_draft(self):
        wizard = self.apply()
        self.assertEqual(wizard.base_id, self.default)
        self.assertIn("At check-in only", wizard.preview)
        self.default.fence_radius = 123
        draft = self.as_user("field.policy", self.admin).browse(wizard.action_apply()["res_id"])
        self.assertEqual((draft.state, draft.tracking_level), ("draft", "check_in"))
        self.assertEqual(draft.profile_id, self.eu)
        self.assertEqual(draft.fence_radius, 123)  # what the profile does not name stays
        self.assertEqual(self.default.tracking_level, "continuous")
        again = self.apply().action_apply()["res_id"]
        self.assertNotEqual(again, draft.id)  # twice gives two drafts, nothing is overwritten

    def test_for_a_department(self):
        sales = self.env["hr.department"].create({"name": "Sales"})
        draft = self.env["field.policy"].browse(
            self.apply(department_id=sales).action_apply()["res_id"]
        )
        self.assertEqual((draft.department_id, draft.scope), (sales, "department"))

    def test_unknown_rules_are_left_out(self):
        profile = self.eu.copy({"code": "x", "rules": {"no_such_rule": 1, "fence_radius": 60}})
        self.assertEqual(profile._get_values(), {"fence_radius": 60})

    def test_the_name_in_every_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.eu.with_context(lang="zh_CN").name = "欧盟"
        draft = self.env["field.policy"].browse(self.apply().action_apply()["res_id"])
        self.assertEqual(draft.with_context(lang="zh_CN").name, "欧盟")

    def test_only_administrators(self):
        for user in (self.rep, self.leader, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.as_user("field.policy.profile.apply", user).create({"profile_id": self.eu.id})
