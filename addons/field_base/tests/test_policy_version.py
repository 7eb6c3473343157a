from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import FieldCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-20 04:00:00")
class TestPolicyVersion(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.default = cls.env["field.policy"].search([("company_id", "=", cls.company.id)])

    def policies(self, user=None):
        return self.as_user("field.policy", user or self.admin)

    def new_version(self, policy=None, **values):
        policy = self.policies().browse((policy or self.default).id)
        draft = self.policies().browse(policy.action_new_version()["res_id"])
        draft.write(values)
        return draft

    def of(self, user, day):
        return self.env["field.policy"]._get_for_users(user, day)[user.id]

    def test_a_draft_holds_for_nobody(self):
        draft = self.new_version(fence_radius=50)
        self.assertEqual((draft.state, draft.effective_from), ("draft", date(2026, 11, 21)))
        self.assertEqual(self.of(self.rep, date(2026, 12, 1)), self.default)
        draft.action_activate()
        self.assertEqual(draft.activated_by_id, self.admin)
        self.assertEqual(self.of(self.rep, date(2026, 11, 20)), self.default)
        self.assertEqual(self.of(self.rep, date(2026, 11, 21)).id, draft.id)

    def test_new_version_copies_every_rule(self):
        self.default.write({"pause_limit_min": 45, "working_time_lock": "both"})
        draft = self.new_version()
        self.assertEqual(draft._get_rules(), self.default._get_rules())
        self.assertFalse(draft.difference)

    def test_rules_in_force_stay_on_every_path(self):
        mine = self.policies().browse(self.default.id)
        for values in ({"fence_radius": 50}, {"state": "draft"}, {"effective_from": "2027-01-01"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                mine.write(values)
        with self.assertRaises(UserError):
            mine.action_back_to_draft()
        with self.assertRaises(UserError):
            mine.unlink()
        mine.name = "Another name"
        form = Form(mine)
        self.assertTrue(form.is_locked)

    def test_a_version_to_come_can_be_taken_back(self):
        draft = self.new_version(fence_radius=50)
        draft.action_activate()
        draft.write({"fence_radius": 60})
        draft.action_back_to_draft()
        self.assertEqual((draft.state, draft.activated_at), ("draft", False))
        with freeze_time("2026-11-23"), self.assertRaises(UserError):
            draft.action_activate()

    def test_two_drafts_for_the_same_day_but_one_switched_on(self):
        one, two = self.new_version(), self.new_version()
        one.action_activate()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            two.action_activate()
            two.flush_recordset()

    def test_difference_reads_well(self):
        draft = self.new_version(
            fence_mode="hard", day_end_hour=18.5, photo_camera_only=True, fence_radius=50
        )
        self.assertEqual(draft.previous_id, self.default)
        found = dict(
            (label, (old, new)) for label, old, new in draft._get_differences(self.default)
        )
        self.assertEqual(found["Fence Mode"], ("Warn and mark", "Refuse outside"))
        self.assertEqual(found["Day closes at"], ("22:00", "18:30"))
        self.assertEqual(found["Photos from the camera only"], ("No", "Yes"))
        self.assertEqual(found["Fence radius (m)"], ("300", "50"))
        self.assertEqual(len(found), 4)
        self.assertIn("Refuse outside", draft.difference)

    def test_difference_escapes_names(self):
        calendar = self.env["resource.calendar"].create({"name": "<b>late</b>"})
        draft = self.new_version(calendar_id=calendar.id)
        self.assertIn("&lt;b&gt;late", draft.difference)

    def test_first_version_for_a_person_is_compared_with_the_company(self):
        own = self.policies().create(
            {"name": "Own", "user_id": self.rep.id, "state": "draft", "fence_radius": 40}
        )
        self.assertEqual(own.previous_id, self.default)

    def test_snapshot_holds_the_rules_of_all_modules(self):
        snapshot = self.default._snapshot()
        self.assertLessEqual(
            {"tracking_level", "working_time_lock", "pause_limit_min", "calendar_id"}, set(snapshot)
        )
        self.assertFalse({"name", "state", "effective_from", "write_date"} & set(snapshot))

    def test_only_administrators_make_versions(self):
        for user in (self.rep, self.leader, self.auditor):
            mine = self.policies(user).browse(self.default.id)
            self.assertTrue(mine.read(["fence_radius", "difference"]))
            for method in ("action_new_version", "action_activate", "action_back_to_draft"):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(mine, method)()

    def test_several_days_at_once(self):
        draft = self.new_version(fence_radius=50)
        draft.action_activate()
        days = [date(2026, 11, 20), date(2026, 11, 21)]
        found = self.env["field.policy"]._get_for_days(self.rep | self.senior, days)
        self.assertEqual(found[self.rep.id, days[0]], self.default)
        self.assertEqual(found[self.senior.id, days[1]].id, draft.id)
