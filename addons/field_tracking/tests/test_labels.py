from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from .common import TrackCase


@tagged("post_install", "-at_install")
class TestLabels(TrackCase, TransactionCase):
    def setUp(self):
        super().setUp()
        self.fixes = self.workday_fixes()
        self.store(self.fixes)
        [self.day] = self.rebuild(self.rep)
        self.policies = self.env["field.policy"].search([])

    def label(self, kind="lunch", user=None, start=None, minutes=30):
        start = start or self.day.first_fix
        return (
            self.env["field.track.label"]
            .with_user(user or self.rep)
            .create(
                {
                    "day_id": self.day.id,
                    "kind": kind,
                    "start": start,
                    "end": start + timedelta(minutes=minutes),
                }
            )
        )

    def positions(self):
        return self.Position.search_count([("device_id", "=", self.device.id)])

    def test_the_person_labels_and_changes_it(self):
        action = self.day.with_user(self.rep).action_label()
        Label = self.env["field.track.label"].with_user(self.rep).with_context(action["context"])
        with Form(Label) as form:
            form.kind, form.note = "petrol", "A4"
        label = form.record.with_user(self.rep)
        label.kind = "lunch"
        self.assertEqual(self.day.label_ids.kind, "lunch")
        self.assertEqual(self.positions(), len(self.fixes), "only a private part costs positions")
        label.unlink()

    def test_only_the_person_and_the_leader_reads(self):
        label = self.label()
        self.assertEqual(label.with_user(self.leader).kind, "lunch")
        for user in (self.leader, self.boss, self.stranger, self.auditor, self.nobody):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.label(user=user)
                with self.assertRaises(AccessError):
                    label.with_user(user).write({"kind": "other"})
                with self.assertRaises(AccessError):
                    label.with_user(user).unlink()
        for user in (self.stranger, self.neighbour, self.nobody):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                label.with_user(user).read(["kind"])

    def test_until_the_day_is_closed(self):
        label = self.label()
        self.policies.sudo().label_days = 0
        with self.assertRaises(UserError):
            self.label()
        with self.assertRaises(UserError):
            label.kind = "other"
        with self.assertRaises(UserError):
            label.unlink()

    def test_within_the_day(self):
        with self.assertRaises(ValidationError):
            self.label(minutes=-5)
        with self.assertRaises(ValidationError):
            self.label(start=self.day._bounds()[1] - timedelta(minutes=5))

    def test_a_private_part_needs_the_policy(self):
        with self.assertRaises(UserError):
            self.label("private")
        label = self.label()
        with self.assertRaises(UserError):
            label.kind = "private"
        self.assertEqual(self.positions(), len(self.fixes))

    def test_a_private_part_is_erased_before_anybody_sees_it(self):
        self.policies.sudo().private_parts = True
        stay = self.day.stay_ids.sorted("start")[1]
        start = stay.start - timedelta(minutes=5)
        label = self.label("private", start=start, minutes=stay.minutes + 10)
        gone = len(self.fixes) - self.positions()
        self.assertGreater(gone, 60)
        self.assertEqual(label.erased_count, gone)
        self.assertFalse(stay.exists())
        self.assertEqual(self.day.gap_ids.mapped("cause"), ["private"])
        track = self.day.with_user(self.leader).get_playback()["track"]
        seen = sum(len(piece["t"]) for piece in track)
        self.assertLessEqual(seen, self.positions())
        with self.assertRaises(UserError):
            label.unlink()
        with self.assertRaises(UserError):
            label.start += timedelta(minutes=5)

    def test_what_comes_late_into_a_private_part_goes_too(self):
        self.policies.sudo().private_parts = True
        label = self.label("private")
        left = self.positions()
        self.store(self.fixes)
        self.rebuild(self.rep)
        self.assertEqual(self.positions(), left)
        self.assertEqual(label.erased_count, 2 * (len(self.fixes) - left))

    def test_the_last_position_goes_with_it(self):
        self.policies.sudo().private_parts = True
        self.label("private", start=self.day.last_fix - timedelta(minutes=10))
        last = self.env["field.position.last"].search([("user_id", "=", self.rep.id)])
        self.assertFalse(last)
