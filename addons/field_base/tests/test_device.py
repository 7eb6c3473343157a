from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import FieldCase


@tagged("post_install", "-at_install")
class TestDevice(FieldCase):
    def authenticate(self, token):
        return self.env["field.device"]._authenticate(token)

    def test_token(self):
        token = self.device._issue_token()
        self.assertGreaterEqual(len(token), 43)  # 256 bits in base64
        self.assertEqual(self.authenticate(token), self.device)
        self.assertNotIn(token, str(self.device.read()))
        self.assertEqual(len(self.device.token_hash), 64)

    def test_new_token_ends_the_old_one(self):
        old, new = self.device._issue_token(), self.device._issue_token()
        self.assertFalse(self.authenticate(old))
        self.assertEqual(self.authenticate(new), self.device)

    def test_wrong_tokens(self):
        token = self.device._issue_token()
        for wrong in (None, "", "x", token + "x", token[:-1], 5, "é" * 43, "a" * 5000, "\0" * 43):
            with self.subTest(wrong=wrong):
                self.assertFalse(self.authenticate(wrong))

    def test_who_may_no_longer(self):
        token = self.device._issue_token()
        self.device.action_revoke()
        self.assertFalse(self.authenticate(token))
        self.assertEqual(self.device._tracking_refusal(), "revoked")

        token = self.device._issue_token()
        self.rep.active = False
        self.assertFalse(self.authenticate(token))
        self.assertEqual(self.device._tracking_refusal(), "user_archived")

        self.rep.active = True
        self.device.active = False
        self.assertFalse(self.authenticate(token))

        self.device.active = True
        self.assertEqual(self.authenticate(token), self.device)
        self.rep.write({"company_ids": [(4, self.other_company.id)]})
        self.rep.write({"company_id": self.other_company.id})
        self.rep.write({"company_ids": [(3, self.company.id)]})
        self.assertFalse(self.authenticate(token))

    def test_app_token_ends_after_90_days_without_contact(self):
        token = self.device._issue_token()
        long_ago = fields.Datetime.now() - timedelta(days=91)
        self.device.token_issued_at = long_ago
        self.assertFalse(self.authenticate(token))
        self.device.last_contact = fields.Datetime.now() - timedelta(days=89)
        self.assertEqual(self.authenticate(token), self.device)
        self.device.last_contact = long_ago
        self.assertFalse(self.authenticate(token))
        self.device.kind = "tracker"  # its address is typed into another app by hand
        self.assertEqual(self.authenticate(token), self.device)

    def test_authenticating_costs_the_same_whatever_is_asked(self):
        token = self.device._issue_token()
        self.env.flush_all()
        for value in (token, "x" * 43):
            self.env.invalidate_all()
            with self.assertQueryCount(1):
                self.authenticate(value)

    def test_tracking_refusal_follows_the_policy(self):
        tracker = self.make_device(self.rep, kind="tracker")
        policy = self.env["field.policy"]._get_for_users(self.rep)[self.rep.id]
        for level, app, background in (
            ("none", "policy", "policy"),
            ("check_in", "policy", "policy"),
            ("app", False, "policy"),
            ("continuous", False, False),
        ):
            with self.subTest(level=level):
                policy.tracking_level = level
                self.assertEqual(self.device._tracking_refusal(), app)
                self.assertEqual(tracker._tracking_refusal(), background)

    def test_token_dialog_shows_once_and_stores_nothing(self):
        tracker = self.make_device(self.rep, kind="tracker")
        action = tracker.with_user(self.rep).action_new_token()
        token = action["context"]["default_token"]
        self.assertEqual(self.authenticate(token), tracker)
        Wizard = self.env["field.device.token"].with_user(self.rep)
        form = Form(Wizard.with_context(**action["context"]))
        self.assertTrue(form.tracker_url.endswith(f"/field/track/{token}"))
        self.assertTrue(form.qr_code)
        stored = {name for name, field in Wizard._fields.items() if field.store}
        self.assertFalse(stored & {"token", "tracker_url", "device_name", "qr_code"})

    def test_who_may_make_and_end_tokens(self):
        def as_user(user):
            return self.device.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )

        for user in (self.rep, self.admin):
            self.assertTrue(as_user(user).action_new_token())
        # a token speaks for its owner: no leader gets one of his people
        for user in (self.leader, self.other_rep, self.sibling, self.auditor, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                as_user(user).action_new_token()
        for user in (self.other_rep, self.sibling, self.auditor, self.stranger, self.internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                as_user(user).action_revoke()
        as_user(self.leader).action_revoke()
        self.assertEqual(self.device.state, "revoked")
        self.assertFalse(self.device.token_hash)
